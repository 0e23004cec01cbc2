// The pictures of the manual that no document is needed for: BASE_URL=… node e2e/pictures.mjs, against a fresh demo.
// Those of the walk from the quotation to the money are taken on the way: PICTURES=folder … run.mjs order_to_cash.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { launch, must, open, signIn } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8360'
const theme = process.env.THEME ?? 'light'
const folder = process.env.OUT ?? new URL('../../docs/manual/pictures/', import.meta.url).pathname
const BYTES_MAX = 300_000
mkdirSync(folder, { recursive: true })
const browser = await launch()
/** The views of a list, each as it looks with the demo: where, and what stands there when it is drawn. */
const month = encodeURIComponent('["ordered_on","within","last_90_days"]')
const VIEWS = [
  ['view-list', '/sales_order', '.table .lead'],
  ['view-groups', '/sales_order?group=customer', '.group-row'],
  ['view-board', '/quotation?look=board', '[data-card], .lane .card'],
  ['view-calendar', '/sales_order?look=calendar', '[data-day]'],
  ['view-timeline', '/quotation?look=timeline', '.tl-head'],
  ['view-pivot', `/sales_order?look=pivot&group=customer&cols=ordered_on:month&measure=total_base&filter=${month}`, '.pivot td'],
  ['view-chart', '/sales_order?look=chart&group=ordered_on:month&chart=waterfall', 'canvas'],
  ['view-heat', '/sales_order?look=chart&group=ordered_on:month,customer&chart=heat', '.heat button'],
  ['view-tree', '/account?look=tree', '[role=treegrid] tr'],
]

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
  await page.goto('/')
  await take('sign-in', '.demo-user')
  await signIn(page, 'admin')
  await take('home', '.chart-card canvas')
  await page.goto('/sales_order')
  await take('orders', '.table .lead')
  await page.goto('/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('Control+k')
  await page.locator('.palette input').waitFor()
  await page.keyboard.type('blue')
  await page.locator('.palette-entry', { hasText: 'Blue Wheel' }).waitFor()
  await take('palette', '.palette')
  await page.keyboard.press('Escape')
  for (const look of ['light', 'dark']) {
    await page.evaluate((wish) => localStorage.setItem('heyi.theme', JSON.stringify(wish)), look)
    for (const [name, path, ready] of VIEWS) {
      // In the light it was taken above.
      if (name === 'view-list' && look === 'light') continue
      await page.goto(path)
      await take(look === 'dark' ? `${name}-dark` : name, ready)
    }
  }
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
