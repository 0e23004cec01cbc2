//! What a line is about: a value is typed and takes the place of others of its dimension; what is split is said in a window.
import { PartitionOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { idOf, isRef, textOf } from '@/meta/meta.ts'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import { setOf, sharesOfSet, withValue, type Share } from './dimensions.ts'
import type { InputProps, ValueOf } from './kit.ts'

const DimensionSplit = lazy(() => import('./DimensionSplit.tsx'))

type Ref = ValueOf['ref']

const FOUND_MAX = 30

/** A value to choose: its name, and the dimension it is of. */
export interface ValueOption extends Option { dimension: string }

export async function searchValues(text: string, signal: AbortSignal): Promise<ValueOption[]> {
  const filter = JSON.stringify(['active', '=', true])
  const { rows } = await api.list('dimension_value', { search: text, filter, fields: 'code,name,dimension', limit: FOUND_MAX }, signal)
  return rows.map((row) => {
    const axis = row['dimension'] ?? null
    return { key: textOf(row['id']), label: `${textOf(row['code'])} ${textOf(row['name'])}`, hint: isRef(axis) ? axis.label : '', dimension: idOf(axis) }
  })
}

export default function DimensionBox({ value, onChange, field, scene, onPicked, ...box }: InputProps<Ref>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [splitting, setSplitting] = useState<Share[] | null>(null)
  const id = idOf(value)
  const told = (problem: unknown): void => void message.error(problem instanceof Error ? problem.message : String(problem))
  const sayAll = async (shares: Share[]): Promise<void> => onChange(shares.length === 0 ? null : await setOf(shares))
  const take = async (option: ValueOption): Promise<void> => {
    const shares = id ? await sharesOfSet(id) : []
    await sayAll(withValue(shares, { id: option.key, label: option.label }, option.dimension))
  }
  const open = async (): Promise<void> => setSplitting(id ? await sharesOfSet(id) : [])
  return (
    <>
      <ComboBox
        {...box}
        value={id ? { key: id, label: isRef(value) ? value.label : id } : null}
        onChange={(option) => {
          if (option) take(option as ValueOption).catch(told)
          else onChange(null)
        }}
        search={searchValues}
        onPicked={onPicked}
        clearable={!field.required}
        foot={() => [{ key: 'split', icon: <PartitionOutlined />, label: t('dimension.split'), run: () => void open().catch(told) }]}
      />
      {splitting && <Suspense><DimensionSplit shares={splitting} scene={scene} onClose={() => setSplitting(null)} onSaid={async (shares) => {
        await sayAll(shares)
        setSplitting(null)
      }} /></Suspense>}
    </>
  )
}
