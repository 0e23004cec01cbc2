// From a list with its search to an order, to its customer and back; what is before and after goes beyond the first page.
import { enter, look, must, open } from '../lib.mjs'

const crumbs = (page) => page.locator('.crumb a').allTextContents()

export async function run({ page, context, base, lang }) {
  await enter(page, 'admin')
  const address = `/sales_order?filter=${encodeURIComponent('["total_base",">","0"]')}`
  await page.goto(address)
  await page.locator('.table tbody .lead').first().click()
  await page.locator('.form-head h1').waitFor()
  const orders = lang === 'zh' ? '销售订单' : 'Sales orders'
  must((await crumbs(page)).join() === orders, `one came from the list: ${await crumbs(page)}`)
  const order = (await page.locator('.form-head h1').textContent())?.trim()

  // Of all that match, not of those that are loaded.
  const count = await page.evaluate(async () => (await (await fetch(`/api/sales_order?filter=${encodeURIComponent('["total_base",">","0"]')}&count=true&limit=1`)).json()).count)
  const [at, of] = ((await page.locator('.pager .num').textContent()) ?? '').split('/').map(Number)
  must(at === 1 && of === count, `${at} of ${of}, ${count} match`)
  must(count > 80, 'more than one page')
  for (let turn = 2; turn <= 82; turn++) {
    await page.keyboard.press('Alt+n')
    await page.locator('.pager .num', { hasText: new RegExp(`^${turn} /`) }).waitFor()
  }
  await page.reload()
  await page.locator('.pager .num', { hasText: /^82 \// }).waitFor()
  must((await crumbs(page)).join() === orders, 'turning pages is no way')

  // To the customer and back, also after a reload.
  const here = (await page.locator('.form-head h1').textContent())?.trim()
  must(here !== order, 'another order')
  await page.locator('[data-field="customer"] a').first().click()
  await page.waitForURL('**/party/**')
  await page.locator('.form-head h1').waitFor()
  must((await crumbs(page)).length === 2 && (await crumbs(page))[1] === here, `the way: ${await crumbs(page)}`)
  await page.reload()
  await page.locator('.crumb a').nth(1).waitFor()
  await look(page, `way-${lang}`)
  await page.keyboard.press('Escape')
  await page.waitForURL('**/sales_order/**')
  await page.locator('.form-head h1', { hasText: here }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.table tbody .lead').first().waitFor()
  must(new URL(page.url()).searchParams.get('filter')?.includes('total_base'), 'the list as it was')

  // On a phone the last step is there, and fits.
  const small = await open(context.browser(), base, { width: 375, height: 780, lang })
  await enter(small.page, 'admin')
  await small.page.goto(address)
  await small.page.locator('.cards a').first().click()
  await small.page.locator('.crumb a').waitFor()
  must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone')
  must(small.complaints.length === 0, small.complaints.join('\n'))
  await small.context.close()
}
