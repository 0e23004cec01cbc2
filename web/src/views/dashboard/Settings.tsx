//! The name of a dashboard, who sees it, and for whose role it opens first.
import { Checkbox, Input, Modal, Select, type InputRef } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Rec } from '@/api/types.ts'
import { useSession } from '@/api/queries.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'
import { calledIn, useDashboards } from './home.ts'
import { useDashboardWork } from './work.ts'

export function Settings({ record, onClose }: { record: Rec; onClose: () => void }) {
  const { t } = useTranslation()
  const { meta, lang } = useScene()
  const work = useDashboardWork()
  const [name, setName] = useState(calledIn(lang, record))
  const [shared, setShared] = useState(record['shared'] === true)
  const [role, setRole] = useState(textOf(record['for_role']))
  const { rows } = useDashboards()
  const { user } = useSession()
  const mayChange = meta.entity('role')?.can.edit ?? false
  const box = useRef<InputRef>(null)
  const [busy, setBusy] = useState(false)
  // Who may not look at the roles has no say in what others see first.
  const sees = meta.entity('role')?.can.see ?? false
  const roles = useQuery({ queryKey: ['list', 'role', 'all'], queryFn: async () => (await api.list('role', { limit: 200, sort: 'name' })).rows, enabled: sees })
  const save = async (): Promise<void> => {
    if (!name.trim() || busy) return
    setBusy(true)
    const well = await work.change(record, { [lang === 'zh' && textOf(record['name_zh']) ? 'name_zh' : 'name']: name.trim(), shared: shared || role !== '', ...(sees ? { for_role: role || null } : {}) })
    // A role begins with one: the one before gives its place, if one may say so.
    for (const other of well && role ? rows.filter((row) => row['id'] !== record['id'] && textOf(row['for_role']) === role && (mayChange || idOf(row['owner']) === user.id)) : []) await work.change(other, { for_role: null })
    setBusy(false)
    if (well) onClose()
  }
  return (
    <Modal open title={t('dashboard.settings')} width={440} afterOpenChange={(open) => open && box.current?.focus()} onCancel={onClose} onOk={() => void save()} okText={t('form.save')} cancelText={t('form.cancel')} okButtonProps={{ disabled: !name.trim(), loading: busy }}>
      <form className="card-form" onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}>
        <label>{t('dashboard.name')}<Input dir="auto" ref={box} name="name" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></label>
        <Checkbox checked={shared || role !== ''} disabled={role !== ''} onChange={(event) => setShared(event.target.checked)}>{t('dashboard.shared')}</Checkbox>
        {sees && <label>{t('dashboard.for_role')}<Select<string> aria-label={t('dashboard.for_role')} value={role} loading={roles.isPending} onChange={setRole} options={[{ value: '', label: t('dashboard.no_role') }, ...(roles.data ?? []).map((one) => ({ value: textOf(one['code']), label: (lang === 'zh' && textOf(one['name_zh'])) || textOf(one['name']) }))]} /></label>}
        {sees && <p className="faint" style={{ margin: 0 }}>{t('dashboard.for_role_text')}</p>}
        <button type="submit" hidden />
      </form>
    </Modal>
  )
}
