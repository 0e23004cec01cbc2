// Pictures of the main screens, in both languages, themes and widths: BASE_URL=… node e2e/look.mjs [name-part]
import { launch, open, screenshot, signIn } from './lib.mjs'

process.env.SHOTS ??= 'look'
const base = process.env.BASE_URL ?? 'http://127.0.0.1:4173'
const only = process.argv[2] ?? ''
const browser = await launch()
const all = []
const wait = (page, selector) => page.locator(selector).first().waitFor({ timeout: 8000 })

for (const lang of ['zh', 'en']) for (const [size, width, height] of [['wide', 1440, 900], ['phone', 375, 812]]) for (const theme of ['light', 'dark']) {
  if (theme === 'dark' && lang === 'en' && size === 'phone') continue
  const tag = `${size}-${lang}-${theme}`
  if (only && !tag.includes(only)) continue
  const { page, complaints, context } = await open(browser, base, { width, height, lang, theme })
  await page.goto('/')
  await wait(page, '.demo-user')
  await screenshot(page, `${tag}-1sign_in`)
  await signIn(page, 'sales')
  await wait(page, 'canvas')
  await page.waitForTimeout(500)
  await screenshot(page, `${tag}-2home`)
  await page.goto('/sales_order')
  await wait(page, '.table tbody .lead, .cards .card')
  await screenshot(page, `${tag}-3list`)
  await page.goto(`/sales_order?filter=${encodeURIComponent('["and",["ordered_on","within","this_quarter"],["stage","in",["confirmed","done"]]]')}&group=customer`)
  await wait(page, '.group-row, .group-head')
  await page.locator('.group-row, .group-head').first().click()
  await screenshot(page, `${tag}-4groups`)
  await page.goto('/sales_order?look=chart&group=ordered_on:month')
  await wait(page, 'canvas')
  await screenshot(page, `${tag}-5chart`)
  await page.goto(`/sales_order?filter=${encodeURIComponent('["delivery_state","=","full"]')}`)
  await wait(page, '.table tbody .lead, .cards .card')
  await page.locator('.table tbody .lead, .cards .card').first().click()
  await wait(page, '.totals')
  await page.waitForTimeout(400)
  await screenshot(page, `${tag}-6form`)
  const address = page.url()
  await page.goto('/quotation/new')
  await wait(page, '.add-line')
  await page.locator('.add-line').first().click()
  await page.keyboard.type('显示')
  await page.waitForTimeout(600)
  await screenshot(page, `${tag}-7edit`)
  await page.goto(address.replace('/sales_order/', '/chain/sales_order/'))
  await page.locator('.ant-modal-confirm .ant-btn-dangerous, .chain svg').first().waitFor()
  await wait(page, '.chain svg')
  await screenshot(page, `${tag}-8chain`)
  await page.goto('/report/trial_balance')
  await wait(page, '.table.report tbody tr')
  await screenshot(page, `${tag}-9report`)
  await page.goto(address.replace('/sales_order/', '/print/sales_order/') + (lang === 'en' ? '?lang=both' : ''))
  await wait(page, '.paper')
  await page.waitForTimeout(300)
  await screenshot(page, `${tag}-10print`, { full: true })
  await page.goto('/sales_order')
  await wait(page, '.table tbody .lead, .cards .card')
  await page.keyboard.press('Control+k')
  await wait(page, '.palette')
  await screenshot(page, `${tag}-11palette`)
  if (size === 'wide') {
    await page.keyboard.type('华信')
    await page.waitForTimeout(600)
    await screenshot(page, `${tag}-12search`)
    await page.keyboard.press('Escape')
    await page.locator('.control .quiet').first().click()
    await page.waitForTimeout(600)
    await screenshot(page, `${tag}-13filter`)
  }
  all.push(...complaints.map((one) => `${tag}: ${one}`))
  await context.close()
}
await browser.close()
for (const one of new Set(all)) process.stdout.write(`${one}\n`)
