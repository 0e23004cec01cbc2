import { expect, test, vi } from 'vitest'
import type { Entity } from '@/api/types.ts'
import { askedNew, match } from '@/lib/match.ts'
import { Meta } from '@/meta/meta.ts'
import { makings, roles, wordsOf } from '@/shell/making.ts'

const role = (name: string, en: string, zh: string): object => ({ name, kind: 'bool', label: { en, zh } })
const party = { name: 'party', kind: 'master', label: { en: 'Party', zh: '往来单位' }, plural: { en: 'Parties', zh: '往来单位' }, can: { add: true }, fields: [role('is_customer', 'Customer', '客户'), role('is_person', 'Person', '个人'), { ...role('active', 'Active', '启用'), readonly: true }] } as unknown as Entity
const invoice = { name: 'invoice', kind: 'document', label: { en: 'Invoice', zh: '销售发票' }, plural: { en: 'Invoices', zh: '销售发票' }, can: { add: false }, fields: [] } as unknown as Entity

test('a record is begun by the name of what it can be, filled in so; what one may not make says so', () => {
  const meta = new Meta({ entities: { party, invoice }, choices: {}, reports: {}, modules: [] }, 'zh')
  const go = vi.fn()
  const commands = makings(meta, { newWhat: (what) => `新建${what}`, mayNot: '您无权新建' }, go)
  const best = (text: string): string | undefined => commands.map((command) => ({ command, score: match(askedNew(text) ?? '', `${command.label} ${command.words ?? ''}`) })).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)[0]?.command.id
  for (const text of ['新建客户', '新增客户', 'add customer', 'new customer', 'new client']) expect(best(text), text).toBe('new-party-is_customer')
  expect(best('新增联系人')).toBe('new-party-is_person')
  commands.find((command) => command.id === 'new-party-is_customer')?.run()
  expect(go).toHaveBeenCalledWith('/party/new?is_customer=true')
  expect(commands.find((command) => command.id === best('新建发票'))?.because).toBe('您无权新建')
  expect(roles(party).map((field) => field.name)).toEqual(['is_customer', 'is_person'])
  for (const text of ['客户', 'cust', '联系人']) expect(match(text, wordsOf(party)), text).toBeGreaterThan(0)
})
