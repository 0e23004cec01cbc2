// Runs the journeys against a server with a fresh demo company: BASE_URL=http://127.0.0.1:8080 npm run e2e [-- name-part …]
// Each is walked in both languages, or in E2E_LANG, and in every size it names. It fails on the first thing that is not so,
// on what axe finds wrong with a page it looks at, and on any complaint of the browser's console. Axe takes as long as the walk:
// a page of one size is shown to it in one of the languages.
import { readdirSync } from 'node:fs'
import { launch, must, open, screenshot } from './lib.mjs'

const TRIES = 2
/** More than so many that fail are no accident of the moment: they are not walked again. */
const AGAIN = 3
/** As long as the slowest machine needs for one step. */
const PATIENCE_MS = 20_000
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } }

const here = new URL('./journeys/', import.meta.url)
const base = process.env.BASE_URL
if (!base) throw new Error('BASE_URL names the server to walk through; scripts/journeys.sh starts one')
const wanted = process.argv.slice(2)
const all = readdirSync(here).filter((name) => name.endsWith('.mjs')).sort()
/** E2E_SHARD=1/2: every second one, beginning with the first; the others are walked beside it. */
const [shard, shards] = (process.env.E2E_SHARD ?? '1/1').split('/').map(Number)
const names = all.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part))).filter((_, at) => at % shards === shard - 1)
const langs = process.env.E2E_LANG ? [process.env.E2E_LANG] : ['en', 'zh']
/** Those walked here and those walked beside it. */
const everyLang = process.env.E2E_LANGS?.split(' ') ?? langs
const user = process.env.E2E_USER
const sizesOf = (journey, lang) => journey.sizes?.[lang] ?? journey.sizes ?? ['desk']
/** Whether axe looks in this language: every other journey in English, the others in Chinese, where they are walked in both. */
const isAxed = (journey, name, lang, size) => {
  const walked = everyLang.filter((one) => sizesOf(journey, one).includes(size))
  return walked[all.indexOf(name) % walked.length] === lang
}
let browser = await launch()
let passed = 0
const shaky = []

/** Walks one journey; what is not so, or nothing. */
async function walk(journey, name, lang, size, what) {
  for (let tries = 1; ; tries += 1) {
    // A browser that died is no fault of what it was shown: another one begins anew.
    if (!browser.isConnected()) browser = await launch()
    const { page, context, complaints } = await open(browser, base, { ...SIZES[size], lang, axed: isAxed(journey, name, lang, size) })
    page.setDefaultTimeout(PATIENCE_MS)
    try {
      await journey.run({ page, context, base, user, lang, size, phone: size === 'phone' })
      must(complaints.length === 0, 'nothing complains')
      return null
    } catch (error) {
      if (!browser.isConnected() && tries < TRIES) {
        process.stdout.write(`again ${what}: the browser is gone\n`)
        continue
      }
      await screenshot(page, `failed-${what.replaceAll(' ', '-')}`).catch(() => undefined)
      return `${error.message}\n${[...new Set(complaints)].slice(0, 20).map((one) => `  ${one}\n`).join('')}`
    } finally {
      // What a journey still holds back is let go: nobody waits for it any more.
      for (const one of context.pages()) await one.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => undefined)
      await context.close().catch(() => undefined)
    }
  }
}

async function told(one) {
  const { journey, name, lang, size, what } = one
  const started = Date.now()
  const wrong = await walk(journey, name, lang, size, what)
  if (wrong === null) {
    passed += 1
    process.stdout.write(`ok    ${what} (${Date.now() - started} ms)\n`)
  } else {
    process.stdout.write(`FAIL  ${what}: ${wrong}`)
  }
  return wrong === null
}

const failed = []
for (const name of names) {
  const journey = await import(new URL(name, here))
  for (const lang of langs) for (const size of sizesOf(journey, lang)) {
    const one = { journey, name, lang, size, what: `${name.replace('.mjs', '')} ${lang} ${size}` }
    if (!(await told(one))) failed.push(one)
  }
}
// What failed is walked once more at the end, when nothing else is under way, and named: it wants to be looked at.
const twice = failed.length > AGAIN ? [] : failed.splice(0)
for (const one of twice) (await told(one) ? shaky : failed).push(one)
await browser.close()
if (shaky.length) process.stdout.write(`Passed only when walked again: ${shaky.map((one) => one.what).join(', ')}\n`)
process.stdout.write(`${passed} passed, ${failed.length} failed\n`)
process.exit(failed.length ? 1 : 0)
