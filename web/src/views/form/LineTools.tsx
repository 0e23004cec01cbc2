//! Below the lines: one more, or many chosen from all there are.
import { AppstoreAddOutlined, PlusOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entity, Field } from '@/api/types.ts'
import { add as plus } from '@/lib/decimal.ts'
import { idOf, textOf, type Scene } from '@/meta/meta.ts'
import type { Picked } from './Catalogue.tsx'
import { addRow, blankRow, isBlank, shownRow, typeCell, type Draft } from './draft.ts'
import { fixed } from './lineColumns.ts'

const Catalogue = lazy(() => import('./Catalogue.tsx'))

/** What was chosen, as lines: more of what is there already, new ones for the rest. */
export function withPicked(draft: Draft, owned: string, line: Entity, lead: Field, count: Field, picked: readonly Picked[]): Draft {
  return picked.reduce((now, { id, label, qty }) => {
    const rows = now.rows[owned] ?? []
    const same = rows.find((row) => idOf(shownRow(row)[lead.name]) === id)
    if (same) return typeCell(now, owned, line, same.key, count.name, plus(textOf(shownRow(same)[count.name]) || '0', qty))
    const blank = rows.find(isBlank)
    const row = blank ?? blankRow()
    const named = typeCell(blank ? now : addRow(now, owned, rows.length, row), owned, line, row.key, lead.name, { id, label })
    return typeCell(named, owned, line, row.key, count.name, qty)
  }, draft)
}

interface LineToolsProps { owned: string; line: Entity; lead: Field | undefined; scene: Scene; add: () => void; change: (step: (draft: Draft) => Draft) => void }

export function LineTools({ owned, line, lead, scene, add, change }: LineToolsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const count = line.fields.find((field) => field.kind === 'qty' && field.required && !fixed(field))
  const entity = lead?.kind === 'ref' && lead.entity ? scene.meta.entity(lead.entity) : undefined
  return (
    <div className="add-lines">
      <button type="button" className="quiet add-line" onClick={add}><PlusOutlined />{t('form.add_line')}</button>
      {lead && count && entity?.can.see && <button type="button" className="quiet add-line" data-catalogue-open onClick={() => setOpen(true)}><AppstoreAddOutlined />{t('catalogue.open', { what: scene.meta.say(entity.plural) })}</button>}
      {open && lead && count && entity && <Suspense><Catalogue entity={entity} lead={lead} scene={scene} onClose={() => setOpen(false)} onPick={(picked) => {
        setOpen(false)
        change((now) => withPicked(now, owned, line, lead, count, picked))
      }} /></Suspense>}
    </div>
  )
}
