//! Ctrl-K: everything one can do or go to, and every record one may see.
import { Modal } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { queries } from '@/api/queries.ts'
import { useAllCommands, type Command } from '@/lib/commands.ts'
import { evaluate, formatNumber } from '@/lib/decimal.ts'
import { href, useGo } from '@/lib/go.tsx'
import { useDebounced } from '@/lib/hooks.ts'
import { isComposing } from '@/lib/keys.ts'
import { find } from '@/lib/manual.ts'
import { askedNew, match } from '@/lib/match.ts'
import { useScene } from '@/meta/meta.ts'
import { Caps } from '@/ui/parts.tsx'
import { ScanButton } from '@/ui/Scan.tsx'

interface Entry { key: string; section: string; label: string; hint?: string; hotkey?: string; because?: string; /** Where it leads, for another tab. */ to?: string; run: () => void }

const SHOWN = { page: 8, go: 8, app: 6, records: 10, people: 10, recent: 6, manual: 12 }

export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const go = useGo()
  const commands = useAllCommands()
  const [text, setText] = useState('')
  const [marked, setMarked] = useState(0)
  const prefix = ['>', '/', '=', '@', '#', '?', '？'].includes(text[0] ?? '') ? text[0] : ''
  const inManual = prefix === '?' || prefix === '？'
  const words = (prefix ? text.slice(1) : text).trim()
  const asked = useDebounced(prefix === '>' || prefix === '/' || prefix === '=' || inManual ? '' : words, 120)
  const found = useQuery(queries.search(asked, prefix === '@' ? SHOWN.people * 3 : SHOWN.records))
  const recent = useQuery({ queryKey: ['recent'], queryFn: () => api.recent(SHOWN.recent), staleTime: 10_000 })

  const manual = useQuery({ queryKey: ['manual', scene.lang], queryFn: async () => (await import('@/lib/pages.ts')).pagesIn(scene.lang), enabled: inManual, staleTime: Infinity, structuralSharing: false })

  const entries = useMemo((): Entry[] => {
    if (prefix === '=') {
      const value = evaluate(words)
      return value === null ? [] : [{ key: 'sum', section: t('palette.calculator'), label: `= ${formatNumber(value, scene.locale)}`, hint: t('palette.copy'), run: () => void navigator.clipboard?.writeText(value) }]
    }
    if (inManual) {
      return find(manual.data ?? [], words, SHOWN.manual).map(({ page, section }) => {
        const to = href(`/manual/${page.name}`, { at: section.anchor })
        return { key: to, section: t('manual.title'), label: section.title, ...(section.title === page.title ? {} : { hint: page.title }), to, run: () => go(to) }
      })
    }
    const seen = new Set<string>()
    const unique = commands.filter((command) => !seen.has(command.id) && seen.add(command.id))
    const fitting = (some: readonly Command[], asked: string, section: string, most: number): Entry[] =>
      some
        .map((command) => ({ command, score: match(asked, `${command.label} ${command.words ?? ''}`) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score || (asked ? a.command.label.length - b.command.label.length : 0))
        .slice(0, most)
        .map(({ command }) => ({ key: command.id, section, label: command.label, hotkey: command.hotkey, because: command.because, run: command.run }))
    // Whoever asks for something new by name gets that first.
    // What one may not make is told only where nothing else is meant.
    const makes = (some: Entry[]): Entry[] => (some.some((entry) => !entry.because) ? some.filter((entry) => !entry.because) : some.slice(0, wanted ? 1 : 0))
    const wanted = prefix === '' || prefix === '>' ? askedNew(words) : null
    const fresh = wanted === null ? [] : makes(fitting(unique.filter((command) => command.makes), wanted, t('list.new'), SHOWN.app))
    const pick = (group: Command['group'], section: string, most: number): Entry[] =>
      fitting(unique.filter((command) => command.group === group && !(command.makes && command.because) && !fresh.some((entry) => entry.key === command.id)), words, section, words || prefix ? most * 2 : most)
    const page = prefix === '/' ? [] : pick('page', t('palette.page'), SHOWN.page)
    const places = prefix === '>' ? [] : pick('go', t('palette.go'), SHOWN.go)
    const app = prefix === '/' ? [] : pick('app', t('palette.app'), SHOWN.app)
    const record = (entity: string, id: string, label: string, section: string): Entry => ({ key: `${section}/${entity}/${id}`, section, label, hint: scene.meta.say(scene.meta.entity(entity)?.label), to: `/${entity}/${id}`, run: () => go(`/${entity}/${id}`) })
    const records = asked && words ? (found.data?.hits ?? []).map((hit) => record(hit.entity, hit.id, hit.label, t('palette.records'))) : []
    // Whom one can write to or call.
    const isPerson = (entity: string): boolean => scene.meta.entity(entity)?.fields.some((field) => field.kind === 'email' || field.kind === 'phone') ?? false
    if (prefix === '@') return (found.data?.hits ?? []).filter((hit) => asked && isPerson(hit.entity)).slice(0, SHOWN.people).map((hit) => record(hit.entity, hit.id, hit.label, t('palette.people')))
    const lately = words || prefix ? [] : (recent.data?.items ?? []).map((one) => record(one.entity, one.id, one.label, t('palette.recent')))
    return words ? [...fresh, ...places.slice(0, 4), ...page.slice(0, 4), ...records, ...places.slice(4), ...page.slice(4), ...app] : [...page, ...lately, ...places, ...app]
  }, [commands, words, prefix, asked, found.data, recent.data, manual.data, scene])
  useEffect(() => setMarked(0), [text])

  const run = (entry: Entry | undefined): void => {
    if (!entry || entry.because) return
    onClose()
    // After the dialog has given the focus back.
    setTimeout(entry.run, 0)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step) {
      event.preventDefault()
      const next = Math.max(0, Math.min(entries.length - 1, marked + step))
      setMarked(next)
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const entry = entries[marked]
      if ((event.ctrlKey || event.metaKey) && entry?.to) {
        onClose()
        open(entry.to, '_blank', 'noopener')
      } else run(entry)
    }
  }
  return (
    <Modal open onCancel={onClose} footer={null} closable={false} width={620} styles={{ container: { padding: 0, overflow: 'hidden' }, body: { padding: 0 } }} style={{ top: '12vh' }} transitionName="" maskTransitionName="">
      <div className="palette">
        <input autoFocus dir="auto" value={text} placeholder={t('palette.placeholder')} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={`palette-${marked}`} aria-label={t('palette.title')} onChange={(event) => setText(event.target.value)} onKeyDown={onKeyDown} />
        <span className="palette-scan"><ScanButton onCode={setText} /></span>
        <div id="palette-list" className="palette-list" role="listbox">
          {entries.map((entry, index) => (
            <div key={entry.key + index}>
              {entry.section !== entries[index - 1]?.section && <div className="palette-section">{entry.section}</div>}
              <button type="button" id={`palette-${index}`} role="option" aria-selected={index === marked} aria-disabled={Boolean(entry.because)} tabIndex={-1} className={index === marked ? 'palette-entry on' : 'palette-entry'} onMouseMove={() => setMarked(index)} onClick={() => run(entry)}>
                <span className="clip">{entry.label}</span>
                <span className="palette-end">{entry.because ? <span className="faint clip">{entry.because}</span> : entry.hint && <span className="faint clip">{entry.hint}</span>}{entry.hotkey && <Caps hotkey={entry.hotkey} />}</span>
              </button>
            </div>
          ))}
          {entries.length === 0 && <div className="pop-note" style={{ padding: 20 }}>{found.isFetching || manual.isFetching ? t('state.searching') : t('palette.nothing')}</div>}
        </div>
        <div className="palette-foot faint">
          <span><kbd className="cap">&gt;</kbd> {t('palette.only_actions')}</span><span><kbd className="cap">/</kbd> {t('palette.only_places')}</span><span><kbd className="cap">@</kbd> {t('palette.people')}</span><span><kbd className="cap">=</kbd> {t('palette.calculator')}</span><span><kbd className="cap">?</kbd> {t('manual.title')}</span>
        </div>
      </div>
    </Modal>
  )
}
