//! What a group is called.
import { useTranslation } from 'react-i18next'
import { asText } from '@/fields/kits.tsx'
import { formatPeriod } from '@/lib/dates.ts'
import { useScene } from '@/meta/meta.ts'
import type { Branch, GroupKey } from './groups.ts'

export function useKeyText(): (key: GroupKey, value: Branch['key']) => string {
  const scene = useScene()
  const { t } = useTranslation()
  return (key, value) => {
    if (value === null || value === '') return t('list.no_value')
    if (key.part && typeof value === 'string') return formatPeriod(value, scene.locale)
    return asText(value, { field: key.field, record: {} }, scene)
  }
}
