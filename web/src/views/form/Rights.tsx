//! The rights of a role: a table of records and reports by verbs, moved through by arrows and changed by the space bar;
//! on a phone a list whose lines open. The same lines can be typed as words.
import { CheckOutlined, DownOutlined, RightOutlined } from '@ant-design/icons'
import { Checkbox, Input, Segmented } from 'antd'
import { Fragment, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhone } from '@/lib/hooks.ts'
import { textOf, useScene } from '@/meta/meta.ts'
import { HintText } from '@/ui/parts.tsx'
import { putRows, shownRow, type Row } from './draft.ts'
import { LineGrid, type LineGridProps } from './LineGrid.tsx'
import { ALL, givenOf, inherited, sections, VERBS, wider, withScope, written, type Given, type Scope, type Subject } from './rights.ts'
import { RightsDetail } from './RightsDetail.tsx'
import './rights.css'

const COLUMNS: readonly string[] = [ALL, ...VERBS]
const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

export default function Rights(props: LineGridProps) {
  const { field, draft, editable, change, remarks } = props
  const { t } = useTranslation()
  const { meta } = useScene()
  const phone = usePhone()
  const [way, setWay] = useState<'table' | 'lines'>('table')
  const [search, setSearch] = useState('')
  const [only, setOnly] = useState(false)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(`${ALL} ${ALL}`)
  const rows: readonly Row[] = draft.rows[field.name] ?? []
  const all = useMemo(() => sections(meta, rows, { everything: t('rights.everything'), other: t('rights.other') }), [meta, rows, t])
  const given = useMemo(() => new Map(all.flatMap((section) => section.subjects.map((one) => [one.name, givenOf(rows, one.name)] as const))), [all, rows])
  const of = (name: string): Given => given.get(name) ?? { scopes: {}, hides: [], reads: [] }
  const throughOf = (name: string, verb: string): Scope => inherited(of(name), name === ALL ? undefined : of(ALL), verb)
  const put = (name: string, wanted: Given): void => change((now) => putRows(now, field.name, written(now.rows[field.name] ?? [], name, wanted)))
  const typed = search.trim().toLowerCase()
  const fits = (one: Subject): boolean => (!typed || one.label.toLowerCase().includes(typed) || one.name.includes(typed)) && (!only || Object.keys(of(one.name).scopes).length > 0)
  const shown = all.map((section) => ({ ...section, subjects: section.subjects.filter(fits) })).filter((section) => section.subjects.length > 0)
  const verbLabel = (verb: string): string => t(verb === ALL ? 'rights.all_verbs' : `rights.${verb}`)
  const scopeLabel = (scope: Scope): string => (scope === 'none' ? t('rights.none') : meta.say(meta.choice('role_grant.row_rule', scope)?.label) || scope)
  const wrong = new Map<string, string>()
  for (const [place, text] of remarks.problems) {
    const [head, key] = place.split('/')
    const row = head === field.name && rows.find((one) => one.key === key)
    if (row) wrong.set(textOf(shownRow(row)['subject']), text)
    else if (head === field.name) wrong.set('', text)
  }
  const toggle = (name: string): void => setOpen((now) => new Set(now.has(name) ? [...now].filter((one) => one !== name) : [...now, name]))
  const summary = (one: Subject): string => {
    const { scopes, hides, reads } = of(one.name)
    const allowed = [...COLUMNS, ...one.actions.map((action) => action.name)].filter((verb) => scopes[verb])
    const label = (verb: string): string => (COLUMNS.includes(verb) ? verbLabel(verb) : meta.say(one.actions.find((action) => action.name === verb)?.label))
    const through = throughOf(one.name, ALL)
    const told = through !== 'none' && one.name !== ALL && !scopes[ALL] ? t('rights.through', { scope: scopeLabel(through) }) : allowed.map(label).join(t('rights.comma'))
    return [told, hides.length ? t('rights.hidden', { count: hides.length }) : '', reads.length ? t('rights.read', { count: reads.length }) : ''].filter(Boolean).join(' · ')
  }
  const detail = (one: Subject, verbs: readonly string[]): ReactNode => <RightsDetail id={`rights-${one.name}`} subject={one} throughOf={(verb) => throughOf(one.name, verb)} given={of(one.name)} verbs={verbs} labelOf={verbLabel} editable={editable} put={(wanted) => put(one.name, wanted)} />
  const move = (event: KeyboardEvent<HTMLTableElement>): void => {
    const step = STEPS[event.key]
    const here = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null
    if (!step || !here || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('tr[data-subject]')]
    const line = lines.indexOf(here.closest<HTMLElement>('tr[data-subject]') ?? here)
    const column = COLUMNS.concat('more').indexOf(here.dataset['cell'] ?? '')
    // Lines that have no such verb are passed over.
    for (let [y, x] = [line + step[0], column + step[1]]; y >= 0 && y < lines.length && x >= 0 && x <= COLUMNS.length; y += step[0], x += step[1]) {
      const next = lines[y]?.querySelector<HTMLElement>(`[data-cell="${COLUMNS[x] ?? 'more'}"]`)
      if (next) return next.focus()
    }
  }
  const cell = (one: Subject, verb: string): ReactNode => {
    if (verb !== ALL && !one.verbs.includes(verb)) return <td key={verb} className="none" />
    const [own, through] = [of(one.name).scopes[verb] ?? 'none', throughOf(one.name, verb)]
    const scope = wider(own, through)
    const next = one.scopes[(one.scopes.indexOf(own) + 1) % one.scopes.length] ?? 'none'
    const text = scope === own || own !== 'none' ? scopeLabel(own) : t('rights.through', { scope: scopeLabel(through) })
    const at = `${one.name} ${verb}`
    return (
      <td key={verb}>
        <button type="button" className={`right ${scope}${scope !== own ? ' through' : ''}`} data-cell={verb} tabIndex={active === at ? 0 : -1} aria-label={`${one.label}, ${verbLabel(verb)}: ${text}`} title={text} aria-disabled={!editable} onFocus={() => setActive(at)} onClick={() => editable && put(one.name, withScope(of(one.name), verb, next))}>
          {scope === 'none' ? '–' : scope === 'all' ? <CheckOutlined /> : scopeLabel(scope)}
        </button>
      </td>
    )
  }
  const heads = shown.some((section) => section.subjects.some((one) => active.startsWith(`${one.name} `))) ? active : `${shown[0]?.subjects[0]?.name ?? ''} ${ALL}`
  if (heads !== active) setActive(heads)
  return (
    <div className="rights">
      <div className="rights-tools">
        <Input.Search allowClear className="rights-search" aria-label={t('rights.search')} placeholder={t('rights.search')} value={search} onChange={(event) => setSearch(event.target.value)} disabled={way === 'lines'} />
        <Checkbox checked={only} disabled={way === 'lines'} onChange={(event) => setOnly(event.target.checked)}>{t('rights.only')}</Checkbox>
        <Segmented<'table' | 'lines'> size="small" data-rights="way" value={way} onChange={setWay} options={[{ value: 'table', label: t('rights.table') }, { value: 'lines', label: t('rights.lines') }]} />
      </div>
      {[...wrong].map(([name, text]) => <HintText key={name} tone="bad">{[all.flatMap((section) => section.subjects).find((one) => one.name === name)?.label, text].filter(Boolean).join(': ')}</HintText>)}
      {way === 'lines' && <LineGrid {...props} />}
      {way === 'table' && !phone && editable && <p className="faint rights-how">{t('rights.how')}</p>}
      {way === 'table' && shown.length === 0 && <p className="faint">{t('field.nothing_found')}</p>}
      {way === 'table' && shown.length > 0 && (phone
        ? shown.map((section) => (
            <section key={section.key} className="rights-cards">
              {section.label && <h3>{section.label}</h3>}
              {section.subjects.map((one) => (
                <div key={one.name} data-subject={one.name}>
                  <button type="button" className="rights-card" aria-expanded={open.has(one.name)} aria-controls={`rights-${one.name}`} aria-invalid={wrong.has(one.name) || undefined} onClick={() => toggle(one.name)}>
                    {open.has(one.name) ? <DownOutlined /> : <RightOutlined />}<span><b>{one.label}</b><small className="faint">{summary(one) || t('rights.nothing')}</small></span>
                  </button>
                  {open.has(one.name) && detail(one, [ALL, ...one.verbs])}
                </div>
              ))}
            </section>
          ))
        : (
            <table className="rights-table" aria-label={meta.say(field.label)} onKeyDown={move}>
              <thead><tr><th scope="col">{t('rights.subject')}</th>{COLUMNS.map((verb) => <th key={verb} scope="col">{verbLabel(verb)}</th>)}<th scope="col">{t('rights.more')}</th></tr></thead>
              <tbody>
                {shown.map((section) => (
                  <Fragment key={section.key}>
                    {section.label && <tr className="rights-section"><th colSpan={COLUMNS.length + 2} scope="colgroup">{section.label}</th></tr>}
                    {section.subjects.map((one) => {
                      const { scopes, hides, reads } = of(one.name)
                      const acts = one.actions.filter((action) => scopes[action.name] || throughOf(one.name, action.name) !== 'none').length
                      const told = [one.actions.length ? t('rights.acts', { count: acts, of: one.actions.length }) : '', hides.length ? t('rights.hidden', { count: hides.length }) : '', reads.length ? t('rights.read', { count: reads.length }) : ''].filter(Boolean).join(' · ')
                      return (
                        <Fragment key={one.name}>
                          <tr data-subject={one.name}>
                            <th scope="row"><span className="clip" title={one.name}>{one.label}</span></th>
                            {COLUMNS.map((verb) => cell(one, verb))}
                            <td className="more">{(one.actions.length > 0 || one.fields.length > 0) && <button type="button" className="quiet" data-cell="more" tabIndex={active === `${one.name} more` ? 0 : -1} aria-expanded={open.has(one.name)} aria-controls={`rights-${one.name}`} aria-invalid={wrong.has(one.name) || undefined} aria-label={`${one.label}: ${told || t('rights.fields')}`} onFocus={() => setActive(`${one.name} more`)} onClick={() => toggle(one.name)}>{told || t('rights.fields')} {open.has(one.name) ? <DownOutlined /> : <RightOutlined />}</button>}</td>
                          </tr>
                          {open.has(one.name) && <tr className="rights-open"><td colSpan={COLUMNS.length + 2}>{detail(one, [])}</td></tr>}
                        </Fragment>
                      )
                    })}
                  </Fragment>
                ))}
              </tbody>
            </table>
          ))}
    </div>
  )
}
