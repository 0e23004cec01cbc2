// The pictures of the manual that no document is needed for: BASE_URL=… node e2e/pictures.mjs [name-part], against a fresh demo.
// Those of the walk from the quotation to the money are taken on the way: PICTURES=folder … run.mjs order_to_cash.
// Every view in both languages and both themes: what ends in -dark is the dark one.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ask, enter, launch, must, open, signIn, still } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8360'
const folder = process.env.OUT ?? new URL('../../docs/manual/pictures/', import.meta.url).pathname
const only = process.argv[2] ?? ''
const BYTES_MAX = 300_000
mkdirSync(folder, { recursive: true })

const months = encodeURIComponent('["ordered_on","within","last_90_days"]')
const built = encodeURIComponent('["and",["stage","=","confirmed"],["or",["total",">","5000"],["customer.country","=","DE"]]]')
const CUSTOMERS = ['Code,Name,Phone,Credit limit,Customer', 'K-101,Rhine Cycles,+49 221 1000,5000,yes', 'K-102,Meuse Bikes,+31 43 1000,a lot,yes', 'K-103,,+86 571 1000,2000,yes', 'K-104,西湖骑行,+86 571 2000,8000,perhaps'].join('\n')

/** Each as it looks with the demo: where it is, what is done there, and what stands there when it is drawn. */
const VIEWS = [
  ['view-list', '/sales_order', '.table .lead'],
  ['view-groups', '/sales_order?group=customer', '.group-row'],
  ['view-board', '/quotation?look=board', '.lane .card'],
  ['view-calendar', '/sales_order?look=calendar', '[data-day]'],
  ['view-timeline', '/quotation?look=timeline&sort=-quoted_on', '.tl-head'],
  ['view-pivot', `/sales_order?look=pivot&group=customer&cols=ordered_on:month&measure=total_base&filter=${months}`, '.pivot td'],
  ['view-chart', '/sales_order?look=chart&group=ordered_on:month&chart=waterfall', '.chart-body canvas'],
  ['view-heat', '/sales_order?look=chart&group=ordered_on:month,customer&chart=heat', '.heat button'],
  ['view-tree', '/account?look=tree', '[role=treegrid] tr'],
  ['view-form', '/sales_order', '.totals', async (page) => page.locator('.table .lead').nth(3).click()],
  ['view-panel', '/sales_order', '.panel .totals', async (page) => {
    await page.locator('[data-beside-mode]').click()
    await page.locator('.table .lead').nth(2).click()
  }, async (page) => page.locator('[data-beside-mode]').click()],
  ['view-filter', `/sales_order?filter=${built}`, '.filter-pop .condition-group.inner', async (page) => page.locator('.control .anticon-filter').click()],
  ['view-import', '/party', '[data-trial]', async (page) => {
    await page.locator('[data-import-open]').click()
    await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(CUSTOMERS) })
    await page.locator('[data-import="check"]').click()
  }],
  ['view-many', '/party', '.ant-modal .hint.good', async (page, lang) => {
    for (const at of [0, 1, 2]) await page.locator('.table tbody tr[aria-rowindex] input[type=checkbox]').nth(at).check()
    await page.locator('[data-mass-action=change]').click()
    await page.locator('.ant-modal .ant-cascader').click()
    await page.keyboard.type(lang === 'zh' ? '备注' : 'Note')
    await page.locator('.ant-cascader-menu-item', { hasText: lang === 'zh' ? /^备注$/ : /^Notes?$/ }).first().click()
    await page.locator('[data-mass] textarea, [data-mass] input').last().fill(lang === 'zh' ? '展会客户，春季回访' : 'Met at the fair, call in spring')
  }],
  ['view-typing', '/party', '[data-typing] input', async (page) => {
    await page.keyboard.press('Alt+e')
    const at = await page.locator('thead th[data-column]').evaluateAll((all) => all.findIndex((one) => one.dataset.column === 'phone'))
    await page.locator(`.table-scroll.typing #cell-2-${at}`).click()
  }, async (page) => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Alt+e')
  }],
  ['view-roles', '/role', '.rights-table td', async (page) => page.locator('.table tr', { hasText: /sales|销售/i }).locator('.lead').first().click()],
]
const PHONE = [
  ['phone', '/', '.dash-card canvas'],
  ['phone-list', '/sales_order', '.cards .card'],
  ['phone-form', '/sales_order', '.totals', async (page) => page.locator('.cards .card').nth(3).click()],
]
const browser = await launch()

