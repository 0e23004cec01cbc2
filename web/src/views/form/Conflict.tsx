//! Someone was faster: what each of us changed stands side by side, and field by field one value is taken.
import { Button, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rec } from '@/api/types.ts'
import { Show } from '@/fields/kits.tsx'
import { isEmpty, rowsOf, useScene } from '@/meta/meta.ts'
import { focusOn } from '@/ui/dialog.ts'
import { conflict, type Draft } from './draft.ts'

interface ConflictProps {
  draft: Draft
  current: Rec
  onTheirs: () => void
  /** The fields of which their value is taken; mine stay elsewhere. */
  onMerge: (theirs: ReadonlySet<string>) => void
  onClose: () => void
}

export function Conflict({ draft, current, onTheirs, onMerge, onClose }: ConflictProps) {
  const { t } = useTranslation()
  const scene = useScene()
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set())
  const differing = conflict(draft, current)
  const mineToo = new Set([...Object.keys(draft.typed), ...draft.touched])
  const take = (name: string, wanted: boolean): void => {
    const next = new Set(theirs)
    if (wanted) next.add(name)
    else next.delete(name)
    setTheirs(next)
  }
  return (
    <Modal open width={760} title={t('conflict.title')} afterOpenChange={focusOn('.ant-modal-footer .ant-btn-primary')} onCancel={onClose} footer={<><Button onClick={onTheirs}>{t('conflict.theirs')}</Button><Button type="primary" onClick={() => onMerge(theirs)}>{t('conflict.merge')}</Button></>}>
      <p className="muted" style={{ marginTop: 0 }}>{t('conflict.text')}</p>
      <div style={{ maxHeight: '52vh', overflow: 'auto' }}>
        <table className="table small conflict">
          <thead><tr><th>{t('conflict.field')}</th><th>{t('conflict.was')}</th><th>{t('conflict.my_value')}</th><th>{t('conflict.their_value')}</th></tr></thead>
          <tbody>
            {differing.map(({ field, mine, theirs: other, was }) => {
              const cell = (value: typeof mine) => (field.kind === 'owned' ? t('field.lines', { count: rowsOf(value).length }) : isEmpty(value) ? '–' : <Show field={field} record={current} value={value} scene={scene} plain />)
              const label = scene.meta.say(field.label)
              const chosen = !mineToo.has(field.name) || theirs.has(field.name)
              return (
                <tr key={field.name} data-conflict={field.name}>
                  <td>{label}</td>
                  <td className="muted">{cell(was)}</td>
                  {mineToo.has(field.name) ? (
                    <>
                      <td className={chosen ? undefined : 'chosen'}><Radio checked={!chosen} aria-label={`${label}: ${t('conflict.my_value')}`} onChange={() => take(field.name, false)}>{cell(mine)}</Radio></td>
                      <td className={chosen ? 'chosen' : undefined}><Radio checked={chosen} aria-label={`${label}: ${t('conflict.their_value')}`} onChange={() => take(field.name, true)}>{cell(other)}</Radio></td>
                    </>
                  ) : <><td className="faint">{t('conflict.untouched')}</td><td className="chosen">{cell(other)}</td></>}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Modal>
  )
}
