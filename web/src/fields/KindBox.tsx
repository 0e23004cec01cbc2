import { match } from '@/lib/match.ts'
import type { Meta } from '@/meta/meta.ts'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import type { BoxProps } from '@/ui/boxes.tsx'
import { kindsOf } from './kinds.ts'

interface KindBoxProps extends BoxProps { value: string; onChange: (entity: string | null) => void; meta: Meta; clearable?: boolean; onPicked?: () => void }

/** Chooses a kind of record by its name. */
export default function KindBox({ value, onChange, meta, ...box }: KindBoxProps) {
  const labelOf = (name: string): string => meta.say(meta.entity(name)?.label) || name
  const search = async (text: string): Promise<Option[]> => kindsOf(meta)
    .map((entity) => ({ entity, score: match(text, `${meta.say(entity.label)} ${meta.say(entity.plural)} ${entity.label.en}`) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entity }) => ({ key: entity.name, label: meta.say(entity.label) }))
  return <ComboBox {...box} value={value ? { key: value, label: labelOf(value) } : null} onChange={(option) => onChange(option?.key ?? null)} search={search} />
}
