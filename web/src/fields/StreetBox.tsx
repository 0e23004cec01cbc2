//! The street of an address in China. An address that is pasted whole falls into its parts.
import type { Rec } from '@/api/types.ts'
import { isEmpty } from '@/meta/meta.ts'
import { TextBox, type BoxProps } from '@/ui/boxes.tsx'
import { china, splitAddress } from './regions.ts'

interface StreetBoxProps extends BoxProps { value: string; max?: number; record: Rec; onChange: (value: string | null) => void; onFill?: (values: Rec) => void }

export default function StreetBox({ value, max, record, onChange, onFill, ...box }: StreetBoxProps) {
  const onPaste = (text: string): void => {
    // What was said before of the places is not overruled by a paste.
    if (!onFill || value !== '' || ['region', 'city', 'district'].some((name) => !isEmpty(record[name]))) return
    // Without the map it stays as it was pasted.
    china().then((map) => {
      const parts = splitAddress(map, text)
      if (parts) onFill({ region: parts.region, city: parts.city, district: parts.district || null, line: parts.line })
    }, () => undefined)
  }
  return <div style={{ width: '100%' }} onPaste={(event) => onPaste(event.clipboardData.getData('text'))}><TextBox {...box} value={value} max={max} onChange={(next) => onChange(next || null)} /></div>
}
