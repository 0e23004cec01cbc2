import { expect, test } from 'vitest'
import { openingOf } from '@/views/list/OpensFor.tsx'

const view = (id: string, owner: string, more: Record<string, unknown> = {}) => ({ id, owner: { id: owner, label: owner }, is_default: false, for_role: null, ...more }) as never

test('one opens with what one chose, else with what was chosen for the first role, else for everybody', () => {
  const views = [view('all', 'us_1', { for_role: '*' }), view('reps', 'us_1', { for_role: 'sales_rep', is_default: true }), view('keepers', 'us_1', { for_role: 'warehouse' }), view('mine', 'us_2', { is_default: true })]
  const opens = (user: string, ...roles: string[]): unknown => openingOf(views, user, roles)?.['id']
  expect(opens('us_2', 'sales_rep')).toBe('mine')
  expect(opens('us_3', 'sales_rep', 'warehouse')).toBe('reps')
  expect(opens('us_3', 'warehouse', 'sales_rep')).toBe('keepers')
  expect(opens('us_3', 'accountant')).toBe('all')
  expect(opens('us_1', 'accountant')).toBe('reps')
  expect(openingOf([], 'us_1', ['sales_rep'])).toBeUndefined()
})
