// What belongs to a record is counted, however much it is; and the name of a record tells who it is when one rests on it.
import { ask, enter, look, must, open } from '../lib.mjs'

export async function run({ page, base, context, lang }) {
  await enter(page, 'admin')

  // Seven kinds of records name this customer: six counters, and the last in the menu.
  const { groups: [{ key: [customer] }] } = await ask(page, 'GET', '/sales_return?group=customer')
  const mark = Date.now().toString(36)
  const { record: branch } = await ask(page, 'POST', '/party', { code: `B${mark}`, name: `Branch ${mark}`, is_customer: true, parent: customer.id, phone: '0571 4444' })
  await page.goto(`/party/${customer.id}`)
  const more = page.locator('[data-counters=more]')
  await more.waitFor()
  must((await page.locator('.counters a.counter').count()) === 6, 'six counters stand in the line')
  const invoices = page.locator('.counters a.counter', { hasText: lang === 'zh' ? '发票' : 'Invoice' })
  const { groups: [of] } = await ask(page, 'GET', `/invoice?filter=${encodeURIComponent(JSON.stringify(['and', ['customer', '=', customer.id], ['stage', '=', 'posted']]))}&sum=total_base`)
  must((await invoices.innerText()).replace(/[^\d.·]/g, '').includes(`${of.count}·${of.sum.total_base}`), `the posted invoices are counted and added up, without drafts: ${await invoices.innerText()}`)
  await more.focus()
  await page.keyboard.press('Enter')
  const item = page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .counter-item')
  await item.first().waitFor()
  must((await item.count()) === 1, 'the seventh is in the menu')
  await look(page, `counters-${lang}`)
  await item.first().click()
  await page.waitForURL(/\/sales_return\?filter=/)
  await page.locator('.table .lead').first().waitFor()

  // The pointer rests on a customer: the card comes, stays under the pointer, and goes by Esc.
  const card = page.locator('.record-card')
  const link = page.locator('td a[data-about^="party/"]').first()
  // Where the menu was, the pointer may rest on another record.
  await page.mouse.move(2, 2)
  await card.waitFor({ state: 'detached' })
  await link.hover()
  await card.locator('dl > div').first().waitFor()
  must((await card.locator('header b').innerText()) === (await link.innerText()), 'the card names the record')
  must((await link.getAttribute('aria-describedby')) === (await card.getAttribute('id')), 'the link is described by its card')
  await look(page, `card-${lang}`)
  await card.hover()
  await page.waitForTimeout(500)
  must(await card.isVisible(), 'the card stays while the pointer is on it')
  await page.keyboard.press('Escape')
  await card.waitFor({ state: 'detached' })
  must(/\/sales_return\?/.test(page.url()), 'Esc only put the card away')
  await link.hover()
  await card.waitFor()
  await page.mouse.move(5, 5)
  await card.waitFor({ state: 'detached' })

  // The same by the keyboard.
  await page.locator('.table .lead').first().focus()
  await page.keyboard.press('Tab')
  must(await link.evaluate((element) => element === document.activeElement), 'Tab goes to the customer')
  await card.waitFor()
  await page.keyboard.press('Tab')
  await page.waitForFunction((text) => document.querySelector('.record-card header b')?.textContent !== text, await link.innerText())

  // In a form it is at the button that opens the record.
  await page.goto(`/party/${branch.id}`)
  await page.locator('[data-field="parent"] a[data-about]').hover()
  await card.locator('header b').waitFor()
  await page.mouse.move(5, 5)
  await ask(page, 'DELETE', `/party/${branch.id}`)

  // A finger opens the record and nothing else.
  const phone = await open(context.browser(), base, { width: 375, height: 760, lang })
  await enter(phone.page, 'admin')
  await phone.page.goto(`/party/${customer.id}`)
  await phone.page.locator('[data-field="owner"]').waitFor()
  must(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the counters fit a phone')
  const reference = phone.page.locator('a[data-about]').first()
  await reference.tap()
  await phone.page.waitForTimeout(700)
  must((await phone.page.locator('.record-card').count()) === 0, 'no card on touch')
  must(phone.complaints.length === 0, `no complaints on a phone: ${phone.complaints.join()}`)
  await phone.context.close()
}
