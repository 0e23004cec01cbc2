// What was typed is never lost: leaving asks, a lost session comes back, someone faster is shown, problems stand at their field.
import { field, fill, must, screenshot, signIn } from '../lib.mjs'

export const mock = true
const bySomeoneElse = (page, path, body) => page.evaluate(async ([to, change]) => {
  const now = await (await fetch(`/api${to}`)).json()
  const answer = await fetch(`/api${to}`, { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ ...change, version: now.record.version }) })
  return answer.status
}, [path, body])

export async function run({ page, context }) {
  await signIn(page, 'sales')
  await page.goto('/sales_order?filter=%5B%22stage%22%2C%22%3D%22%2C%22draft%22%5D')
  await page.locator('.table .lead').first().click()
  await field(page, 'reference').waitFor()
  const path = new URL(page.url()).pathname

  await fill(page, 'reference', 'PO typed')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.locator('.ant-modal-confirm').waitFor()
  await screenshot(page, 'safety-1-leave')
  await page.locator('.ant-modal-confirm .ant-btn:not(.ant-btn-dangerous)').click()
  await page.locator('.ant-modal-confirm').waitFor({ state: 'detached' })
  must((await field(page, 'reference').locator('input').inputValue()) === 'PO typed', 'staying keeps what was typed')

  const cookies = await context.cookies()
  await context.clearCookies()
  await page.keyboard.press('Control+s')
  await page.locator('.ant-modal .sign-in-form').waitFor()
  await screenshot(page, 'safety-2-expired')
  must((await page.locator('.ant-modal input[name=username]').inputValue()) === 'sales', 'the name is known')
  await page.locator('.ant-modal input[name=password]').fill('demo')
  await page.keyboard.press('Enter')
  await page.locator('.ant-message-success').waitFor()
  must(cookies.length > 0 && page.url().endsWith(path), 'it was saved where it was typed')
  await page.reload()
  must((await field(page, 'reference').locator('input').inputValue()) === 'PO typed', 'the save went through after signing in')

  await fill(page, 'reference', 'mine')
  must((await bySomeoneElse(page, `/${path.slice(1)}`, { reference: 'theirs', note: 'Please hurry' })) === 200, 'a colleague saves first')
  await page.keyboard.press('Control+s')
  await page.locator('.ant-modal .table.small').waitFor()
  await screenshot(page, 'safety-3-conflict')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.keyboard.press('Control+s')
  await page.locator('.ant-message-success').waitFor()
  await page.reload()
  await field(page, 'note').waitFor()
  must((await field(page, 'reference').locator('input').inputValue()) === 'mine' && (await field(page, 'note').locator('textarea').inputValue()) === 'Please hurry', 'mine and theirs are both kept')

  await page.goto('/sales_order/new')
  await field(page, 'customer').waitFor()
  await page.keyboard.press('Control+s')
  await page.locator('[data-save]').click()
  await page.locator('.field.wrong .hint.bad').first().waitFor()
  await page.locator('[data-field="customer"].wrong').waitFor()
  // The cursor stands there, too.
  await page.waitForFunction(() => document.activeElement?.closest('[data-field="customer"]'))
  await page.locator('td[data-column="product"] input').fill('CH-100')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.type('0')
  await page.keyboard.press('Control+s')
  await page.locator('.line-remarks .hint.bad').waitFor()
  await screenshot(page, 'safety-4-problems')
}
