// Every kind of page, held against WCAG 2.2 A and AA by axe-core: in both languages and themes, at a desk and on a phone,
// each theme in one language at the desk and in the other on the phone.
import { faults, must, open, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

export async function run({ base, lang, context }) {
  const told = []
  for (const [width, height, theme] of lang === 'en' ? [[1440, 900, 'light'], [375, 812, 'dark']] : [[1440, 900, 'dark'], [375, 812, 'light']]) {
    const theirs = await open(context.browser(), base, { lang, width, height, theme })
    const { page } = theirs
    const look = async (name, selector) => {
      await page.locator(selector).first().waitFor()
      await page.waitForTimeout(250)
      told.push(...(await faults(page, `${name} ${width} ${theme}`)))
    }
    await page.goto('/')
    await look('sign in', '.demo-user')
    await signIn(page, 'admin')
    await look('home', 'canvas')
    await page.goto('/sales_order')
    await look('list', '.table tbody .lead, .cards .card')
    await page.locator('[data-sort]').click()
    await look('order', '.sort-pop')
    await page.keyboard.press('Escape')
    await page.goto('/party')
    await page.locator('.table tbody .lead, .cards .card').first().waitFor()
    await page.locator('.control .anticon-filter').click()
    await look('filter', '.filter-pop')
    await page.goto(`/sales_order?filter=${encodeURIComponent('["and",["stage","in",["confirmed"]],["customer","not_empty"],["total",">","1"],["ordered_on","within","this_year"]]')}`)
    await page.locator('.table tbody .lead, .cards .card').first().waitFor()
    await page.locator('.control .anticon-filter').click()
    await look('conditions', '.filter-pop .condition-value')
    await page.keyboard.press('Escape')
    await page.goto('/sales_order')
    if (width < 768) await page.locator('[data-select-mode]').click()
    await page.locator('.table tbody tr[aria-rowindex] input[type=checkbox], .cards input[type=checkbox]').first().check()
    await look('selection', '.selection')
    if (width < 768) await page.locator('[data-selection-menu]').click()
    await page.locator('[data-mass-action=confirm]').click()
    await look('many', '.ant-modal [role=status]')
    await page.goto('/sales_order?group=customer')
    await look('groups', '.group-row, .group-head')
    await page.goto('/sales_order?look=pivot&group=customer.country,customer&cols=ordered_on:month')
    await look('pivot', '.pivot tfoot td')
    await page.goto('/sales_order?look=chart&group=customer,ordered_on:month&chart=heat')
    await look('heat map', '.heat td')
    await page.goto('/quotation?look=chart&group=stage&chart=funnel')
    await look('funnel', '.chart-body canvas')
    await page.goto('/account?look=tree')
    await look('tree', '.tree [data-row]')
    await page.goto('/sales_order?look=board&group=stage')
    await page.waitForTimeout(800)
    await look('board', '#content')
    await page.goto('/sales_order?look=calendar')
    await look('calendar', '.time-chip, .dots-day')
    await page.goto('/sales_order?look=calendar&span=week')
    await look('week', '.time-chip')
    await page.goto('/sales_order?look=timeline')
    await look('timeline', '.tl-bar')
    await page.goto('/sales_order?look=timeline&group=customer')
    await look('timeline of customers', '.tl-bar')
    await page.goto('/sales_order?filter=%5B%22number%22%2C%22%3D%22%2C%22nothing%22%5D')
    await look('nothing found', '.empty')
    await page.goto('/sales_order')
    await page.locator('.table tbody .lead, .cards .card').first().click()
    await look('form', '.totals')
    await page.goto('/quotation/new')
    await look('new form', '.add-line')
    await page.goto('/report/trial_balance')
    await look('report', '.table.report tbody tr')
    await page.goto('/manual/')
    await look('manual', '.manual article h1')
    await page.goto('/company')
    await page.locator('.table tbody .lead, .cards .card').first().click()
    await look('settings', '.fields')
    await page.keyboard.press('Control+k')
    await look('palette', '.ant-modal input')
    await page.keyboard.press('Escape')
    const dashboard = await page.evaluate(async () => {
      const place = { x: 0, y: 0, w: 6, h: 6 }
      const cards = [
        { ...place, id: 'a', kind: 'list', entity: 'sales_order', query: {} }, { ...place, x: 6, id: 'b', kind: 'chart', entity: 'sales_order', chart: 'bar', group: 'stage', sum: null },
        { ...place, y: 6, h: 2, id: 'c', kind: 'figure', entity: 'sales_order', sum: 'total_base' }, { ...place, x: 6, y: 6, h: 2, id: 'd', kind: 'text', text: '合一 Heyi' }, { ...place, y: 8, id: 'e', kind: 'list', view: 'sv_zzzz' },
      ]
      const made = await fetch('/api/dashboard', { method: 'POST', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ name: 'Access 无障碍', layout: { cards } }) })
      return (await made.json()).record.id
    })
    try {
      await page.goto(`/dashboard/${dashboard}`)
      await page.locator('.dash-card canvas').waitFor()
      await page.locator('.dash-card [data-trouble]').waitFor()
      await look('dashboard', '.dash-card tbody .lead')
      await page.goto(`/dashboard/${dashboard}?edit=1`)
      await look('dashboard arranged', '.arranging .dash-card')
      await page.locator('[data-add-card]').click()
      await look('a card is added', '[data-card-form]')
    } finally {
      await page.evaluate((id) => fetch(`/api/dashboard/${id}`, { method: 'DELETE', headers: { 'x-heyi': '1' } }), dashboard)
    }
    await theirs.context.close()
  }
  must(told.length === 0, `no page is faulted:\n${told.join('\n')}`)
}
