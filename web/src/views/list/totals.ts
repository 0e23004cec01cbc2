//! The foot of a list: what is asked for each column, and what the answers say.
import type { Entity, Field, Group } from '@/api/types.ts'
import { digits, divide, round, trim } from '@/lib/decimal.ts'
import type { Column, Total, Totals } from './columns.ts'

const NUMBERS: ReadonlySet<Field['kind']> = new Set(['amount', 'qty', 'price', 'rate', 'int'])
const DAYS: ReadonlySet<Field['kind']> = new Set(['date', 'instant'])

/** What can be told of all values of a field. Prices and rates are not added. */
export function totalsOf(path: string, field: Field): Total[] {
  if (path.includes('.') || ['id', 'owned', 'json', 'doc', 'long_text'].includes(field.kind)) return []
  const counts: Total[] = ['filled', 'empty', 'unique', 'share']
  if (NUMBERS.has(field.kind)) return [...(field.kind === 'price' || field.kind === 'rate' ? [] : ['sum' as const]), 'average', 'min', 'max', ...counts]
  if (DAYS.has(field.kind)) return ['min', 'max', ...counts]
  return counts
}

/** The field with the currency an amount is in; none when it is the company's. */
export function currencyField(entity: Entity, field: Field): string | null {
  if (field.kind !== 'amount' || !field.currency || field.currency === 'company.currency') return null
  return entity.fields.some((one) => one.name === field.currency && one.kind === 'currency') ? field.currency : null
}

export interface Asked { group?: string; sum?: string; min?: string; max?: string; filled?: string; unique?: string }

/** One question for all columns, and one for each field of currencies. */
export function questions(entity: Entity, columns: readonly Column[], totals: Totals): Asked[] {
  const made = new Map<string, Record<'sum' | 'min' | 'max' | 'filled' | 'unique', Set<string>>>()
  for (const { path, field } of columns) {
    const total = totals[path]
    if (!total || !totalsOf(path, field).includes(total)) continue
    const by = currencyField(entity, field) ?? ''
    const into = made.get(by) ?? { sum: new Set(), min: new Set(), max: new Set(), filled: new Set(), unique: new Set() }
    made.set(by, into)
    if (total === 'sum' || total === 'min' || total === 'max' || total === 'unique') into[total].add(path)
    if (total === 'average') into.sum.add(path)
    if (total === 'average' || total === 'filled' || total === 'empty' || total === 'share') into.filled.add(path)
  }
  return [...made].map(([by, parts]) => ({ ...(by ? { group: by } : {}), ...Object.fromEntries(Object.entries(parts).filter(([, names]) => names.size).map(([name, names]) => [name, [...names].join(',')])) }))
}

/** The figures of a column; several where there are several currencies. */
export function figures(column: Column, total: Total, groups: readonly Group[], companyCurrency: string): { currency: string; value: string | null }[] {
  return groups.flatMap((group) => {
    const key = group.key[0]
    const currency = typeof key === 'string' ? key : companyCurrency
    const filled = Number(group.filled?.[column.path] ?? 0)
    const value = ((): string | null => {
      switch (total) {
        case 'sum': return text(group.sum?.[column.path])
        case 'min': return text(group.min?.[column.path])
        case 'max': return text(group.max?.[column.path])
        case 'filled': return String(filled)
        case 'empty': return String(group.count - filled)
        case 'unique': return String(group.unique?.[column.path] ?? 0)
        case 'share': return group.count === 0 ? null : trim(round(divide(String(filled * 100), String(group.count)) ?? '0', 1))
        case 'average': {
          const mean = filled === 0 ? null : divide(text(group.sum?.[column.path]) ?? '0', String(filled))
          return mean === null ? null : round(mean, column.field.kind === 'amount' ? digits(currency) : 2)
        }
      }
    })()
    return [{ currency, value }]
  })
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null)
