import type { Operator } from '@/api/types.ts'

const NAMES: Record<Operator, string> = {
  '=': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', in: 'in', not_in: 'not_in', contains: 'contains', starts: 'starts',
  between: 'between', empty: 'empty', not_empty: 'not_empty', within: 'within', is: 'is',
}
/** The key of an operator's word; dates have their own for before and after. */
export const operatorKey = (operator: Operator, kind: string): string =>
  (kind === 'date' || kind === 'instant') && ['<', '<=', '>', '>=', '='].includes(operator) ? `operator.date_${NAMES[operator]}` : `operator.${NAMES[operator]}`
