//! Amounts in words, as printed on documents: 壹仟贰佰元整 and one thousand two hundred.
import { digits, round } from './decimal.ts'

const DIGIT = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖']
const PLACE = ['', '拾', '佰', '仟']
const GROUP = ['', '万', '亿', '万']

const CURRENCY_ZH: Record<string, string> = {
  CNY: '人民币', USD: '美元', EUR: '欧元', GBP: '英镑', JPY: '日元', HKD: '港元', TWD: '新台币', SGD: '新加坡元', AUD: '澳元', CAD: '加元', KRW: '韩元',
}

/** Four digits: 1005 → 壹仟零伍. */
function four(group: string): string {
  let out = ''
  let zero = false
  for (let index = 0; index < group.length; index += 1) {
    const digit = Number(group[index])
    if (digit === 0) {
      zero = out !== ''
      continue
    }
    out += (zero ? '零' : '') + DIGIT[digit] + PLACE[group.length - 1 - index]
    zero = false
  }
  return out
}

function wholeZh(whole: string): string {
  const groups: string[] = []
  for (let end = whole.length; end > 0; end -= 4) groups.unshift(whole.slice(Math.max(0, end - 4), end))
  let out = ''
  let gap = false
  groups.forEach((group, index) => {
    const words = four(group)
    if (words === '') {
      gap = out !== ''
      return
    }
    // A missing thousand inside the number is read as one 零: 10 0500 → 壹拾万零伍佰.
    const leads = out !== '' && (gap || group.length === 4 && group.startsWith('0'))
    out += (leads ? '零' : '') + words + (GROUP[groups.length - 1 - index] ?? '')
    gap = false
    // 壹万 of 亿: the 亿 is said here when no other 亿 follow.
    const place = groups.length - 1 - index
    if (place === 3 && four(groups[index + 1] ?? '') === '') out += '亿'
  })
  return out
}

/** 大写金额, by the rules for bank notes: 整 only when nothing follows the 元 or the 角. */
export function amountZh(value: string, currency = 'CNY'): string {
  const places = Math.min(2, digits(currency))
  const text = round(value, places)
  const negative = text.startsWith('-')
  const [whole = '0', part = ''] = text.replace('-', '').split('.')
  const jiao = Number(part[0] ?? '0')
  const fen = Number(part[1] ?? '0')
  const yuan = wholeZh(whole.replace(/^0+/, ''))
  let out = yuan ? `${yuan}元` : ''
  if (jiao === 0 && fen === 0) out = `${out || '零元'}整`
  else {
    if (jiao > 0) out += `${DIGIT[jiao]}角`
    else if (out) out += '零'
    out += fen > 0 ? `${DIGIT[fen]}分` : '整'
  }
  const name = CURRENCY_ZH[currency] ?? currency
  return `${name}${negative ? '负' : ''}${out}`
}

const ONES = [
  '', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen',
  'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen',
]
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const SCALES = ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion']

function three(group: number): string {
  const hundreds = Math.floor(group / 100)
  const rest = group % 100
  const words: string[] = []
  if (hundreds) words.push(`${ONES[hundreds]} hundred`)
  if (rest) {
    // No `and` here: it is kept for the hundredths, which end the amount.
    const small = rest < 20 ? ONES[rest] : TENS[Math.floor(rest / 10)] + (rest % 10 ? `-${ONES[rest % 10]}` : '')
    words.push(`${small}`)
  }
  return words.join(' ')
}

function wholeEn(whole: string): string {
  if (/^0*$/.test(whole)) return 'zero'
  const groups: number[] = []
  for (let end = whole.length; end > 0; end -= 3) groups.unshift(Number(whole.slice(Math.max(0, end - 3), end)))
  return groups
    .map((group, index) => (group ? `${three(group)} ${SCALES[groups.length - 1 - index] ?? ''}`.trim() : ''))
    .filter(Boolean)
    .join(' ')
}

/** `CNY one thousand two hundred and 50/100`. */
export function amountEn(value: string, currency = 'CNY'): string {
  const places = digits(currency)
  const text = round(value, places)
  const negative = text.startsWith('-')
  const [whole = '0', part = ''] = text.replace('-', '').split('.')
  const words = `${negative ? 'minus ' : ''}${wholeEn(whole)}`
  const tail = places === 0 ? 'only' : /^0*$/.test(part) ? 'only' : `and ${part}/${'1'.padEnd(places + 1, '0')}`
  return `${currency} ${words} ${tail}`
}
