//! How the parts of an address are read one after the other.

export interface Address { line: string; region: string; city: string; district: string; postcode: string }

/** Lines of a letter. A Chinese address goes from the province to the house in one line; others from the house outwards. What the street says already is not said again. */
export function addressLines({ line, region, city, district, postcode }: Address): string[] {
  const places = [region, city, district].filter((part, index, all) => part !== '' && part !== all[index - 1] && !line.includes(part))
  if (/\p{Script=Han}/u.test(places.join('') || line)) return [[places.join('') + line, line.includes(postcode) ? '' : postcode].filter(Boolean).join(' ')].filter(Boolean)
  const seat = [line.includes(postcode) ? '' : postcode, places.includes(city) ? city : '', places.includes(region) ? region : ''].filter(Boolean).join(' ')
  return [line, places.includes(district) ? district : '', seat].filter(Boolean)
}
