//! A record beside the list it was opened from: the list stays, the next row is one key away.
import { lazy, Suspense, useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { useCommands } from '@/lib/commands.ts'
import { recall, remember } from '@/lib/local.ts'
import { Waiting } from '@/ui/Waiting.tsx'

const FormView = lazy(() => import('../form/FormView.tsx'))
const NARROWEST = 420
const WIDEST = 860
const USUAL = 540
const isWidth = (value: unknown): value is number => typeof value === 'number' && value >= NARROWEST && value <= WIDEST

export function Panel({ entity, id, onClose, onGo }: { entity: Entity; id: string; onClose: () => void; onGo: (id: string) => void }) {
  const { t } = useTranslation()
  const [width, setWidth] = useState(() => recall('panel.width', isWidth, USUAL))
  const latest = useRef(width)
  // Also while the record is still on its way.
  useCommands([{ id: 'close-panel', label: t('form.close'), group: 'page', hotkey: 'escape', run: onClose }])
  const put = (next: number): void => {
    latest.current = Math.max(NARROWEST, Math.min(WIDEST, next))
    setWidth(latest.current)
  }
  const drag = (event: PointerEvent): void => {
    event.preventDefault()
    const handle = event.currentTarget
    const start = event.clientX + width
    handle.setPointerCapture(event.pointerId)
    const move = (to: Event): void => put(start - (to as unknown as PointerEvent).clientX)
    const stop = (): void => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', stop)
      remember('panel.width', latest.current)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', stop)
  }
  return (
    <aside className="panel" style={{ width }} aria-label={t('list.panel')}>
      <div
        className="panel-grip" role="separator" aria-orientation="vertical" aria-label={t('list.panel_width')} aria-valuenow={width} aria-valuemin={NARROWEST} aria-valuemax={WIDEST} tabIndex={0} onPointerDown={drag}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
          event.preventDefault()
          put(width + (event.key === 'ArrowLeft' ? 24 : -24))
          remember('panel.width', latest.current)
        }}
      />
      <Suspense fallback={<Waiting shape="form" />}><FormView entity={entity} id={id} panel={{ onClose, onGo }} /></Suspense>
    </aside>
  )
}
