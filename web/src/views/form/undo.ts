//! The way back from a record as it was saved to what it was before.
import type { Entity, Rec } from '@/api/types.ts'
import { rowsOf, type Meta } from '@/meta/meta.ts'
import { toWire } from '@/meta/wire.ts'

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What has to be written so that all is as before, also what was filled in on the way; null when nothing differs. */
export function wayBackTo(meta: Meta, entity: Entity, before: Rec, saved: Rec): Rec | null {
  const { id: _, ...was } = toWire(meta, entity, before)
  const is = toWire(meta, entity, saved)
  const back: Rec = {}
  for (const [name, value] of Object.entries(was)) {
    if (same(value, is[name])) continue
    const field = entity.fields.find((one) => one.name === name)
    if (field?.kind !== 'owned') back[name] = value
    else {
      // A line that is gone comes back as a new one.
      const there = new Set(rowsOf(is[name]).map((row) => row['id']))
      back[name] = rowsOf(value).map(({ id, ...row }) => (there.has(id) ? { id, ...row } : row)) as Rec[string]
    }
  }
  return Object.keys(back).length ? back : null
}
