//! What a role may do with one kind of record: its actions, fields that are kept back, and on a phone its verbs, too.
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useScene } from '@/meta/meta.ts'
import { withScope, type Given, type Scope, type Subject } from './rights.ts'

interface DetailProps { subject: Subject; throughOf: (verb: string) => Scope; given: Given; verbs: readonly string[]; labelOf: (verb: string) => string; editable: boolean; put: (given: Given) => void; id: string }

export function RightsDetail({ subject, throughOf, given, verbs, labelOf, editable, put, id }: DetailProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const scopeLabel = (scope: Scope): string => (scope === 'none' ? t('rights.none') : subject.scopes.length === 2 ? t('rights.yes') : meta.say(meta.choice('role_grant.row_rule', scope)?.label) || scope)
  const known = [...verbs, ...subject.actions.map((action) => action.name)]
  // Verbs this program does not draw are kept and named.
  const more = Object.keys(given.scopes).filter((verb) => verb !== '*' && !subject.verbs.includes(verb) && !known.includes(verb))
  const line = (verb: string, label: string, help = '') => {
    const [own, through] = [given.scopes[verb] ?? 'none', throughOf(verb)]
    const options = subject.scopes.includes(own) ? subject.scopes : [...subject.scopes, own]
    return (
      <label key={verb} title={help || undefined} data-verb={verb}>
        <span>{label}</span>
        <Select<Scope> size="small" aria-label={`${subject.label}: ${label}`} disabled={!editable} value={own} options={options.map((scope) => ({ value: scope, label: scope === 'none' && through !== 'none' ? t('rights.through', { scope: scopeLabel(through) }) : scopeLabel(scope) }))} onChange={(scope) => put(withScope(given, verb, scope))} />
      </label>
    )
  }
  const actions = subject.actions.map((action) => line(action.name, meta.say(action.label), meta.say(action.help)))
  return (
    <div id={id} className="rights-detail">
      {verbs.length > 0 && <fieldset><legend>{t('rights.verbs')}</legend>{verbs.map((verb) => line(verb, labelOf(verb)))}</fieldset>}
      {actions.length + more.length > 0 && <fieldset><legend>{t('rights.actions')}</legend>{actions}{more.map((verb) => line(verb, verb))}</fieldset>}
      {subject.fields.length > 0 && (
        <label className="rights-hides">
          <span>{t('rights.hides')}</span>
          <Select<string[]> mode="multiple" size="small" aria-label={`${subject.label}: ${t('rights.hides')}`} data-rights="hides" disabled={!editable || !(given.scopes['see'] ?? given.scopes['*'])} placeholder={t(given.scopes['see'] ?? given.scopes['*'] ? 'rights.hides_none' : 'rights.hides_unseen')} value={[...given.hides]} options={[...subject.fields]} showSearch={{ optionFilterProp: 'label' }} onChange={(hides) => put({ ...given, hides })} />
        </label>
      )}
      {subject.written.length > 0 && (
        <label className="rights-hides">
          <span>{t('rights.reads')}</span>
          <Select<string[]> mode="multiple" size="small" aria-label={`${subject.label}: ${t('rights.reads')}`} data-rights="reads" disabled={!editable || !(given.scopes['add'] ?? given.scopes['edit'] ?? given.scopes['*'])} placeholder={t('rights.hides_none')} value={[...given.reads]} options={[...subject.written]} showSearch={{ optionFilterProp: 'label' }} onChange={(reads) => put({ ...given, reads })} />
        </label>
      )}
    </div>
  )
}
