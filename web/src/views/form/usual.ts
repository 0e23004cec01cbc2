//! What a new document stands in until its customer says otherwise: the company's own currency.
import type { Entity, Rec } from '@/api/types.ts'
import { isEmpty } from '@/meta/meta.ts'

/** Shown from the start, so that nothing moves when it is filled in. It is not sent: the server knows whose currency it will be. */
export function withUsual(entity: Entity, record: Rec, companyCurrency: string): Rec {
  if (entity.kind !== 'document' || !isEmpty(record['currency']) || !entity.fields.some((field) => field.kind === 'amount' && field.currency === 'currency')) return record
  return { ...record, currency: companyCurrency, ...(entity.fields.some((field) => field.name === 'rate' && field.factor) ? { rate: '1' } : {}) }
}
