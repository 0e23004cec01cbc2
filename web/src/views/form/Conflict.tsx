import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { isEmpty, rowsOf, useScene } from '@/meta/meta.ts'
import { conflict, type Draft } from './draft.ts'

/** Someone was faster: what differs, and two honest ways on. */
export function Conflict({ draft, current, onTheirs, onMine, onClose }: { draft: Draft; current: Rec; onTheirs: () => void; onMine: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const scene = useScene()
  const differing = conflict(draft, current)
  return (
    <Modal open width={680} title={t('conflict.title')} onCancel={onClose} footer={<><Button onClick={onTheirs}>{t('conflict.theirs')}</Button><Button type="primary" onClick={onMine}>{t('conflict.mine')}</Button></>}>
      <p className="muted" style={{ marginTop: 0 }}>{t('conflict.text')}</p>
      <table className="table small">
        <thead><tr><th>{t('conflict.field')}</th><th>{t('conflict.my_value')}</th><th>{t('conflict.their_value')}</th></tr></thead>
        <tbody>
          {differing.map(({ field, mine, theirs }) => {
            const cell = (value: typeof mine) => (field.kind === 'owned' ? t('field.lines', { count: rowsOf(value).length }) : isEmpty(value) ? '–' : <Show field={field} record={current} value={value} scene={scene} plain />)
            return <tr key={field.name}><td>{scene.meta.say(field.label)}</td><td>{cell(mine)}</td><td>{cell(theirs)}</td></tr>
          })}
        </tbody>
      </table>
    </Modal>
  )
}
