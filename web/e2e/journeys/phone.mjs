// On a phone: sign in, home, menu, list, a document, and a new one with a line; nothing is wider than the screen.
import { choose, look, must, signIn } from '../lib.mjs'

export const sizes = ['phone']

export async function run({ page, lang, shots }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  await signIn(page, 'sales')
  await page.locator('.figure').first().waitFor()
  await fits('home')
  await look(page, shots ? `${shots}-phone-home-${lang}` : `phone-home-${lang}`)
  await page.locator('.bottom button').nth(1).click()
  await page.locator('.ant-drawer [data-module="sales"]').click()
  await page.locator('.ant-drawer .nav-subs a[href="/sales_order"]').click()
  await page.locator('.cards .card').first().waitFor()
  await fits('the list')
  await page.locator('.cards .card').first().click()
  await page.locator('.totals').waitFor()
  await fits('the order')
  await look(page, `phone-order-${lang}`)
  await page.goto('/quotation/new')
  await choose(page, 'customer', 'Hangzhou')
  const lead = page.locator('.line-card input').first()
  await lead.fill('AC-BELL')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await lead.press('Enter')
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector('.totals .grand dd')?.textContent ?? ''))
  await fits('the form')
  await look(page, `phone-new-${lang}`)
  await page.locator('[data-save]').click()
  await page.waitForURL((url) => /\/quotation\/qt_/.test(url.pathname))
  await page.goto('/report/order_book').catch(() => undefined)
  await page.locator('.table.report, .empty, .trouble').first().waitFor()
  await fits('the report')
}
