//! What a line is about, in parts: several values of a dimension, each with its share.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { approximate, evaluate } from '@/lib/decimal.ts'
import type { Scene } from '@/meta/meta.ts'
import { TextBox } from '@/ui/boxes.tsx'
import { ComboBox } from '@/ui/ComboBox.tsx'
import { focusOn } from '@/ui/dialog.ts'
import { searchValues, type ValueOption } from './DimensionBox.tsx'
import { unwhole, WHOLE, type Share } from './dimensions.ts'

interface DimensionSplitProps { shares: readonly Share[]; scene: Scene; onSaid: (shares: Share[]) => Promise<void>; onClose: () => void }

/** A row while it is typed: the share as per cent. */
interface Row { key: number; value: ValueOption | null; percent: string }

const asRow = (one: Share, key: number): Row => ({ key, value: { key: one.value.id, label: one.value.label, dimension: one.dimension }, percent: String((one.share * 100) / WHOLE) })

const shareOf = (percent: string): number => Math.round((approximate(evaluate(percent) ?? 'NaN') * WHOLE) / 100)

export default function DimensionSplit({ shares, scene, onSaid, onClose }: DimensionSplitProps) {
  const { t } = useTranslation()
  const [rows, setRows] = useState<Row[]>(() => (shares.length > 0 ? shares.map(asRow) : [{ key: 0, value: null, percent: '100' }]))
  const [failed, setFailed] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const change = (key: number, part: Partial<Row>): void => setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const said = rows.flatMap((row) => (row.value ? { value: { id: row.value.key, label: row.value.label }, dimension: row.value.dimension, share: shareOf(row.percent) } : []))
  const add = (): void => {
    // What is left of the dimension of the last row is what the next one gets.
    const last = rows.at(-1)?.value?.dimension
    const left = WHOLE - said.filter((one) => one.dimension === last).reduce((sum, one) => sum + one.share, 0)
    setRows([...rows, { key: Math.max(0, ...rows.map((row) => row.key)) + 1, value: null, percent: String(left > 0 ? (left * 100) / WHOLE : 100) }])
  }
  const wrong = said.some((one) => !(one.share > 0 && one.share <= WHOLE)) || unwhole(said).length > 0
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      await onSaid(said)
    } catch (problem) {
      setFailed(problem instanceof Error ? problem.message : String(problem))
      setBusy(false)
    }
  }
  const entity = scene.meta.entity('dimension_set')
  return (
    <Modal open afterOpenChange={focusOn('.split-row:last-of-type [role=combobox]')} title={entity ? scene.meta.say(entity.label) : ''} onCancel={onClose} onOk={() => void save()} okText={t('dimension.take')} okButtonProps={{ disabled: wrong, loading: busy }} cancelText={t('form.cancel')}>
      <div className="split-rows" data-split-rows>
        {rows.map((row, at) => (
          <div key={row.key} className="split-row">
            <ComboBox value={row.value} onChange={(value) => change(row.key, { value: value as ValueOption | null })} search={searchValues} autoFocus={at === rows.length - 1} label={t('dimension.value')} placeholder={t('dimension.value')} />
            <TextBox value={row.percent} onChange={(percent) => change(row.key, { percent })} label={t('dimension.percent')} suffix="%" />
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('dimension.remove')} onClick={() => setRows(rows.filter((one) => one.key !== row.key))} />
          </div>
        ))}
        <Button type="dashed" icon={<PlusOutlined />} onClick={add}>{t('dimension.add')}</Button>
        {wrong && <p className="warn" role="status">{t('dimension.not_whole')}</p>}
        {failed && <p className="warn" role="alert">{failed}</p>}
      </div>
    </Modal>
  )
}
