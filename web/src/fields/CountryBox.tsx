//! A country: found by its name in either language, by pinyin, initials or code.
import { Select } from 'antd'
import { useState } from 'react'
import { ComboBox, type Option } from '@/ui/ComboBox.tsx'
import type { Scene } from '@/meta/meta.ts'
import { countries, searchCountries, type Country } from './countries.ts'
import { countryName } from './country.tsx'
import type { InputProps } from './kit.ts'

const optionOf = ({ code, en, zh }: Country, { lang, locale }: Scene): Option => ({ key: code, label: countryName(code, locale), hint: `${lang === 'zh' ? en : zh} · ${code}` })

async function search(text: string, scene: Scene): Promise<Option[]> {
  const { compare } = new Intl.Collator(scene.locale)
  return searchCountries(await countries(), text, ({ code }) => countryName(code, scene.locale), compare).map((country) => optionOf(country, scene))
}

export default function CountryBox({ value, onChange, field, scene, onPicked, record: _, parent: __, onFill: ___, ...box }: InputProps<string>) {
  return <ComboBox {...box} value={value ? { key: value, label: countryName(value, scene.locale) } : null} onChange={(option) => onChange(option?.key ?? null)} search={(text) => search(text, scene)} onPicked={onPicked} clearable={!field.required} />
}

/** Several of them, as a condition names them. */
export function CountryMany({ value, onChange, label, scene }: { value: string[]; onChange: (value: string[]) => void; label: string; scene: Scene }) {
  const [options, setOptions] = useState<Option[]>([])
  const [open, setOpen] = useState(false)
  const taken = (codes: string[]): void => {
    onChange(codes)
    // What lies below is not covered any longer; typing opens it again.
    setOpen(false)
  }
  const look = (text: string): void => void search(text, scene).then(setOptions, () => setOptions([]))
  return (
    <Select<string[]>
      mode="multiple" style={{ width: '100%' }} aria-label={label} value={value} onChange={taken} open={open} onOpenChange={setOpen} onFocus={() => look('')}
      showSearch={{ filterOption: false, onSearch: look }} options={options.map((option) => ({ value: option.key, label: option.label }))}
      labelRender={(option) => countryName(String(option.value), scene.locale)}
    />
  )
}
