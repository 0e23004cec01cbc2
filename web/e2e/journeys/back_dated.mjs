// A receipt that comes to light late: what it changes for goods that left meanwhile is told before it is posted, and is then so.
import { ask, enter, look, must } from '../lib.mjs'

const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const first = async (entity, filter = []) => (await ask(page, 'GET', `/${entity}?limit=1&filter=${encodeURIComponent(JSON.stringify(filter))}`)).rows[0].id
  const category = await first('product_category', ['cost_method', '=', 'fifo'])
  const unit = await first('unit', ['category', '=', 'count'])
  const place = await first('place', ['kind', '=', 'stock'])
  const code = `LATE-${lang}-${Date.now() % 1_000_000}`
  const { record: product } = await ask(page, 'POST', '/product', { code, name: lang === 'zh' ? '铃铛' : 'Bell', category, unit })
  const adjusted = async (kind, moved_on, line) => (await ask(page, 'POST', '/stock_adjustment', { kind, place, moved_on, lines: [{ product: product.id, ...line }] })).record.id
  const post = (id) => ask(page, 'POST', `/stock_adjustment/${id}/post`, {})
  await post(await adjusted('receipt', day(8), { qty: '10', unit_cost: '10' }))
  const left = await adjusted('loss', day(4), { qty: '6' })
  await post(left)
  const late = await adjusted('receipt', day(12), { qty: '4', unit_cost: '7' })

  await page.goto(`/stock_adjustment/${late}`)
  const dialog = page.locator('[data-would]')
  await page.locator('[data-action="post"]').click()
  await dialog.waitFor()
  // Four of the six that left are now of the older, cheaper ones: 4 × (7 − 10).
  const told = await dialog.locator('section').first().innerText()
  must(told.includes('12.00') && told.includes(code), `the difference is told: ${told}`)
  await look(page, `back-dated-${lang}`)
  await page.setViewportSize({ width: 375, height: 780 })
  await page.locator('nav.bottom').waitFor()
  must(await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.books-scroll')].every((one) => one.scrollWidth <= one.clientWidth)), 'nothing sticks out on a phone')
  await look(page, `back-dated-phone-${lang}`)
  await page.setViewportSize({ width: 1440, height: 900 })

  // To look is to change nothing.
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  must((await ask(page, 'GET', `/stock_adjustment/${late}`)).record.stage === 'draft', 'nothing is posted by looking')
  const worth = async () => {
    const { rows } = await ask(page, 'GET', `/stock_value?limit=20&filter=${encodeURIComponent(JSON.stringify(['product', '=', product.id]))}`)
    return rows.reduce((sum, row) => sum + Number(row.value), 0)
  }
  must((await worth()) === 40, `four are worth 40, not ${await worth()}`)

  await page.locator('[data-action="post"]').click()
  await dialog.waitFor()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction(() => !document.querySelector('[data-action="post"]'))
  // 40 + 28 came, and what left before is worth 12 less: 8 at 10.
  must((await worth()) === 80, `eight are worth 80, not ${await worth()}`)
}
