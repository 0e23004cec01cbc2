// Quotation → order → half delivered → invoice → part paid in another currency → the rest → one piece back → credit note →
// found again in the balance sheet and from there down to the document. As people would click and type it.
import { act, choose, field, fill, fillLine, make, must, openModule, save, screenshot, signIn, stage } from '../lib.mjs'

const CUSTOMER = process.env.E2E_CUSTOMER ?? 'Blue Wheel'
const PRODUCTS = (process.env.E2E_PRODUCTS ?? 'AC-HELM,PT-TUBE').split(',')
export const real = true
export const langs = ['zh', 'en']

const grand = (page) => page.locator('.totals .grand dd')
const rows = (page) => page.locator('.lines-table tbody[data-row]')
const cell = (page, row, column) => rows(page).nth(row).locator(`td[data-column="${column}"] input`)
const path = (page) => new URL(page.url()).pathname
const read = (page, address) => page.evaluate(async (to) => (await (await fetch(`/api${to}`)).json()).record, address)
const type = async (input, text) => {
  await input.click()
  await input.fill(text)
}
/** Pictures for the manual are taken on the way. */
const picture = (page, shots, lang, name) => screenshot(page, shots ? `${shots}-${name}-${lang}` : `otc-${name}-${lang}`)

export async function run({ page, user, lang, shots }) {
  await signIn(page, user ?? 'admin')
  await openModule(page, 'sales', '/quotation')
  await page.keyboard.press('Alt+c')
  await page.waitForURL('**/quotation/new')

  await choose(page, 'customer', CUSTOMER)
  await fillLine(page, 0, PRODUCTS[0], { qty: '4' })
  await page.keyboard.press('Enter')
  await fillLine(page, 1, PRODUCTS[1], { qty: '2*3' })
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector('.totals .grand dd')?.textContent ?? ''))
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => /\/quotation\/(?!new)/.test(url.pathname))
  await page.locator('.form-tools .actions').waitFor()
  const quoted = await grand(page).innerText()
  const quotation = path(page)
  await picture(page, shots, lang, 'quotation')

  await act(page, 'accept')
  await page.locator('.ant-notification-notice a[href^="/sales_order/"]').click()
  await page.waitForURL('**/sales_order/*')
  await grand(page).waitFor()
  must((await grand(page).innerText()) === quoted, 'the order costs what was quoted')
  await act(page, 'confirm')
  await page.locator('[data-make]').waitFor()
  const order = path(page)
  await picture(page, shots, lang, 'order')

  await make(page, 'delivery')
  await rows(page).nth(1).waitFor()
  await type(cell(page, 0, 'qty'), '2')
  await type(cell(page, 1, 'qty'), '3')
  await save(page)
  await act(page, 'ship')
  await page.locator('[data-make]').waitFor()
  const delivery = path(page)
  await picture(page, shots, lang, 'delivery')
  must((await read(page, order)).delivery_state === 'partial', 'half of the order is delivered')

  await make(page, 'invoice')
  await rows(page).nth(1).waitFor()
  await save(page)
  await act(page, 'post')
  await page.locator('[data-make]').waitFor()
  const invoice = path(page)
  const owed = await read(page, invoice)
  must(Number(owed.open_amount) > 0 && owed.open_amount === owed.total, 'all of the invoice is open')
  await page.locator('.aside .ant-tabs-tab').nth(2).click()
  await page.locator('.books table').first().waitFor()
  await picture(page, shots, lang, 'invoice')

  // A part comes in dollars for an invoice in the customer's own currency.
  await make(page, 'payment')
  await field(page, 'amount').waitFor()
  await field(page, 'currency').locator('.ant-select').click()
  await page.keyboard.type('USD')
  await page.keyboard.press('Enter')
  await fill(page, 'amount', '30')
  await type(cell(page, 0, 'amount'), '30')
  await type(cell(page, 0, 'invoice_amount'), '25')
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()
  await picture(page, shots, lang, 'part_payment')
  const part = await read(page, invoice)
  must(part.payment_state === 'partial' && Math.abs(Number(part.total) - Number(part.open_amount) - 25) < 0.001, `25 of ${part.total} is paid, ${part.open_amount} open`)

  await page.goto(invoice)
  await make(page, 'payment')
  await field(page, 'amount').waitFor()
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()
  const paid = await read(page, invoice)
  must(paid.payment_state === 'full' && Number(paid.open_amount) === 0, 'the invoice is paid')

  await page.goto(delivery)
  await make(page, 'sales_return')
  await rows(page).nth(1).waitFor()
  await type(cell(page, 0, 'qty'), '1')
  await rows(page).nth(1).locator('.line-tools button').click()
  await save(page)
  await act(page, 'receive')
  await page.locator('.form-title .anticon-lock').waitFor()
  await picture(page, shots, lang, 'return')

  await page.goto(invoice)
  await make(page, 'invoice')
  await rows(page).first().waitFor()
  await type(cell(page, 0, 'qty'), '1')
  while ((await rows(page).count()) > 1) await rows(page).nth(1).locator('.line-tools button').click()
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()
  const credit = await read(page, path(page))
  must(credit.kind === 'credit_note', 'what an invoice makes of itself is a credit note')
  await picture(page, shots, lang, 'credit_note')

  await page.goto(invoice.replace('/invoice/', '/chain/invoice/'))
  await page.locator('.chain-node').nth(6).waitFor()
  await picture(page, shots, lang, 'chain')
  must((await page.locator('.chain-node').count()) >= 8, 'quotation, order, delivery, invoice, two payments, return and credit note are one chain')

  // From the sum of all receivables down to the credit note.
  await page.goto('/report/balance_sheet')
  const receivable = page.locator('.table.report .lead', { hasText: lang === 'zh' ? '应收账款' : 'Accounts receivable' })
  await receivable.waitFor()
  await picture(page, shots, lang, 'report')
  await receivable.click()
  await page.waitForURL((url) => url.pathname === '/report/general_ledger')
  const line = page.locator('.table.report tr', { hasText: credit.number })
  await line.waitFor()
  await line.scrollIntoViewIfNeeded()
  await line.locator('.lead').click()
  await page.waitForURL((url) => url.pathname.startsWith('/invoice/'))
  await page.locator('.form-head h1', { hasText: credit.number }).waitFor()

  await page.goto(invoice.replace('/invoice/', '/print/invoice/'))
  await page.locator('.paper .in-words b').first().waitFor()
  await picture(page, shots, lang, 'print')
  await page.goto(quotation)
  await stage(page).waitFor()
}
