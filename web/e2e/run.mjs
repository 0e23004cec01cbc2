// Runs the journeys against a server: BASE_URL=http://127.0.0.1:8080 npm run e2e [-- name-part …]
// Without BASE_URL it serves the built client with the mock. A journey fails on the first thing that is not so,
// and on any complaint of the browser's console.
import { readdirSync } from 'node:fs'
import { launch, open, screenshot } from './lib.mjs'

const here = new URL('./journeys/', import.meta.url)
const wanted = process.argv.slice(2)
const names = readdirSync(here).filter((name) => name.endsWith('.mjs') && (wanted.length === 0 || wanted.some((part) => name.includes(part)))).sort()

let base = process.env.BASE_URL
let preview
if (!base) {
  const vite = await import('vite')
  preview = await vite.preview({ root: new URL('..', import.meta.url).pathname, preview: { port: 4199, strictPort: false }, logLevel: 'error' })
  base = preview.resolvedUrls.local[0].replace(/\/$/, '')
}
const user = process.env.E2E_USER
const browser = await launch()
let passed = 0
let failed = 0
for (const name of names) {
  const journey = await import(new URL(name, here))
  if ((journey.mock && !preview) || (journey.real && preview)) continue
  for (const lang of process.env.E2E_LANG ? [process.env.E2E_LANG] : journey.langs ?? ['en']) {
    const started = Date.now()
    const { page, context, complaints } = await open(browser, base, { ...journey.view, lang })
    page.setDefaultTimeout(15_000)
    try {
      await journey.run({ page, context, base, mocked: Boolean(preview), user, lang, shots: process.env.SHOTS })
      if (complaints.length) throw new Error(`the console complained:\n  ${[...new Set(complaints)].slice(0, 10).join('\n  ')}`)
      passed += 1
      process.stdout.write(`ok    ${name} ${lang} (${Date.now() - started} ms)\n`)
    } catch (error) {
      failed += 1
      await screenshot(page, `failed-${name.replace('.mjs', '')}-${lang}`).catch(() => undefined)
      process.stdout.write(`FAIL  ${name} ${lang}: ${error.message}\n${complaints.length ? `  console: ${complaints.slice(0, 5).join('\n  ')}\n` : ''}`)
    }
    await context.close()
  }
}
await browser.close()
await preview?.close()
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed ? 1 : 0)
