// Every kind of page in the dark, held against WCAG 2.2 A and AA by axe-core. In the light the other journeys look at them.
import { faults, must, signIn, still } from '../lib.mjs'

export const sizes = { en: ['phone'], zh: ['desk'] }

export async function run({ page, phone }) {
  await page.addInitScript(() => localStorage.setItem('heyi.theme', '"dark"'))
  const told = []
  const show = async (name, selector) => {
    await page.locator(selector).first().waitFor()
    await still(page)
    told.push(...(await faults(page, name)))
  }
  await page.goto('/')
  await show('sign in', '.demo-user')
  await signIn(page, 'admin')
  await show('home', 'canvas')
  await page.goto('/sales_order')
  await show('list', '.table tbody .lead, .cards .card')
  await page.locator('[data-sort]').click()
  await show('order', '.sort-pop')
  await page.keyboard.press('Escape')
  await page.goto('/party')
  await page.locator('.table tbody .lead, .cards .card').first().waitFor()
  await page.locator('.control .anticon-filter').click()
  await show('filter', '.filter-pop')
  await page.goto(`/sales_order?filter=${encodeURIComponent('["and",["stage","in",["confirmed"]],["customer","not_empty"],["total",">","1"],["ordered_on","within","this_year"]]')}`)
  await page.locator('.table tbody .lead, .cards .card').first().waitFor()
  await page.locator('.control .anticon-filter').click()
  await show('conditions', '.filter-pop .condition-value')
  await page.keyboard.press('Escape')
  await page.goto('/sales_order')
  if (phone) await page.locator('[data-select-mode]').click()
  await page.locator('.table tbody tr[aria-rowindex] input[type=checkbox], .cards input[type=checkbox]').first().check()
  await show('selection', '.selection')
  if (phone) await page.locator('[data-selection-menu]').click()
  await page.locator('[data-mass-action=confirm]').click()
  await show('many', '.ant-modal [role=status]')
  await page.goto('/sales_order?group=customer')
  await show('groups', '.group-row, .group-head')
  await page.goto('/sales_order?look=pivot&group=customer.country,customer&cols=ordered_on:month')
  await show('pivot', '.pivot tfoot td')
  await page.goto('/sales_order?look=chart&group=customer,ordered_on:month&chart=heat')
  await show('heat map', '.heat td')
  await page.goto('/quotation?look=chart&group=stage&chart=funnel')
  await show('funnel', '.chart-body canvas')
  await page.goto('/account?look=tree')
  await show('tree', '.tree [data-row]')
  await page.goto('/sales_order?look=board&group=stage')
  await show('board', '.lane .card')
  await page.goto('/sales_order?look=calendar')
  await show('calendar', '.time-chip, .dots-day')
  await page.goto('/sales_order?look=calendar&span=week')
  await show('week', '.time-chip')
  await page.goto('/sales_order?look=timeline')
  await show('timeline', '.tl-bar')
  await page.goto('/sales_order?look=timeline&group=customer')
  await show('timeline of customers', '.tl-bar')
  await page.goto('/sales_order?filter=%5B%22number%22%2C%22%3D%22%2C%22nothing%22%5D')
  await show('nothing found', '.empty')
  await page.goto('/sales_order')
  await page.locator('.table tbody .lead, .cards .card').first().click()
  await show('form', '.totals')
  await page.goto('/quotation/new')
  await show('new form', '.add-line')
  await page.goto('/report/trial_balance')
  await show('report', '.table.report tbody tr')
  await page.goto('/manual/')
  await show('manual', '.manual article h1')
  await page.goto('/company')
  await page.locator('.table tbody .lead, .cards .card').first().click()
  await show('settings', '.fields')
  await page.keyboard.press('Control+k')
  await show('palette', '.ant-modal input')
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
    await show('dashboard', '.dash-card tbody .lead')
    await page.goto(`/dashboard/${dashboard}?edit=1`)
    await show('dashboard arranged', '.arranging .dash-card')
    await page.locator('[data-add-card]').click()
    await show('a card is added', '[data-card-form]')
  } finally {
    await page.evaluate((id) => fetch(`/api/dashboard/${id}`, { method: 'DELETE', headers: { 'x-heyi': '1' } }), dashboard)
  }
  must(told.length === 0, `no page is faulted:\n${told.join('\n')}`)
}
