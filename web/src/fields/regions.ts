//! Provinces, cities and districts: looked through by signs, pinyin and initials. The map itself is read when it is wanted.

export interface Place { name: string; pinyin: string; initials: string; below: Place[] }
/** Where a place is; what is finer than it stays out. */
export interface Where { region?: string; city?: string; district?: string }

/** How deep a place lies stands in the blanks before it. */
export function parseRegions(text: string): Place[] {
  const top: Place[] = []
  const path: Place[][] = [top]
  for (const row of text.split('\n')) {
    const depth = row.length - row.trimStart().length
    const [name = '', said = ''] = row.trim().split('\t')
    if (name === '') continue
    const place: Place = { name, pinyin: said.replaceAll(' ', ''), initials: said.split(' ').map((part) => part[0] ?? '').join(''), below: [] }
    path[depth]?.push(place)
    path[depth + 1] = place.below
  }
  return top
}

let map: Promise<Place[]> | undefined
/** The map of China, a file of its own that is fetched once. */
export const china = (): Promise<Place[]> => (map ??= import('./regions_cn.txt?raw').then((file) => parseRegions(file.default), (error: unknown) => {
  map = undefined
  throw error
}))

/** What lies in a place; provinces for none. */
export function childrenOf(all: readonly Place[], { region, city }: Where): readonly Place[] {
  if (!region) return all
  const cities = all.find((one) => one.name === region)?.below ?? []
  return city ? cities.find((one) => one.name === city)?.below ?? [] : cities
}

/** Whether places lie in each other as they are named. Empty ones fit anywhere. */
export function parentsFit(all: readonly Place[], region: string, city: string, district: string): boolean {
  return all.some((one) => one.name === region && (city === '' || one.below.some((two) => two.name === city && (district === '' || two.below.some((three) => three.name === district)))))
}

function scoreOf(place: Place, wanted: string): number {
  if (place.name === wanted) return 9
  if (place.name.startsWith(wanted)) return 8
  if (place.pinyin === wanted) return 7
  if (place.initials === wanted) return 5
  if (wanted.length > 1 && place.pinyin.startsWith(wanted)) return 6
  if (wanted.length > 1 && place.initials.startsWith(wanted)) return 4
  return wanted.length > 1 && place.name.includes(wanted) ? 3 : 0
}

/** Places that are called so, those near by and the greater ones first. */
export function searchRegions(all: readonly Place[], text: string, near: Where, most: number): Where[] {
  const wanted = text.toLowerCase().replace(/[\s']/g, '')
  if (wanted === '') return []
  const hits: { where: Where; score: number }[] = []
  const add = (place: Place, where: Where, depth: number): void => {
    const score = scoreOf(place, wanted)
    if (score === 0) return
    const close = (near.region && near.region === where.region ? 2 : 0) + (near.city && near.city === where.city ? 2 : 0)
    hits.push({ where, score: score * 10 + close * 4 - depth })
  }
  for (const one of all) {
    add(one, { region: one.name }, 0)
    for (const two of one.below) {
      // A municipality is told once, as a province.
      if (two.name !== one.name) add(two, { region: one.name, city: two.name }, 1)
      for (const three of two.below) add(three, { region: one.name, city: two.name, district: three.name }, 2)
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, most).map(({ where }) => where)
}

/** The endings people leave out. */
const ENDING = /(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/

/** What is left of a text after a place it begins with; the full name is tried first. */
function after(text: string, place: Place, short: boolean): string | null {
  const bare = place.name.replace(ENDING, '')
  for (const name of short && bare.length > 1 ? [place.name, bare] : [place.name]) if (text.startsWith(name)) return text.slice(name.length).trimStart()
  return null
}

/** The parts of an address that was written in one: province (or only its city), city, district, street. Nothing where it does not begin with places, or nothing is left of it. */
export function splitAddress(all: readonly Place[], written: string): { region: string; city: string; district: string; line: string } | null {
  const text = written.trim().replace(/^中国[\s,，]*/, '')
  for (const one of all) {
    const inside = after(text, one, true)
    for (const two of one.below) {
      // Without its province only a city that is named in full, or a street called after one would be taken for it.
      const rest = inside === null ? after(text, two, false) : two.name === one.name ? inside : after(inside, two, true)
      if (rest === null || rest === '') continue
      const three = two.below.find((place) => after(rest, place, false) !== null)
      const line = three ? after(rest, three, false) : rest
      if (!three && two.below.length > 0 && two.name === one.name) continue
      if (line) return { region: one.name, city: two.name, district: three?.name ?? '', line }
    }
  }
  return null
}
