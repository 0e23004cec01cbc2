// Runs the journeys against a server with a fresh demo company: BASE_URL=http://127.0.0.1:8080 npm run e2e [-- name-part …]
// Each is walked in both languages, or in E2E_LANG, and in every size it names. It fails on the first thing that is not so,
// on what axe finds wrong with a page it looks at, and on any complaint of the browser's console. Axe takes as long as the walk:
// a page of one size is shown to it in one of the languages.
import { readdirSync } from 'node:fs'
import { launch, must, open, screenshot } from './lib.mjs'

const TRIES = 2
/** As long as the slowest machine needs for one step. */
const PATIENCE_MS = 20_000
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } }

const here = new URL('./journeys/', import.meta.url)
const base = process.env.BASE_URL
if (!base) throw new Error('BASE_URL names the server to walk through; scripts/journeys.sh starts one')
const wanted = process.argv.slice(2)
const all = readdirSync(here).filter((name) => name.endsWith('.mjs')).sort()
const names = all.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
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
let failed = 0
for (const name of names) {
  const journey = await import(new URL(name, here))
  for (const lang of langs) for (const size of sizesOf(journey, lang)) {
    const what = `${name.replace('.mjs', '')} ${lang} ${size}`
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const started = Date.now()
      // A browser that died is no fault of what it was shown: another one begins anew.
      if (!browser.isConnected()) browser = await launch()
      const { page, context, complaints } = await open(browser, base, { ...SIZES[size], lang, axed: isAxed(journey, name, lang, size) })
      page.setDefaultTimeout(PATIENCE_MS)
      try {
        await journey.run({ page, context, base, user, lang, size, phone: size === 'phone' })
        must(complaints.length === 0, 'nothing complains')
        passed += 1
        process.stdout.write(`ok    ${what} (${Date.now() - started} ms)\n`)
        break
      } catch (error) {
        if (!browser.isConnected() && tries < TRIES) {
          process.stdout.write(`again ${what}: the browser is gone\n`)
          continue
        }
        failed += 1
        await screenshot(page, `failed-${what.replaceAll(' ', '-')}`).catch(() => undefined)
        process.stdout.write(`FAIL  ${what}: ${error.message}\n${[...new Set(complaints)].slice(0, 20).map((one) => `  ${one}\n`).join('')}`)
        break
      } finally {
        // What a journey still holds back is let go: nobody waits for it any more.
        for (const one of context.pages()) await one.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => undefined)
        await context.close().catch(() => undefined)
      }
    }
  }
}
await browser.close()
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed ? 1 : 0)
