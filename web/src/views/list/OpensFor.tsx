//! For whom a list opens with a view: nobody but its owner, the people of a role, or everybody.
import { Select } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Rec } from '@/api/types.ts'
import { idOf, textOf, useScene } from '@/meta/meta.ts'

export const EVERYBODY = '*'

/** The view a list opens with: one's own choice, then that of the first of one's roles, then everybody's. */
export function openingOf(views: readonly Rec[], user: string, roles: readonly string[]): Rec | undefined {
  const own = views.find((one) => one['is_default'] === true && idOf(one['owner']) === user)
  return own ?? [...roles, EVERYBODY].map((role) => views.find((one) => textOf(one['for_role']) === role)).find((one) => one !== undefined)
}

export function OpensFor({ value, onChange }: { value: string; onChange: (role: string) => void }) {
  const { t } = useTranslation()
  const { lang } = useScene()
  const roles = useQuery({ queryKey: ['list', 'role', 'all'], queryFn: async () => (await api.list('role', { limit: 200, sort: 'name' })).rows })
  const named = (roles.data ?? []).map((one) => ({ value: textOf(one['code']), label: (lang === 'zh' && textOf(one['name_zh'])) || textOf(one['name']) }))
  return (
    <label className="opens-for">{t('views.opens_for')}
      <Select<string> size="small" aria-label={t('views.opens_for')} data-views="opens-for" value={value} loading={roles.isPending} onChange={onChange} popupMatchSelectWidth={false} options={[{ value: '', label: t('views.nobody') }, { value: EVERYBODY, label: t('views.everybody') }, ...named]} />
    </label>
  )
}
