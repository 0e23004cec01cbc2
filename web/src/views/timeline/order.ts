//! Rows in the order asked for. The server is asked by days, the nearest first; what has come is sorted here as it would be there.
import type { Entity, Field, Rec, Value } from '@/api/types.ts'
import { compare } from '@/lib/decimal.ts'
import { isEmpty, textOf, type Scene } from '@/meta/meta.ts'

const FIGURES = new Set<Field['kind']>(['amount', 'qty', 'price', 'rate'])

function weigh(field: Field, a: Value, b: Value, scene: Scene): number {
  // What is empty is the smallest.
  if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(b)) - Number(isEmpty(a))
  if (FIGURES.has(field.kind)) return compare(textOf(a), textOf(b))
  if (field.kind === 'int' || field.kind === 'bool') return Number(a) - Number(b)
  if (field.kind === 'choice') {
    const codes = scene.meta.choices(field.choice).map((choice) => choice.code)
    return codes.indexOf(textOf(a)) - codes.indexOf(textOf(b))
  }
  return textOf(a).localeCompare(textOf(b), scene.locale)
}

/** Compares two records by `sort`; 0 where it says nothing of them. */
export function bySort(scene: Scene, entity: Entity, sort: readonly string[]): (a: Rec, b: Rec) => number {
  const keys = sort.flatMap((one) => {
    const path = one.replace(/^-/, '')
    const field = scene.meta.fieldAt(entity, path)
    return field ? [{ path, field, sign: one.startsWith('-') ? -1 : 1 }] : []
  })
  return (a, b) => {
    for (const { path, field, sign } of keys) {
      const found = weigh(field, a[path], b[path], scene)
      if (found !== 0) return sign * found
    }
    return 0
  }
}
