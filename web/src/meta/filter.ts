//! Conditions over the fields of a record, as the server reads them.
import type { Condition, Filter, Json, Operator } from '@/api/types.ts'

export const OPERATORS: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'in', 'not_in', 'contains', 'starts', 'between', 'empty', 'not_empty', 'within', 'is']

export const RANGES = [
  'today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'this_quarter', 'last_quarter', 'this_year', 'last_year',
  'last_7_days', 'last_30_days', 'last_90_days', 'next_7_days', 'next_30_days',
] as const

/** As deep as the server reads. */
const DEPTH_MAX = 8

const isOperator = (value: unknown): value is Operator => OPERATORS.some((operator) => operator === value)

export const isGroup = (filter: Filter): filter is ['and' | 'or', ...Filter[]] => filter[0] === 'and' || filter[0] === 'or'
export const isNot = (filter: Filter): filter is ['not', Filter] => filter[0] === 'not'
export const isCondition = (filter: Filter): filter is Condition => !isGroup(filter) && !isNot(filter)
export const inside = (filter: ['and' | 'or', ...Filter[]]): Filter[] => filter.slice(1) as Filter[]
export const group = (join: 'and' | 'or', parts: readonly Filter[]): Filter => [join, ...parts]

/** Takes unknown JSON and gives a filter, or null when it is none. */
export function asFilter(json: unknown, depth = DEPTH_MAX): Filter | null {
  if (!Array.isArray(json) || depth === 0) return null
  const [head, second, third] = json as unknown[]
  if (head === 'and' || head === 'or') {
    const parts = json.slice(1).map((part) => asFilter(part, depth - 1))
    return parts.every((part) => part !== null) ? group(head, parts as Filter[]) : null
  }
  if (head === 'not') {
    const part = asFilter(second, depth - 1)
    return part && json.length === 2 ? ['not', part] : null
  }
  if (typeof head !== 'string' || !isOperator(second)) return null
  if (second === 'empty' || second === 'not_empty') return [head, second]
  return json.length === 3 ? [head, second, third as Json] : null
}

export function readFilter(text: string | undefined): Filter | null {
  if (!text) return null
  try {
    return simplify(asFilter(JSON.parse(text)))
  } catch {
    return null
  }
}

export const writeFilter = (filter: Filter | null): string | undefined => (filter ? JSON.stringify(filter) : undefined)

/** Removes empty groups and groups of one. */
export function simplify(filter: Filter | null): Filter | null {
  if (!filter) return null
  if (isNot(filter)) {
    const part = simplify(filter[1])
    return part ? ['not', part] : null
  }
  if (!isGroup(filter)) return filter
  const join = filter[0]
  const parts = inside(filter)
    .map(simplify)
    .filter((part): part is Filter => part !== null)
    .flatMap((part) => (isGroup(part) && part[0] === join ? inside(part) : [part]))
  if (parts.length === 0) return null
  return parts.length === 1 ? (parts[0] ?? null) : group(join, parts)
}

/** What stands as removable chips: the parts that must all hold. */
export function facets(filter: Filter | null): Filter[] {
  if (!filter) return []
  return isGroup(filter) && filter[0] === 'and' ? inside(filter) : [filter]
}

export const both = (a: Filter | null, b: Filter | null): Filter | null => simplify(group('and', [a, b].filter((part): part is Filter => part !== null)))

export const withoutFacet = (filter: Filter | null, index: number): Filter | null =>
  simplify(group('and', facets(filter).filter((_, at) => at !== index)))

/** What says which; a bound says how far, and two of them are from and to. */
const JOINED: readonly Operator[] = ['=', 'in', 'contains', 'starts', 'between', 'within', 'is']

/** The field of a facet that another one about the same field widens. */
function fieldOf(facet: Filter): string | null {
  if (isNot(facet)) return null
  if (!isGroup(facet)) return JOINED.includes(facet[1]) ? facet[0] : null
  const fields = new Set(inside(facet).map(fieldOf))
  const [only = null] = fields
  return facet[0] === 'or' && fields.size === 1 ? only : null
}

const listed = ([, operator, value]: Condition): Json[] | null => (operator === '=' ? [value ?? null] : operator === 'in' && Array.isArray(value) ? value : null)

function either(facet: Filter, condition: Condition): Filter {
  const parts = isGroup(facet) ? inside(facet) : [facet]
  if (parts.some((part) => JSON.stringify(part) === JSON.stringify(condition))) return facet
  const values = condition[1] === 'in' ? listed(condition) : null
  const at = values ? parts.findIndex((part) => isCondition(part) && listed(part)) : -1
  const here = parts[at]
  if (values && here && isCondition(here)) parts[at] = [condition[0], 'in', [...new Set([...(listed(here) ?? []), ...values])]]
  else parts.push(condition)
  return group('or', parts)
}

/** Facets of the same field widen what is seen, those of different fields and bounds narrow it. */
export function addFacet(filter: Filter | null, condition: Condition): Filter | null {
  const now = facets(filter)
  const at = now.findIndex((facet) => fieldOf(condition) !== null && fieldOf(facet) === condition[0])
  return simplify(group('and', at < 0 ? [...now, condition] : now.map((facet, index) => (index === at ? either(facet, condition) : facet))))
}

/** True when the value is still missing, so the condition is not sent yet. */
export function isUnfinished(condition: Condition): boolean {
  const [, operator, value] = condition
  if (operator === 'empty' || operator === 'not_empty') return false
  if (operator === 'between') return !Array.isArray(value) || value.length !== 2 || value.some((end) => end === null || end === '')
  if (operator === 'in' || operator === 'not_in') return !Array.isArray(value) || value.length === 0
  return value === undefined || value === null || value === ''
}

/** Without what is still being typed. */
export function finished(filter: Filter | null): Filter | null {
  if (!filter) return null
  if (isCondition(filter)) return isUnfinished(filter) ? null : filter
  if (isNot(filter)) {
    const part = finished(filter[1])
    return part ? ['not', part] : null
  }
  return simplify(group(filter[0], inside(filter).map(finished).filter((part): part is Filter => part !== null)))
}
