import { Select } from 'antd'
import { no, ok, type FieldKit } from './kit.ts'

const COMMON = ['CNY', 'USD', 'EUR', 'GBP', 'JPY', 'HKD', 'TWD', 'KRW', 'SGD', 'AUD', 'CAD', 'CHF', 'INR', 'THB', 'VND', 'MYR', 'IDR', 'AED', 'BRL', 'MXN', 'ZAR', 'SEK', 'NOK', 'DKK', 'PLN', 'TRY', 'KWD']

const name = (code: string, locale: string): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'currency' }).of(code) ?? code
  } catch {
    return code
  }
}

export const currency: FieldKit<string> = {
  Cell: ({ value, scene }) => <span title={name(value, scene.locale)}>{value}</span>,
  Input: ({ value, onChange, field, scene, id, error, disabled, autoFocus, bare, label, onPicked }) => (
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
      showSearch={{ optionFilterProp: 'label' }}
      options={[...new Set([scene.companyCurrency, ...(value ? [value] : []), ...COMMON])].map((code) => ({ value: code, label: `${code} ${name(code, scene.locale)}` }))}
      labelRender={(option) => option.value}
      onChange={(next: string | undefined) => onChange(next ?? null)}
      onSelect={() => onPicked?.()}
    />
  ),
  format: (value) => value,
  parse: (typed) => (/^[A-Za-z]{3}$/.test(typed.trim()) ? ok(typed.trim().toUpperCase()) : no('not a currency')),
  filters: ['=', '!=', 'in', 'empty', 'not_empty'],
  aggregates: [],
  width: 80,
}
