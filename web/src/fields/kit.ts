//! What a kind of field can do. One kind, one file; `kits.ts` has them all, complete by type.
import type { ReactElement } from 'react'
import type { Field, Json, Kind, Operator, Rec, RefValue } from '@/api/types.ts'
import type { Scene } from '@/meta/meta.ts'
import type { BoxProps } from '@/ui/boxes.tsx'

export interface Place {
  field: Field
  record: Rec
  /** The owner of a line. */
  parent?: Rec
}
export interface CellProps<V> extends Place { value: V; scene: Scene; plain?: boolean }
export interface InputProps<V> extends Place, BoxProps {
  value: V | null
  onChange: (value: V | null) => void
  scene: Scene
  /** Something was taken from a list: the grid goes on to the next cell. */
  onPicked?: () => void
  /** Fills several fields of the record at once, where the place it stands in can. */
  onFill?: (values: Rec) => void
}
export type Parsed<V> = { ok: true; value: V } | { ok: false; because: string }
export type Aggregate = 'sum' | 'min' | 'max'

export interface FieldKit<V> {
  Cell: (props: CellProps<V>) => ReactElement | string | null
  Input: (props: InputProps<V>) => ReactElement | null
  /** As text: for files, titles and tooltips. */
  format: (value: V, place: Place, scene: Scene) => string
  parse: (text: string, scene: Scene) => Parsed<V>
  /** Conditions that make sense, the usual one first. */
  filters: readonly Operator[]
  aggregates: readonly Aggregate[]
  /** Numbers stand at the end of their column. */
  end?: boolean
  /** Width of a column in px. */
  width: number
}

/** What the server sends for each kind. */
export interface ValueOf extends Record<Kind, Json> {
  id: string
  ref: RefValue & { [key: string]: Json }
  doc: RefValue & { [key: string]: Json }
  text: string
  long_text: string
  email: string
  phone: string
  url: string
  barcode: string
  int: number
  bool: boolean
  amount: string
  qty: string
  price: string
  rate: string
  date: string
  instant: string
  choice: string
  currency: string
  country: string
  json: Json
  owned: Json[]
}

export const TEXT_FILTERS: readonly Operator[] = ['contains', '=', '!=', 'starts', 'empty', 'not_empty']
export const NUMBER_FILTERS: readonly Operator[] = ['>=', '<=', '=', '!=', '>', '<', 'between', 'empty', 'not_empty']
export const CODE_FILTERS: readonly Operator[] = ['in', 'not_in', '=', '!=', 'empty', 'not_empty']

export const ok = <V>(value: V): Parsed<V> => ({ ok: true, value })
export const no = <V>(because: string): Parsed<V> => ({ ok: false, because })
