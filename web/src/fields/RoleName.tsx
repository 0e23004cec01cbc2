//! A role by its name in the language of the reader, where a field keeps its code.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { textOf, useScene } from '@/meta/meta.ts'

/** Every role, or none for who may not see them: they read the code. */
export default function RoleName({ code }: { code: string }) {
  const { t } = useTranslation()
  const { lang, meta } = useScene()
  const roles = useQuery({ queryKey: ['list', 'role', 'all'], queryFn: async () => (await api.list('role', { limit: 200, sort: 'name' })).rows, enabled: code !== '*' && meta.entity('role')?.can.see === true, staleTime: 60_000 })
  if (code === '*') return <>{t('views.everybody')}</>
  const role = roles.data?.find((one) => textOf(one['code']) === code)
  return <>{(lang === 'zh' && textOf(role?.['name_zh'])) || textOf(role?.['name']) || code}</>
}
