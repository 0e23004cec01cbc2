// The pictures of the manual: BASE_URL=… node e2e/pictures.mjs, against a demo in which the journey order_to_cash has run.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { launch, must, open, signIn } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8360'
const theme = process.env.THEME ?? 'light'
const folder = process.env.OUT ?? new URL('../../docs/manual/pictures/', import.meta.url).pathname
const BYTES_MAX = 300_000
mkdirSync(folder, { recursive: true })
const browser = await launch()

for (const lang of ['en', 'zh']) {
  const { page, context, complaints } = await open(browser, base, { lang, theme })
  const take = async (name, ready) => {
    await page.locator(ready).first().waitFor()
    await page.waitForFunction(() => !document.querySelector('.ant-message-notice, .progress, .skeleton'))
    await page.waitForTimeout(500)
    const path = join(folder, `${name}-${lang}.png`)
    await page.screenshot({ path, scale: 'css' })
    must(statSync(path).size < BYTES_MAX, `${path} is small`)
  }
  const read = (path) => page.evaluate(async (to) => (await fetch(`/api${to}`)).json(), path)
  await page.goto('/')
  await take('sign-in', '.demo-user')
  await signIn(page, 'admin')
  await take('home', '.chart-card canvas')
  const credit = (await read('/invoice?limit=1&filter=%5B%22kind%22,%22=%22,%22credit_note%22%5D&sort=-id')).rows[0]
  const invoice = credit.credits.id
  const order = credit.sales_order.id
  await page.goto('/sales_order')
  await take('orders', '.table .lead')
  await page.goto(`/sales_order/${order}`)
  await take('order', '.totals')
  await page.goto(`/invoice/${invoice}`)
  await page.locator('.aside .ant-tabs-tab').nth(2).click()
  await page.locator('.books table').first().waitFor()
  await page.locator('.form-body').evaluate((body) => body.scrollTo(0, 0))
  await take('invoice', '.totals')
  await page.goto(`/chain/invoice/${invoice}`)
  await take('chain', '.chain-node')
  await page.goto('/report/balance_sheet')
  await take('report', '.table.report .lead')
  await page.goto(`/print/invoice/${invoice}?lang=${lang === 'zh' ? 'zh' : 'both'}`)
  await take('print', '.paper .in-words b')
  await page.goto('/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('Control+k')
  await page.locator('.palette input').waitFor()
  await page.keyboard.type('blue')
  await page.locator('.palette-entry', { hasText: 'Blue Wheel' }).waitFor()
  await take('palette', '.palette')
  for (const one of new Set(complaints)) process.stdout.write(`${lang}: ${one}\n`)
  await context.close()

  const small = await open(browser, base, { lang, theme, width: 375, height: 812 })
  await signIn(small.page, 'admin')
  await small.page.locator('.chart-card canvas').first().waitFor()
  await small.page.waitForTimeout(700)
  await small.page.screenshot({ path: join(folder, `phone-${lang}.png`), scale: 'css' })
  await small.context.close()
}
await browser.close()
