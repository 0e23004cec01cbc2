//! The commands that begin a new record, by the name of what is made or of what it can be: a customer is a party.
import type { Entity, Field } from '@/api/types.ts'
import type { Command } from '@/lib/commands.ts'
import { href } from '@/lib/go.tsx'
import type { Meta } from '@/meta/meta.ts'

/** What the records of an entity can be: `is_customer` of parties. */
export const roles = (entity: Entity): Field[] => (entity.kind === 'master' ? entity.fields.filter((field) => field.kind === 'bool' && field.name.startsWith('is_') && !field.readonly) : [])

/** Words for a role beside its label. */
const WORDS: Readonly<Record<string, string>> = { is_customer: 'client 顾客', is_supplier: 'vendor 供货商', is_person: 'contact 联系人' }

/** The words the list of an entity is found by: its name and what its records can be, in both languages. */
export const wordsOf = (entity: Entity): string => [entity.name, ...roles(entity).map((role) => `${role.label.en} ${role.label.zh} ${WORDS[role.name] ?? ''}`)].join(' ')

interface Texts { newWhat: (what: string) => string; mayNot: string }

export function makings(meta: Meta, { newWhat, mayNot }: Texts, go: (to: string) => void): Command[] {
  const made = Object.values(meta.data.entities).filter((entity) => entity.kind === 'document' || entity.kind === 'master')
  return made.flatMap((entity): Command[] => {
    const command = (id: string, what: string, words: string, to: string): Command => ({ id, label: newWhat(what), group: 'app', words, makes: true, ...(entity.can.add ? {} : { because: mayNot }), run: () => go(to) })
    return [
      command(`new-${entity.name}`, meta.say(entity.label), entity.name, `/${entity.name}/new`),
      ...roles(entity).map((role) => command(`new-${entity.name}-${role.name}`, meta.say(role.label), `${role.label.en} ${role.label.zh} ${WORDS[role.name] ?? ''} ${entity.name}`, href(`/${entity.name}/new`, { [role.name]: 'true' }))),
    ]
  })
}
