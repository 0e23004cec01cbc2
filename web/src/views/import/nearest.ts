//! What a value of a file that nobody knows probably means: the most alike of what there is.

/** Something a value can mean, with the names it goes by. */
export interface Candidate { value: string; label: string; names: readonly string[] }
export interface Near extends Candidate { sure: number }

/** From here on it is the same name, but for signs, letter case and what companies put after theirs. */
export const NEARLY_EQUAL = 0.9
/** Less alike than this is not proposed. */
const ALIKE = 0.6
const SAME_WORD = 0.85

/** Words that mean the same, and that no letters tell. */
const SAME: readonly (readonly string[])[] = [
  ['pcs', 'pc', 'pce', 'piece', 'pieces', 'ea', 'each', 'unit', 'units', 'stk', 'stück', '个', '件', '只', '支', '台', '把', '枚'],
  ['box', 'carton', 'ctn', 'case', '箱', '盒'], ['set', 'sets', '套'], ['pair', 'pairs', '双', '对'], ['roll', 'rolls', '卷'], ['bag', 'bags', '袋', '包'],
  ['kg', 'kgs', 'kilogram', 'kilo', '千克', '公斤'], ['g', 'gram', 'gramme', '克'], ['t', 'ton', 'tonne', '吨'],
  ['m', 'meter', 'metre', '米'], ['cm', 'centimetre', 'centimeter', '厘米', '公分'], ['m2', 'm²', 'sqm', '平方米', '平米'], ['l', 'liter', 'litre', '升'], ['ml', '毫升'],
  ['hour', 'hours', 'h', 'hr', 'hrs', '小时', '时'], ['day', 'days', 'd', '天', '日'],
  ['cny', 'rmb', 'yuan', '人民币', '元'], ['usd', 'us$', 'dollar', '美元', '美金'], ['eur', 'euro', '€', '欧元'], ['gbp', '£', 'pound', '英镑'], ['jpy', 'yen', '日元'], ['hkd', 'hk$', '港币', '港元'],
]

const LEGAL = /(有限责任公司|股份有限公司|有限公司|公司|\b(co|company|ltd|limited|llc|inc|incorporated|corp|corporation|gmbh|ag|bv|sarl|plc)\b)/gu

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

/** How alike two names are, from 0 to 1. */
export function likeness(one: string, other: string): number {
  const [a, b] = [plain(one), plain(other)]
  const [left, right] = [letters(a), letters(b)]
  if (a === b) return 1
  if (left === '' || right === '') return 0
  if (left === right) return 0.97
  const [own, theirs] = [letters(a.replace(LEGAL, '')), letters(b.replace(LEGAL, ''))]
  if (own !== '' && own === theirs) return 0.92
  if (SAME.some((words) => words.includes(a.trim()) && words.includes(b.trim()))) return SAME_WORD
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  const enough = /\P{ASCII}/u.test(short) ? 2 : 4
  if (short.length < enough) return 0
  const inside = long.includes(short) ? 0.6 + (0.25 * short.length) / long.length : 0
  return Math.max(inside, 0.89 * (1 - distance(left, right) / long.length))
}

/** How many letters must be put in, taken out or replaced to make one of the other (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, sign] of [...one].entries()) {
    const next = [at + 1]
    for (const [to, letter] of [...other].entries()) next.push(Math.min((row[to] ?? 0) + Number(sign !== letter), (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1))
    row = next
  }
  return row[other.length] ?? 0
}

/** The most alike of some; of two that are equally so none, for which is meant is for a person to say. */
export function nearest(text: string, candidates: readonly Candidate[]): Near | null {
  const scored = candidates.map((one): Near => ({ ...one, sure: Math.max(0, ...one.names.map((name) => likeness(text, name))) })).sort((a, b) => b.sure - a.sure)
  const [best, second] = scored
  if (!best || best.sure < ALIKE) return null
  return second && second.sure === best.sure ? { ...best, sure: Math.min(best.sure, SAME_WORD) } : best
}
