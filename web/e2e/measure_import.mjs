// A large file in a real browser: BASE_URL=http://127.0.0.1:8080 [ROWS=100000] node e2e/measure_import.mjs
// Give it a release build and a demo company. Three rows of the file are wrong; each must be told with its line, its cell
// and the reason. It tells how long each step takes, what the page weighs, and how long it ever stood still.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, launch, must, open, signIn } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080'
const ROWS = Number(process.env.ROWS ?? 100_000)
const PATIENCE_MS = 3_600_000
const tell = (what, figure) => process.stdout.write(`${what.padEnd(56)} ${String(figure).padStart(12)}\n`)

/** Line of the file, column, and what stands there. */
const WRONG = [
  [Math.floor(ROWS / 2), 'country', 'Germny'],
  [Math.floor(ROWS * 0.8), 'limit', 'a lot'],
  [ROWS - 1, 'email', 'no mail'],
]
const mark = `M${Date.now() % 1_000_000}`
const countries = ['中国', 'Germany', 'UK', 'USA', 'FRA']
const lines = Array.from({ length: ROWS }, (_, at) => {
  const row = { code: `${mark}-${at}`, name: `Customer ${at} 客户`, customer: 'yes', phone: `0571 ${String(at).padStart(8, '0')}`, email: `c${at}@example.com`, country: countries[at % 5], limit: `${at}.50` }
  for (const [line, column, text] of WRONG) if (line === at + 2) row[column] = text
  return Object.values(row).join(',')
})
const file = join(tmpdir(), `import-${mark}.csv`)
writeFileSync(file, `${['Code', 'Name', 'Customer', 'Phone', 'Email', 'Country', 'Credit limit'].join(',')}\n${lines.join('\n')}\n`)

const browser = await launch()
const { page, context, complaints } = await open(browser, base, {})
page.setDefaultTimeout(PATIENCE_MS)
await signIn(page, 'admin')
const before = (await ask(page, 'GET', '/party?count=true&limit=1')).count
await page.goto('/party')
await page.locator('.table .lead').first().waitFor()
const client = await context.newCDPSession(page)
await client.send('Performance.enable')
await page.evaluate(() => {
  globalThis.stood = 0
  let last = performance.now()
  const frame = (now) => {
    globalThis.stood = Math.max(globalThis.stood, now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})
const timed = async (what, work) => {
  await page.evaluate(() => {
    globalThis.stood = 0
  })
  const started = Date.now()
  await work()
  tell(what, `${((Date.now() - started) / 1000).toFixed(1)} s`)
  tell(`${what}: longest stand-still of the page`, `${Math.round(await page.evaluate(() => globalThis.stood))} ms`)
  await client.send('HeapProfiler.collectGarbage')
  const { metrics } = await client.send('Performance.getMetrics')
  const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0
  tell(`${what}: what the page weighs`, `${Math.round(of('JSHeapUsedSize') / 1_048_576)} MB, ${of('Nodes')} nodes`)
}

tell('rows', ROWS.toLocaleString('en'))
await page.locator('[data-import-open]').click()
await page.locator('.drop').waitFor()
await timed('upload, until the columns are told', async () => {
  await page.locator('input[type=file]').setInputFiles(file)
  await page.locator('[data-file-column]').first().waitFor()
})
must((await page.locator('tr.left-out[data-file-column]').count()) === 0, 'every column is understood')
await timed('dry run', async () => {
  await page.locator('[data-import="check"]').click()
  await page.locator('[data-trial]').waitFor()
})
for (const [line, column, text] of WRONG) {
  const row = page.locator(`tbody[data-line="${line}"]`)
  must((await row.locator('td.bad input').inputValue()) === text, `line ${line}: the wrong cell, ${column}, is shown`)
  tell(`line ${line}`, await row.locator('.import-why').innerText())
}
must((await page.locator('.import-grid tbody[data-line]').count()) === WRONG.length, 'three rows are refused')
await timed('import', async () => {
  await page.locator('[data-import="run"]').click()
  await page.locator('[data-job-over="done"]').waitFor()
})
const made = (await ask(page, 'GET', '/party?count=true&limit=1')).count - before
must(made === ROWS - WRONG.length, `${made} are there, not ${ROWS - WRONG.length}`)
must(complaints.length === 0, complaints.join('\n'))
await browser.close()