/** A dashboard to be shown, gone again afterwards. */
async function dashboard(page, lang) {
  const zh = lang === 'zh'
  const cards = [
    { id: 'a', kind: 'figure', entity: 'sales_order', sum: 'total_base', title: zh ? '订单金额' : 'Orders', x: 0, y: 0, w: 4, h: 3 },
    { id: 'b', kind: 'chart', entity: 'sales_order', chart: 'bar', group: 'ordered_on:month', sum: 'total_base', title: zh ? '每月订单' : 'Orders by month', x: 4, y: 0, w: 8, h: 6 },
    { id: 'c', kind: 'text', text: zh ? '周一例会：先看逾期，再看库存。' : 'Monday: what is overdue first, then the stock.', x: 0, y: 3, w: 4, h: 3 },
    { id: 'd', kind: 'chart', entity: 'sales_order', chart: 'pie', group: 'customer', sum: 'total_base', title: zh ? '客户占比' : 'By customer', x: 0, y: 6, w: 5, h: 7 },
    { id: 'e', kind: 'list', entity: 'invoice', query: { filter: ['payment_state', '=', 'none'] }, title: zh ? '未付发票' : 'Invoices to be paid', x: 5, y: 6, w: 7, h: 7 },
  ]
  return (await ask(page, 'POST', '/dashboard', { name: zh ? '管理层看板' : 'At a glance', layout: { cards } })).record.id
}

for (const lang of ['en', 'zh']) {
  const { page, context, complaints } = await open(browser, base, { lang })
  const take = async (of, name, ready) => {
    await of.locator(ready).first().waitFor()
    await of.waitForFunction(() => !document.querySelector('.ant-message-notice, .ant-notification-notice, .progress, .skeleton, .stale:not([data-stale])'))
    await of.mouse.move(2, 2)
    await still(of)
    await of.waitForTimeout(400)
    const path = join(folder, `${name}-${lang}.png`)
    await of.screenshot({ path, scale: 'css' })
    must(statSync(path).size < BYTES_MAX, `${path} is small`)
  }
  const series = async (of, views) => {
    for (const look of ['light', 'dark']) {
      await of.evaluate((wish) => localStorage.setItem('heyi.theme', JSON.stringify(wish)), look)
      for (const [name, path, ready, work, undo] of views) {
        if (!name.includes(only)) continue
        await of.goto(path)
        await of.locator('.table .lead, .cards .card, .lane .card, .figure, .chart-body, .pivot, [role=treegrid], .tl-head, [data-day], .group-row, .dash-card').first().waitFor()
        await work?.(of, lang)
        await take(of, look === 'dark' ? `${name}-dark` : name, ready)
        await undo?.(of)
      }
    }
  }
  await page.goto('/')
  if ('sign-in'.includes(only)) await take(page, 'sign-in', '.demo-user')
  // A manager's home has the figures of the whole house.
  await signIn(page, 'manager')
  await series(page, [['home', '/', '.dash-card canvas']])
  await enter(page, 'admin')
  const shown = await dashboard(page, lang)
  await series(page, [
    ['palette', '/sales_order', '.palette-entry', async () => {
      await page.keyboard.press('Control+k')
      await page.locator('.palette input').waitFor()
      await page.keyboard.type('blue')
      await page.locator('.palette-entry', { hasText: 'Blue Wheel' }).waitFor()
    }],
    ['view-dashboard', `/dashboard/${shown}`, '.dash-card tbody .lead'],
    ...VIEWS,
  ])
  await ask(page, 'DELETE', `/dashboard/${shown}`)
  for (const one of new Set(complaints)) process.stdout.write(`${lang}: ${one}\n`)
  await context.close()

  const small = await open(browser, base, { lang, width: 375, height: 812 })
  await signIn(small.page, 'manager')
  await series(small.page, PHONE)
  for (const one of new Set(small.complaints)) process.stdout.write(`${lang} phone: ${one}\n`)
  await small.context.close()
}
await browser.close()
