// Every view of a running client, in both languages, themes and widths: BASE_URL=… node e2e/look.mjs [tag-part] [view-part]
// The pictures are in shots/. What cannot be photographed is told at the end; the others are taken all the same.
import { enter, launch, open, screenshot, still } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:4173'
const [only = '', view = ''] = process.argv.slice(2)
const PATIENCE_MS = 20_000
const asked = (condition) => encodeURIComponent(JSON.stringify(condition))
const first = (page, selector) => page.locator(selector).first()
const openFirst = async (page) => first(page, '.table tbody .lead, .cards .card').click()
/** Of the first record the list at hand shows. */
const idOf = async (page, entity) => (await (await page.request.get(`/api/${entity}?limit=1`)).json()).rows[0].id
const CUSTOMERS = ['Code,Name,Phone,Credit limit,Customer', 'K-101,Rhine Cycles,+49 221 1000,5000,yes', 'K-102,Meuse Bikes,+31 43 1000,a lot,yes', 'K-103,,+86 571 1000,2000,yes'].join('\n')

const ROWS = '.table tbody .lead, .cards .card'
/** Each is a name, where it is, what stands there when it is drawn, and what is done after that to get what is shown. */
const VIEWS = [
  ['home', '/', '.dash-card canvas'],
  ['home-switch', '/', '.dash-card', (page) => page.locator('[data-switcher]').click(), '.ant-dropdown-menu-item'],
  ['list', '/sales_order', ROWS],
  ['groups', `/sales_order?filter=${asked(['and', ['ordered_on', 'within', 'this_quarter'], ['stage', 'in', ['confirmed', 'done']]])}&group=customer`, '.group-row, .group-head', (page) => first(page, '.group-row, .group-head').click()],
  ['board', '/quotation?look=board', '.lane .card'],
  ['calendar', '/sales_order?look=calendar', '[data-day]'],
  ['timeline', '/quotation?look=timeline&sort=-quoted_on', '.tl-head'],
  ['pivot', `/sales_order?look=pivot&group=customer&cols=ordered_on:month&measure=total_base&filter=${asked(['ordered_on', 'within', 'last_90_days'])}`, '.pivot td'],
  ['chart', '/sales_order?look=chart&group=ordered_on:month', 'canvas'],
  ['heat', '/sales_order?look=chart&group=ordered_on:month,customer&chart=heat', '.heat button'],
  ['tree', '/account?look=tree', '[role=treegrid] tr'],
  ['form', `/sales_order?filter=${asked(['delivery_state', '=', 'full'])}`, ROWS, openFirst, '.totals'],
  ['chain', async (page) => `/chain/sales_order/${await idOf(page, 'sales_order')}`, '.chain svg'],
  ['edit', '/quotation/new', '.add-line', async (page) => {
    await first(page, '.add-line').click()
    await page.keyboard.type('自行车')
  }, '.pop .pop-option, .line-card'],
  ['report', '/report/trial_balance', '.table.report tbody tr'],
  ['print', async (page) => `/print/sales_order/${await idOf(page, 'sales_order')}?lang=both`, '.paper'],
  ['palette', '/sales_order', ROWS, (page) => page.keyboard.press('Control+k'), '.palette-entry'],
  ['search', '/sales_order', ROWS, async (page) => {
    await page.keyboard.press('Control+k')
    await page.locator('.palette input').fill('Blue')
  }, '.palette-entry'],
  ['filter', `/sales_order?filter=${asked(['and', ['stage', '=', 'confirmed'], ['or', ['total', '>', '5000'], ['customer.country', '=', 'DE']]])}`, '.control', (page) => page.locator('.control .anticon-filter').click(), '.filter-pop'],
  ['import', '/party', ROWS, async (page) => {
    const direct = page.locator('[data-import-open]')
    if (!(await direct.count())) return page.locator('.page-head .anticon-more').click()
    await direct.click()
    await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(CUSTOMERS) })
    await page.locator('[data-import="check"]').click()
  }, '[data-trial], .ant-dropdown-menu-item'],
  ['role', '/role', ROWS, openFirst, '.rights-table td, .form-body, .ant-segmented'],
  ['empty', `/sales_order?filter=${asked(['number', '=', 'none'])}`, '.empty'],
  ['manual', '/manual/', 'article, .manual'],
  ['unknown', '/nothing', 'main h1, main h2, .empty'],
]

const browser = await launch()
const all = new Set()
let taken = 0
for (const lang of ['zh', 'en']) for (const [size, width, height] of [['wide', 1440, 900], ['phone', 375, 812]]) for (const theme of ['light', 'dark']) {
  const tag = `${size}-${lang}-${theme}`
  if (!tag.includes(only)) continue
  const { page, complaints, context } = await open(browser, base, { width, height, lang, theme })
  page.setDefaultTimeout(PATIENCE_MS)
  const take = async (name, ready) => {
    await page.locator(ready).first().waitFor()
    await page.waitForFunction(() => !document.querySelector('.skeleton'))
    await still(page)
    await page.waitForTimeout(300)
    await screenshot(page, `${tag}-${name}`)
    taken += 1
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0 && !page.url().includes('/print/')) all.add(`${tag}-${name}: ${wide} px wider than the screen`)
  }
  if ('sign_in'.includes(view)) {
    await page.goto('/')
    await take('sign_in', '.demo-user')
  }
  await enter(page, 'manager')
  for (const [name, where, drawn, work, ready] of VIEWS) {
    if (!name.includes(view)) continue
    try {
      await page.goto(typeof where === 'string' ? where : await where(page))
      await page.locator(drawn).first().waitFor()
      await work?.(page)
      await take(name, ready ?? drawn)
    } catch (error) {
      all.add(`${tag}-${name}: ${error.message.split('\n')[0]}`)
      await screenshot(page, `${tag}-${name}-failed`)
    }
  }
  for (const one of complaints) all.add(`${tag}: ${one}`)
  await context.close()
}
await browser.close()
for (const one of all) process.stdout.write(`${one}\n`)
process.stdout.write(`${taken} pictures in e2e/shots\n`)
process.exit(all.size ? 1 : 0)
