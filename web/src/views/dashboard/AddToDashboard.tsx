//! From a list to a dashboard: what is on the screen becomes a card.
import { DashboardOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { useScene } from '@/meta/meta.ts'
import type { Query } from '@/meta/query.ts'

const AddDialog = lazy(() => import('./AddDialog.tsx'))

export interface AddProps { entity: Entity; query: Query; columns: readonly string[] }

export function AddToDashboard(props: AddProps) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const [open, setOpen] = useState(false)
  const may = meta.entity('dashboard')?.can.add ?? false
  useCommands(may ? [{ id: 'to-dashboard', label: t('dashboard.add_to'), group: 'page', words: 'dashboard 仪表板', run: () => setOpen(true) }] : [])
  if (!may) return null
  return (
    <>
      <button type="button" className="quiet" data-to-dashboard aria-label={t('dashboard.add_to')} title={t('dashboard.add_to')} onClick={() => setOpen(true)}><DashboardOutlined /></button>
      {open && <Suspense><AddDialog {...props} onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}
