//! Boxes that need much to be drawn. They are loaded with the first of them: the pages one comes to first have none.
import { Select, Switch, type SelectProps } from 'antd'
import { currencyName } from './currency.tsx'
import type { InputProps } from './kit.ts'

const COMMON = ['CNY', 'USD', 'EUR', 'GBP', 'JPY', 'HKD', 'TWD', 'KRW', 'SGD', 'AUD', 'CAD', 'CHF', 'INR', 'THB', 'VND', 'MYR', 'IDR', 'AED', 'BRL', 'MXN', 'ZAR', 'SEK', 'NOK', 'DKK', 'PLN', 'TRY', 'KWD']

/** One of some codes. */
function Codes({ value, onChange, field, id, error, disabled, autoFocus, bare, label, onPicked, own }: InputProps<string> & { own: SelectProps<string> }) {
  return (
    <Select<string>
      id={id}
      style={{ width: '100%' }}
      variant={bare ? 'borderless' : 'outlined'}
      value={value ?? undefined}
      status={error ? 'error' : undefined}
      disabled={disabled}
      autoFocus={autoFocus}
      allowClear={!field.required}
      aria-label={label}
      popupMatchSelectWidth={false}
      onChange={(next: string | undefined) => onChange(next ?? null)}
      onSelect={() => onPicked?.()}
      {...own}
    />
  )
}

export function ChoiceInput(props: InputProps<string>) {
  const { meta } = props.scene
  const choices = meta.choices(props.field.choice)
  return <Codes {...props} own={{ showSearch: choices.length > 8 ? { optionFilterProp: 'label' } : false, options: choices.map((one) => ({ value: one.code, label: meta.say(one.label) })) }} />
}

export function CurrencyInput(props: InputProps<string>) {
  const { value, scene } = props
  const codes = [...new Set([scene.companyCurrency, ...(value ? [value] : []), ...COMMON])]
  return <Codes {...props} own={{ showSearch: { optionFilterProp: 'label' }, options: codes.map((code) => ({ value: code, label: `${code} ${currencyName(code, scene.locale)}` })), labelRender: (option) => option.value }} />
}

export function BoolInput({ value, onChange, id, disabled, label, autoFocus, bare }: InputProps<boolean>) {
  return (
    <span style={{ display: 'flex', alignItems: 'center', minHeight: 32, padding: bare ? '0 8px' : 0 }}>
      <Switch id={id} size="small" checked={value ?? false} disabled={disabled} aria-label={label} autoFocus={autoFocus} onChange={onChange} />
    </span>
  )
}
