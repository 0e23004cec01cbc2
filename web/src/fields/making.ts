//! A record made from the field that is to name it: what it has to be for that.
import { createContext, type ComponentType } from 'react'
import type { Entity, Filter, Problem, Rec } from '@/api/types.ts'
import type { Scene } from '@/meta/meta.ts'
import { codeField, latestCodes, nextCode } from './nextCode.ts'

/** `begun` is what is known of it; `problems` are why it could not be made of that alone; `whole`: all its fields are asked for. */
export interface MakeHereProps { entity: Entity; begun: Rec; problems: readonly Problem[]; whole: boolean; scene: Scene; onMade: (row: Rec) => void; onClose: () => void }

/** The window in which it is made. Fields know nothing of forms, so it is handed down to them. */
export const MakeHereContext = createContext<ComponentType<MakeHereProps>>(() => null)

/** What a record has to be so that the field finds it: a customer where customers are chosen. Only what every record found has. */
export function asWanted(entity: Entity, only: Filter | null | undefined): Rec {
  if (!only) return {}
  const [head, operator, value] = only as readonly unknown[]
  if (head === 'and') return Object.assign({}, ...only.slice(1).map((part) => asWanted(entity, part as Filter))) as Rec
  const field = operator === '=' && entity.fields.find((one) => one.name === head)
  const isPlain = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number'
  return field && isPlain && !field.readonly && !field.computed ? { [field.name]: value } : {}
}

/** The code it gets where those before it were counted on. */
export async function proposed(entity: Entity): Promise<Rec> {
  const field = codeField(entity)
  const code = field && entity.kind === 'master' ? nextCode(await latestCodes(entity.name)) : null
  return code ? { code } : {}
}
