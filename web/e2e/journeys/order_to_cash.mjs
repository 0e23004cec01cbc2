// Quote → order → delivery → invoice → payment, as a salesperson and their colleagues would click and type it.
import { act, choose, field, fillLine, make, must, openModule, save, screenshot, signIn, stage } from '../lib.mjs'

const CUSTOMER = process.env.E2E_CUSTOMER ?? 'Blue Wheel'
const PRODUCTS = (process.env.E2E_PRODUCTS ?? '').split(',').filter(Boolean)

export async function run({ page, mocked, user }) {
  const products = PRODUCTS.length ? PRODUCTS : mocked ? ['CH-100', '显示'] : ['a', 'e']
  await signIn(page, user ?? (mocked ? 'sales' : (await firstDemoUser(page))), process.env.E2E_PASSWORD)
  await openModule(page, 'sales', '/quotation')
  await page.keyboard.press('Alt+c')
  await page.waitForURL('**/quotation/new')

  // The keyboard alone makes the lines: product, Enter, quantity, Enter, next line.
  await choose(page, 'customer', CUSTOMER)
  await fillLine(page, 0, products[0], { qty: '3' })
  await page.keyboard.press('Enter')
  await fillLine(page, 1, products[1], { qty: '2*2' })
  await page.locator('.totals .grand dd .num').waitFor()
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector('.totals .grand dd')?.textContent ?? ''))
  await screenshot(page, 'otc-1-quotation')
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => /\/quotation\/(?!new)/.test(url.pathname))
  const quoted = await page.locator('.totals .grand dd').innerText()

  await act(page, 'accept')
  const created = page.locator('.ant-notification-notice a[href^="/sales_order/"]')
  await created.click()
  await page.waitForURL('**/sales_order/*')
  await page.locator('.totals .grand dd .num').waitFor()
  must((await page.locator('.totals .grand dd').innerText()) === quoted, 'the order costs what was quoted')
  await act(page, 'confirm')
  await screenshot(page, 'otc-2-order')
  const order = page.url()

  await make(page, 'delivery')
  await page.locator('.lines-table tbody[data-row]').nth(1).waitFor()
  await save(page)
  await act(page, 'ship')
  await screenshot(page, 'otc-3-delivery')

  await page.goto(order)
  await make(page, 'invoice')
  await page.locator('.lines-table tbody[data-row]').nth(1).waitFor()
  await save(page)
  must((await page.locator('.totals .grand dd').innerText()) === quoted, 'the invoice asks what was quoted')
  await act(page, 'post')
  await page.locator('.aside .ant-tabs-tab').nth(2).click()
  await page.locator('.books table').first().waitFor()
  await screenshot(page, 'otc-4-invoice', { full: true })
  const invoice = page.url()

  await make(page, 'payment')
  await field(page, 'amount').waitFor()
  await save(page)
  await act(page, 'post')
  await page.goto(invoice)
  await stage(page).waitFor()
  await screenshot(page, 'otc-5-paid')

  await page.goto(invoice.replace('/invoice/', '/chain/invoice/'))
  await page.locator('.chain-node').nth(4).waitFor()
  must((await page.locator('.chain-node').count()) >= 5, 'quotation, order, delivery, invoice and payment are one chain')
  await screenshot(page, 'otc-6-chain')
  await page.goto(invoice.replace('/invoice/', '/print/invoice/'))
  await page.locator('.paper .in-words b').first().waitFor()
  await screenshot(page, 'otc-7-print', { full: true })
}

async function firstDemoUser(page) {
  await page.goto('/')
  const cards = page.locator('.demo-user')
  await cards.first().waitFor()
  for (const login of ['admin', 'boss', 'sales']) if (await page.locator(`.demo-user[data-login="${login}"]`).count()) return login
  return cards.first().getAttribute('data-login')
}
