//! Where a note is written, with the names of colleagues after `@`.
import { Mentions } from 'antd'
import { useState } from 'react'
import { searchRefs } from '@/fields/ref.tsx'
import { isComposing } from '@/lib/keys.ts'
import { useScene } from '@/meta/meta.ts'
import type { Option } from '@/ui/ComboBox.tsx'

interface NoteBoxProps {
  value: string
  onChange: (text: string) => void
  /** Who was chosen from the list, by name. */
  named: Map<string, string>
  kind: string
  label: string
  placeholder?: string
  autoFocus?: boolean
  onSend: () => void
  onGiveUp?: () => void
}

export function NoteBox({ value, onChange, named, kind, label, placeholder, autoFocus, onSend, onGiveUp }: NoteBoxProps) {
  const scene = useScene()
  const [people, setPeople] = useState<readonly Option[]>([])
  const find = (text: string): void => void searchRefs(scene.meta, 'user', null, text, new AbortController().signal).then(setPeople, () => undefined)
  return (
    <Mentions
      className={`composer-text ${kind}`} rows={2} autoSize={{ minRows: 2, maxRows: 10 }} value={value} maxLength={10000} aria-label={label} placeholder={placeholder} autoFocus={autoFocus} dir="auto"
      options={people.map((one) => ({ value: one.label, label: one.label }))} filterOption={false} onSearch={find}
      onSelect={({ value: name }) => {
        const chosen = people.find((one) => one.label === name)
        if (chosen) named.set(chosen.label, chosen.key)
      }}
      onChange={onChange}
      onKeyDown={(event) => {
        if (isComposing(event.nativeEvent)) return
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          event.stopPropagation()
          onSend()
        } else if (event.key === 'Escape' && onGiveUp) {
          event.preventDefault()
          event.stopPropagation()
          onGiveUp()
        }
      }}
    />
  )
}
