//! What one needs on the way, without a network: who one is, and the names of the records opened last.
import { recall, remember } from './local.ts'

export interface Met { entity: string; id: string; label: string }
export interface Outing { user: string; name: string; met: Met[] }

const MOST = 40
const isMet = (value: unknown): value is Met => typeof value === 'object' && value !== null && 'entity' in value && 'id' in value && 'label' in value
const isOuting = (value: unknown): value is Outing => typeof value === 'object' && value !== null && 'user' in value && 'name' in value && 'met' in value && Array.isArray(value.met) && value.met.every(isMet)

export const outing = (): Outing | null => recall<Outing | null>('outing', (value): value is Outing | null => isOuting(value), null)

/** Another person on this device begins anew. */
export function isWith(user: string, name: string): void {
  const before = outing()
  remember('outing', { user, name, met: before?.user === user ? before.met : [] })
}

export function met(user: string, one: Met): void {
  const before = outing()
  if (before?.user !== user) return
  remember('outing', { ...before, met: [one, ...before.met.filter((other) => other.id !== one.id)].slice(0, MOST) })
}

/** Signing out on purpose leaves no names behind. */
export const forgetOuting = (): void => remember('outing', null)
