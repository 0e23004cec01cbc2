// Who gives a record away is told so and is back at the list: it was saved, and there is nothing more to see of it.
import { ask, choose, enter, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, base, lang, size }) {
  await enter(page, 'sales')
  const customer = (await ask(page, 'GET', '/party?limit=1&filter=' + encodeURIComponent('["is_customer","=",true]'))).rows[0]
  const product = (await ask(page, 'GET', '/product?limit=1')).rows[0]
  const made = (await ask(page, 'POST', '/quotation', { customer: customer.id, lines: [{ product: product.id, qty: '1' }] })).record
  const other = (await ask(page, 'GET', '/user?filter=' + encodeURIComponent('["login","=","sales2"]'))).rows[0]
  await page.goto(`/quotation/${made.id}`)
  await page.locator('[data-field=customer]').first().waitFor()
  const fold = page.locator('[data-field=owner]')
  must(await fold.count(), 'the owner is on the form')
  await choose(page, 'owner', other.name)
  await page.locator('[data-save]').click()
  await page.waitForURL(/\/quotation(\?|$)/)
  await page.getByText(lang === 'zh' ? '现由他人负责' : 'now belongs to somebody').waitFor()
  await look(page, `given-away-${size}-${lang}`)
  const status = await page.evaluate(async (id) => (await fetch(`/api/quotation/${id}`)).status, made.id)
  must(status === 404, 'it is another\'s now')

  // One that is open here is given away by somebody else: the page says so by itself, and so does the list.
  const second = (await ask(page, 'POST', '/quotation', { customer: customer.id, lines: [{ product: product.id, qty: '2' }] })).record
  await page.goto(`/quotation/${second.id}`)
  await page.locator('[data-field=customer]').first().waitFor()
  const elsewhere = await page.context().browser().newContext({ baseURL: base })
  const boss = await elsewhere.newPage()
  await enter(boss, 'manager')
  await ask(boss, 'PATCH', `/quotation/${second.id}`, { version: second.version, owner: other.id })
  await page.getByText(lang === 'zh' ? '可能已被删除' : 'belongs to someone else').waitFor()
  await look(page, `out-of-sight-${size}-${lang}`)
  await elsewhere.close()
}
