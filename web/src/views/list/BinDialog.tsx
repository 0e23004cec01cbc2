//! What was deleted lately, to be brought back.
import { App, Button, Modal } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import type { Entity } from '@/api/types.ts'
import { formatInstant } from '@/lib/dates.ts'
import { useScene } from '@/meta/meta.ts'
import { Empty, Skeleton, Trouble } from '@/ui/parts.tsx'
import { useComplain } from '@/ui/Snack.tsx'

export default function BinDialog({ entity, onClose }: { entity: Entity; onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const { message } = App.useApp()
  const complain = useComplain()
  const client = useQueryClient()
  const bin = useQuery({ queryKey: ['bin', entity.name], queryFn: () => api.bin(entity.name), staleTime: 0 })
  const restore = async (id: string, label: string): Promise<void> => {
    try {
      await api.restore(entity.name, id)
      void message.success(t('bin.restored', { what: label }))
      void client.invalidateQueries()
    } catch (problem) {
      complain(problem)
    }
  }
  return (
    <Modal open title={t('bin.title', { what: scene.meta.say(entity.plural) })} footer={null} width={640} onCancel={onClose}>
      <p className="muted" style={{ marginTop: 0 }}>{t('bin.text')}</p>
      {bin.isError ? <Trouble error={bin.error} retry={() => void bin.refetch()} /> : !bin.data ? <Skeleton rows={3} /> : bin.data.items.length === 0 ? <Empty title={t('bin.empty')} /> : (
        <div style={{ maxHeight: '56vh', overflow: 'auto' }}>
          <table className="table small">
            <thead><tr><th>{scene.meta.say(entity.label)}</th><th>{t('bin.when')}</th><th>{t('bin.who')}</th><th /></tr></thead>
            <tbody>{bin.data.items.map((one) => (
              <tr key={one.id} data-bin={one.id}><td>{one.label}</td><td className="num">{formatInstant(one.removed_at, scene.locale)}</td><td>{one.removed_by ?? '–'}</td><td className="end"><Button size="small" onClick={() => void restore(one.id, one.label)}>{t('bin.restore')}</Button></td></tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </Modal>
  )
}
