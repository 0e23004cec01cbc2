//! Exact decimals. Money and quantities travel as text and are added as whole numbers; a float never touches them.

/** A decimal as a whole number of 10^-scale. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?$/
/** Digits a division keeps: what the server keeps of quantities, prices and rates. */
const DIVISION_SCALE = 6

const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent)

/** Reads `-12.50`; null for anything else. */
export function read(text: string): Decimal | null {
  const match = PATTERN.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', part = ''] = match
  if (whole === '' && part === '') return null
  const units = BigInt(whole + part || '0')
  return { units: sign === '-' ? -units : units, scale: part.length }
}

/** Reads text that is known to be a decimal; nonsense counts as zero. */
const known = (text: string): Decimal => read(text) ?? { units: 0n, scale: 0 }

export function write({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(digits.length - scale)}`
}

const align = (a: Decimal, b: Decimal): [bigint, bigint, number] => {
  const scale = Math.max(a.scale, b.scale)
  return [a.units * pow10(scale - a.scale), b.units * pow10(scale - b.scale), scale]
}

const plus = (a: Decimal, b: Decimal): Decimal => {
  const [left, right, scale] = align(a, b)
  return { units: left + right, scale }
}
const times = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale })

/** Half away from zero, as the server rounds. */
function rescale(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return { units: value.units * pow10(scale - value.scale), scale }
  const by = pow10(value.scale - scale)
  const half = by / 2n
  const units = value.units < 0n ? -((-value.units + half) / by) : (value.units + half) / by
  return { units, scale }
}

export const add = (a: string, b: string): string => write(plus(known(a), known(b)))
export const subtract = (a: string, b: string): string => add(a, negate(b))
export const multiply = (a: string, b: string): string => write(times(known(a), known(b)))
export const sum = (values: readonly string[]): string => values.reduce(add, '0')
export const round = (value: string, scale: number): string => write(rescale(known(value), scale))

/** `a / b` to six digits; null when b is zero. */
export function divide(a: string, b: string, scale = DIVISION_SCALE): string | null {
  const left = known(a)
  const right = known(b)
  if (right.units === 0n) return null
  const extra = { units: left.units * pow10(scale + 1 + right.scale), scale: left.scale + scale + 1 + right.scale }
  const quotient = { units: extra.units / right.units, scale: extra.scale - right.scale }
  return write(rescale(quotient, scale))
}

export function negate(value: string): string {
  const { units, scale } = known(value)
  return write({ units: -units, scale })
}

export function compare(a: string, b: string): number {
  const [left, right] = align(known(a), known(b))
  return left < right ? -1 : left > right ? 1 : 0
}

export const isZero = (value: string): boolean => known(value).units === 0n
export const isNegative = (value: string): boolean => known(value).units < 0n

/** Without needless zeros: `2.500` → `2.5`, `3.00` → `3`. */
export function trim(value: string): string {
  if (!value.includes('.')) return value
  return value.replace(/\.?0+$/, '')
}

/** Moves the point: `shift('0.13', 2)` is `13`. */
export function shift(value: string, places: number): string {
  const { units, scale } = known(value)
  const moved = scale - places
  return trim(write(moved >= 0 ? { units, scale: moved } : { units: units * pow10(-moved), scale: 0 }))
}

/** Only for drawing: a chart's pixel needs no exactness. */
export const approximate = (value: string): number => Number(value)

/** Groups of thousands, of the Chinese ten thousands, or as in India, between these marks. */
const grouped = (text: string, mark: string): boolean =>
  [/^\d{1,3}(,\d{3})+$/, /^\d{1,4}(,\d{4})+$/, /^\d{1,2}(,\d{2})*,\d{3}$/].some((groups) => groups.test(text.replaceAll(mark, ',')))

/** A number with a point, whichever of comma and point stands for it; what may be both is grouped by commas, as we show it. */
function pointed(text: string): string {
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')]
  const decimal = comma > point && (point >= 0 || !grouped(text, ',')) ? ',' : point > comma && text.indexOf('.') === point ? '.' : ''
  const [mark, at] = [decimal === ',' ? '.' : decimal === '.' ? ',' : comma > point ? ',' : '.', decimal ? text.lastIndexOf(decimal) : text.length]
  const whole = text.slice(0, at)
  // Marks that group nothing are not understood, rather than passed over.
  if (whole.includes(mark) ? !grouped(whole, mark) : /[.,]/.test(whole)) return '..'
  return whole.replaceAll(mark, '') + (decimal ? `.${text.slice(at + 1)}` : '')
}

// What people type: full-width digits and signs, thousands marks, spaces, currency signs.
const tidy = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s'_]/g, '')
    .replace(/[¥$€£%]/g, '')
    .replace(/[\d.,]+/g, pointed)
    .replace(/×/g, '*')
    .replace(/÷/g, '/')
    .replace(/[−–]/g, '-')
    .replace(/^=/, '')

/**
 * Reads what a person typed, simple arithmetic included (`3*12+0.5`).
 * Gives a decimal as text, or null when it is not one.
 */
export function evaluate(text: string): string | null {
  const source = tidy(text)
  if (source === '' || source.length > 60) return null
  let at = 0
  const peek = (): string => source[at] ?? ''

  function factor(): Decimal | null {
    if (peek() === '-') {
      at += 1
      const inner = factor()
      return inner && { units: -inner.units, scale: inner.scale }
    }
    if (peek() === '+') {
      at += 1
      return factor()
    }
    if (peek() === '(') {
      at += 1
      const inner = expression()
      if (peek() !== ')') return null
      at += 1
      return inner
    }
    const start = at
    while (/[\d.]/.test(peek())) at += 1
    return start === at ? null : read(source.slice(start, at))
  }

  function term(): Decimal | null {
    let left = factor()
    while (left && (peek() === '*' || peek() === '/')) {
      const operator = peek()
      at += 1
      const right = factor()
      if (!right) return null
      if (operator === '*') left = times(left, right)
      else {
        const quotient = divide(write(left), write(right))
        left = quotient === null ? null : read(trim(quotient))
      }
    }
    return left
  }

  function expression(): Decimal | null {
    let left = term()
    while (left && (peek() === '+' || peek() === '-')) {
      const operator = peek()
      at += 1
      const right = term()
      if (!right) return null
      left = plus(left, operator === '+' ? right : { units: -right.units, scale: right.scale })
    }
    return left
  }

  const value = expression()
  return value && at === source.length ? write(value) : null
}

const formats = new Map<string, Intl.NumberFormat>()

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options)
  let found = formats.get(key)
  if (!found) {
    found = new Intl.NumberFormat(locale, options)
    formats.set(key, found)
  }
  return found
}

// Intl takes decimal text and keeps every digit; TypeScript only knows the literal form.
const exact = (value: string): Intl.StringNumericLiteral => value as Intl.StringNumericLiteral

export function digits(currency: string): number {
  try {
    return formatter('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

export function formatNumber(value: string, locale: string, most = DIVISION_SCALE, least = 0): string {
  return formatter(locale, { minimumFractionDigits: least, maximumFractionDigits: most }).format(exact(value))
}

/** `symbol`: how the currency is shown; `none` leaves the bare number with the currency's digits. */
export function formatMoney(value: string, locale: string, currency: string, symbol: 'symbol' | 'code' | 'none' = 'symbol'): string {
  const places = digits(currency)
  if (symbol === 'none' || currency === '') return formatNumber(value, locale, places, places)
  try {
    return formatter(locale, {
      style: 'currency',
      currency,
      currencyDisplay: symbol === 'code' ? 'code' : 'narrowSymbol',
    }).format(exact(value))
  } catch {
    return `${currency} ${formatNumber(value, locale, 2, 2)}`
  }
}

/** For the head of a card: `1.2M`, `120万`. */
export function formatShort(value: string, locale: string, currency?: string): string {
  return formatter(locale, {
    notation: 'compact',
    maximumFractionDigits: 1,
    ...(currency ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {}),
  }).format(exact(value))
}
