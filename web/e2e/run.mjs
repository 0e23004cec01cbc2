// Runs the journeys against a server: BASE_URL=http://127.0.0.1:8080 npm run e2e [-- name-part …]
// Without BASE_URL it serves the built client with the mock. A journey fails on the first thing that is not so,
// and on any complaint of the browser's console.
import { readdirSync } from 'node:fs'
import { launch, open, screenshot } from './lib.mjs'

const TRIES = 2
/** As long as the slowest machine needs for one step. */
const PATIENCE_MS = 20_000

const here = new URL('./journeys/', import.meta.url)
const wanted = process.argv.slice(2)
// SHARD=1/2: the first half of them, for two runs side by side, each against its own server.
const [shard, shards] = (process.env.SHARD ?? '1/1').split('/').map(Number)
const names = readdirSync(here).filter((name) => name.endsWith('.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part)))).sort().filter((_, at) => at % shards === shard - 1)

let base = process.env.BASE_URL
let preview
if (!base) {
  const vite = await import('vite')
  preview = await vite.preview({ root: new URL('..', import.meta.url).pathname, preview: { port: 4199, strictPort: false }, logLevel: 'error' })
  base = preview.resolvedUrls.local[0].replace(/\/$/, '')
}
const user = process.env.E2E_USER
let browser = await launch()
let passed = 0
let failed = 0
for (const name of names) {
  const journey = await import(new URL(name, here))
  if ((journey.mock && !preview) || (journey.real && preview)) continue
  for (const lang of process.env.E2E_LANG ? [process.env.E2E_LANG] : journey.langs ?? ['en']) {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const started = Date.now()
      // A browser that died is no fault of what it was shown: another one begins anew.
      if (!browser.isConnected()) browser = await launch()
      const { page, context, complaints } = await open(browser, base, { ...journey.view, lang })
      page.setDefaultTimeout(PATIENCE_MS)
      try {
        await journey.run({ page, context, base, mocked: Boolean(preview), user, lang, shots: process.env.SHOTS })
        if (complaints.length) throw new Error(`the console complained:\n  ${[...new Set(complaints)].slice(0, 10).join('\n  ')}`)
        passed += 1
        process.stdout.write(`ok    ${name} ${lang} (${Date.now() - started} ms)\n`)
        break
      } catch (error) {
        if (!browser.isConnected() && tries < TRIES) {
          process.stdout.write(`again ${name} ${lang}: the browser is gone\n`)
          continue
        }
        failed += 1
        await screenshot(page, `failed-${name.replace('.mjs', '')}-${lang}`).catch(() => undefined)
        process.stdout.write(`FAIL  ${name} ${lang}: ${error.message}\n${complaints.length ? `  console: ${complaints.slice(0, 5).join('\n  ')}\n` : ''}`)
        break
      } finally {
        await context.close().catch(() => undefined)
      }
    }
  }
}
await browser.close()
await preview?.close()
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed ? 1 : 0)
