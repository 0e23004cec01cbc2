// What a form is made of: groups behind each other, the way of a document and how long it stood where, and the ribbon of what is over.
import { ask, enter, look, must } from '../lib.mjs'

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const [company] = (await ask(page, 'GET', '/company?limit=1')).rows
  await page.goto(`/company/${company.id}`)
  const tabs = page.locator('.part-tabs [role=tab]')
  await tabs.first().waitFor()
  must((await tabs.count()) === 3, `the groups of a long form stand behind each other: ${await tabs.count()}`)
  await look(page, `parts-${lang}`)
  await tabs.nth(1).click()
  await page.reload()
  await tabs.first().waitFor()
  must((await tabs.nth(1).getAttribute('aria-selected')) === 'true', 'the group that was open is open again')
  await look(page, `parts-second-${lang}`)

  // Something wrong in a group that is not open: it comes forward.
  await tabs.nth(0).click()
  await page.route(`**/api/company/${company.id}`, (route) => (route.request().method() === 'PATCH' ? route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ title: 'No', code: 'invalid', problems: [{ field: 'hard_locked_until', message: 'too early' }, { field: 'name', message: 'too short' }] }) }) : route.continue()))
  await page.locator('[data-field=name] input').first().fill('Another name')
  await page.keyboard.press('Control+s')
  await page.locator('.part-wrong').waitFor()
  const field = page.locator('[data-field=hard_locked_until].wrong')
  await field.waitFor()
  must((await tabs.nth(2).getAttribute('aria-selected')) === 'true', 'the group with what is wrong is open')
  await tabs.nth(0).click()
  await page.locator('[data-problem=hard_locked_until]').click()
  must(await page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === 'hard_locked_until'), 'the list of what is wrong leads into a group that is not open')
  await look(page, `parts-wrong-${lang}`)
  await page.locator('.form-tools .ant-btn:not([data-save])').first().click()

  // A quotation: how long it stood where, then cancelled.
  const [customer] = (await ask(page, 'GET', '/party?limit=1&filter=%5B%22is_customer%22%2C%22%3D%22%2Ctrue%5D')).rows
  const [product] = (await ask(page, 'GET', '/product?limit=1')).rows
  const { record } = await ask(page, 'POST', '/quotation', { customer: customer.id, lines: [{ product: product.id, qty: '2' }] })
  await ask(page, 'POST', `/quotation/${record.id}/send`, { version: record.version })
  await page.goto(`/quotation/${record.id}`)
  await page.locator('.stages li.now span').hover()
  const told = page.locator('.ant-tooltip:not(.ant-tooltip-hidden)', { hasText: /Here for|已停留/ })
  await told.waitFor()
  await look(page, `stay-${lang}`)
  await page.locator('.stages li.past span').first().hover()
  await page.locator('.ant-tooltip:not(.ant-tooltip-hidden)', { hasText: /first from|首次进入/ }).waitFor()
  await ask(page, 'POST', `/quotation/${record.id}/cancel`, { version: (await ask(page, 'GET', `/quotation/${record.id}`)).record.version })
  await page.locator('.ribbon.bad').waitFor()
  await page.mouse.move(5, 5)
  await look(page, `ribbon-${lang}`)
  await page.setViewportSize({ width: 375, height: 812 })
  await page.locator('.bottom').waitFor()
  await look(page, `ribbon-phone-${lang}`)
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out on a phone')
}
