//! All kinds of fields. A kind without its file does not compile.
import type { Field, Kind, Rec, Value } from '@/api/types.ts'
import { isEmpty, type Scene } from '@/meta/meta.ts'
import { amount } from './amount.tsx'
import { barcode } from './barcode.tsx'
import { bool } from './bool.tsx'
import { choice } from './choice.tsx'
import { country } from './country.tsx'
import { currency } from './currency.tsx'
import { date } from './date.tsx'
import { doc } from './doc.tsx'
import { email } from './email.tsx'
import { id } from './id.tsx'
import { instant } from './instant.tsx'
import { int } from './int.tsx'
import { json } from './json.tsx'
import { long_text } from './long_text.tsx'
import { owned } from './owned.tsx'
import { phone } from './phone.tsx'
import { price } from './price.tsx'
import { qty } from './qty.tsx'
import { rate } from './rate.tsx'
import { ref } from './ref.tsx'
import { text } from './text.tsx'
import { url } from './url.tsx'
import type { FieldKit, InputProps, Place, ValueOf } from './kit.ts'

export const kits: { [K in Kind]: FieldKit<ValueOf[K]> } = {
  id, ref, doc, text, long_text, email, phone, url, barcode, int, bool, amount, qty, price, rate, date, instant, choice, currency, country, json, owned,
}

/** The kit of a field known only at run time. An unknown kind is shown as JSON rather than not at all. */
export const kitOf = (kind: string): FieldKit<Value> => {
  const found = Object.hasOwn(kits, kind) ? kits[kind as Kind] : kits.json
  return found as unknown as FieldKit<Value>
}

interface ShowProps { field: Field; record: Rec; parent?: Rec; value?: Value; scene: Scene; plain?: boolean }

/** A value as it is read. */
export function Show({ field, record, parent, scene, plain, value = record[field.name] }: ShowProps) {
  if (isEmpty(value)) return null
  const { Cell } = kitOf(field.kind)
  return <Cell value={value} field={field} record={record} parent={parent} scene={scene} plain={plain} />
}

/** A value as it is typed. */
export function Edit(props: InputProps<Value>) {
  const { Input } = kitOf(props.field.kind)
  return <Input {...props} />
}

export const asText = (value: Value, place: Place, scene: Scene): string => (isEmpty(value) ? '' : kitOf(place.field.kind).format(value, place, scene))
