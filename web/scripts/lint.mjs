// What the compiler cannot see: the direction of imports, forbidden shortcuts, and texts that lack a key.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const web = new URL('..', import.meta.url).pathname
const src = join(web, 'src')
const order = ['lib', 'i18n', 'api', 'meta', 'ui', 'fields', 'views', 'shell', 'screens']
const forbidden = [
  [/\bconsole\.log\b/, 'console.log'],
  [/@ts-(ignore|nocheck|expect-error)/, 'a silenced type error'],
  [/eslint-disable/, 'a silenced rule'],
  [/\bparseFloat\b/, 'parseFloat: money and quantities are exact, use lib/decimal'],
  [/dangerouslySetInnerHTML/, 'dangerouslySetInnerHTML'],
]
// In code only: the word may stand in texts.
const anyType = /(?::|<|\||&|,|\bas|=>)\s*any\b/
const files = (dir) => readdirSync(dir).flatMap((name) => {
  const path = join(dir, name)
  return statSync(path).isDirectory() ? files(path) : [path]
})
const faults = []
const layer = (path) => relative(src, path).split('/')[0]
const keys = new Set()
const flatten = (value, prefix) => {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix ? `${prefix}.${key}` : key
    if (typeof inner === 'string') keys.add(name.replace(/_(one|other)$/, ''))
    else flatten(inner, name)
  }
}
flatten(JSON.parse(readFileSync(join(src, 'i18n/en.json'), 'utf8')), '')
const used = new Set()

for (const path of [...files(src), ...files(join(web, 'dev'))].filter((path) => /\.tsx?$/.test(path))) {
  const text = readFileSync(path, 'utf8')
  text.split('\n').forEach((line, index) => {
    const code = line.replace(/\/\/.*$/, '').replace(/^\s*\*.*$/, '')
    const bare = code.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''")
    if (anyType.test(bare)) faults.push(`${relative(web, path)}:${index + 1} the type any: say what it is, or unknown`)
    for (const [pattern, what] of forbidden) {
      if (pattern.test(pattern.source.startsWith('@ts') || pattern.source.startsWith('eslint') ? line : code)) {
        faults.push(`${relative(web, path)}:${index + 1} ${what}`)
      }
    }
  })
  if (!path.startsWith(src)) continue
  for (const [, key] of text.matchAll(/\bt\(\s*'([a-z0-9_]+(?:\.[a-z0-9_]+)+)'/g)) {
    used.add(key)
    if (!keys.has(key)) faults.push(`${relative(web, path)} text without a key: ${key}`)
  }
  const from = order.indexOf(layer(path))
  for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (!/^[.@]\//.test(spec) && !spec.startsWith('..')) continue
    const target = spec.startsWith('@/') ? join(src, spec.slice(2)) : resolve(dirname(path), spec)
    const to = order.indexOf(layer(target))
    if (from >= 0 && to < 0) faults.push(`${relative(web, path)} imports ${spec} from above all layers`)
    if (from >= 0 && to > from) faults.push(`${relative(web, path)} (${order[from]}) imports ${spec} (${order[to]})`)
  }
}
for (const line of faults) process.stdout.write(`${line}\n`)
process.stdout.write(`lint: ${faults.length} faults, ${used.size} texts used literally\n`)
process.exit(faults.length ? 1 : 0)
