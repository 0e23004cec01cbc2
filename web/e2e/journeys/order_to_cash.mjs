// Quotation → order → half delivered → invoice → part paid in another currency → the rest → one piece back → credit note →
// and every one of these amounts found again from the balance sheet down to its document. As people would click and type it.
// With PICTURES=folder its pictures are those of the manual.
import { join } from 'node:path'
import { act, ask, choose, field, fill, fillLine, look, make, must, openModule, save, signIn, stage } from '../lib.mjs'

const CUSTOMER = process.env.E2E_CUSTOMER ?? 'Blue Wheel'
const PRODUCTS = (process.env.E2E_PRODUCTS ?? 'AC-HELM,PT-TUBE').split(',')

const grand = (page) => page.locator('.totals .grand dd')
const rows = (page) => page.locator('.lines-table tbody[data-row]')
const cell = (page, row, column) => rows(page).nth(row).locator(`td[data-column="${column}"] input`)
const path = (page) => new URL(page.url()).pathname
const read = (page, address) => page.evaluate(async (to) => (await (await fetch(`/api${to}`)).json()).record, address)
/** Key by key: to put there at once what stands there already would be no typing. */
const type = async (input, text) => {
  await input.click()
  await input.pressSequentially(text)
}
/** Pictures for the manual are taken on the way. */
async function picture(page, lang, name) {
  if (!process.env.PICTURES) return look(page, `otc-${name}-${lang}`)
  await page.waitForFunction(() => !document.querySelector('.ant-message-notice, .ant-notification-notice, .progress, .skeleton'))
  await page.mouse.move(2, 2)
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(process.env.PICTURES, `${name}-${lang}.png`), scale: 'css' })
}

/** What a document moved on an account, line by line, as the general ledger shows it. */
async function moved(page, address, account) {
  const books = await page.evaluate(async (to) => (await fetch(`/api${to}/books`)).json(), address)
  const lines = books.entries.flatMap((entry) => entry.lines).filter((line) => line.account.label.includes(account))
  must(lines.length > 0, `${address} moves ${account}`)
  return lines.map((line) => new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(Number(line.debit) || Number(line.credit)))
}

export async function run({ page, user, lang }) {
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
  await picture(page, lang, 'quotation')

  await act(page, 'accept')
  await page.locator('.ant-notification-notice a[href^="/sales_order/"]').click()
  await page.waitForURL('**/sales_order/*')
  await grand(page).waitFor()
  must((await grand(page).innerText()) === quoted, 'the order costs what was quoted')
  await act(page, 'confirm')
  await page.locator('[data-make]').waitFor()
  const order = path(page)
  await picture(page, lang, 'order')

  await make(page, 'delivery')
  await rows(page).nth(1).waitFor()
  await type(cell(page, 0, 'qty'), '2')
  await type(cell(page, 1, 'qty'), '3')
  await save(page)
  await act(page, 'ship')
  await page.locator('[data-make]').waitFor()
  const delivery = path(page)
  await picture(page, lang, 'delivery')
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
  await picture(page, lang, 'invoice')
  // The entry stands in the ledger with all its lines, and leads back to the invoice.
  await page.locator('.books b a').first().click()
  await page.waitForURL('**/entry/en_*')
  await page.locator('.books.wide tfoot').waitFor()
  const [debit, credited] = (await page.locator('.books.wide tfoot th.num').allInnerTexts()).slice(-2)
  must(debit === credited && /[1-9]/.test(debit), `the entry is balanced: ${debit} and ${credited}`)
  await page.locator('.source').click()
  await page.waitForURL(`**${invoice}`)
  await page.locator('[data-make]').waitFor()

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
  await picture(page, lang, 'payment')
  const partPayment = path(page)
  const part = await read(page, invoice)
  must(part.payment_state === 'partial' && Math.abs(Number(part.total) - Number(part.open_amount) - 25) < 0.001, `25 of ${part.total} is paid, ${part.open_amount} open`)

  await page.goto(invoice)
  await make(page, 'payment')
  await field(page, 'amount').waitFor()
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()
  const restPayment = path(page)
  const paid = await read(page, invoice)
  must(paid.payment_state === 'full' && Number(paid.open_amount) === 0, 'the invoice is paid')

  // The invoice lists what settled it; each leads to its payment, and nothing is open.
  await page.goto(invoice)
  const ways = page.locator('[data-settled] [data-how]')
  await ways.nth(1).waitFor()
  const links = await ways.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
  must(links.join() === [partPayment, restPayment].join(), `both payments settled it: ${links.join()}`)
  must(/25[.,]00/.test(await ways.first().innerText()), `the first is told in euros: ${await ways.first().innerText()}`)
  must(await page.locator('[data-settled] .paid').count(), 'nothing is open')
  await look(page, `settled-${lang}`)

  await page.goto(delivery)
  await make(page, 'sales_return')
  await rows(page).nth(1).waitFor()
  await type(cell(page, 0, 'qty'), '1')
  await rows(page).nth(1).locator('.line-tools button:last-child').click()
  await save(page)
  await act(page, 'receive')
  await page.locator('.form-title .anticon-lock').waitFor()
  await picture(page, lang, 'return')
  const back = path(page)

  // What came back makes its credit note: one of it, at the price of the invoice, in one go.
  await make(page, 'invoice')
  await rows(page).first().waitFor()
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()
  const creditNote = path(page)
  const credit = await read(page, creditNote)
  must(credit.kind === 'credit_note' && credit.credits.id === invoice.split('/').at(-1) && credit.lines.length === 1 && Number(credit.lines[0].qty) === 1, 'what a return makes is a credit note of its invoice')
  await picture(page, lang, 'credit-note')

  await page.goto(invoice.replace('/invoice/', '/chain/invoice/'))
  await page.locator('.chain-node').nth(6).waitFor()
  await picture(page, lang, 'chain')
  const given = page.locator('.chain-node', { hasText: credit.number })
  const returned = await given.locator('.num').textContent()
  must(/[-−]/.test(returned), `what is given back says so: ${returned}`)
  must((await page.locator('.chain-node').count()) >= 8, 'quotation, order, delivery, invoice, two payments, return and credit note are one chain')

  // From the sums of the balance sheet down to every document of the chain.
  const receivable = { line: { en: 'Accounts receivable', zh: '应收账款' }, account: '应收账款', of: [invoice, partPayment, restPayment, creditNote] }
  const goods = { line: { en: 'goods in stock', zh: '库存商品' }, account: '库存商品', of: [delivery, back] }
  for (const { line, account, of } of [receivable, goods]) for (const address of of) {
    const { number } = await read(page, address)
    const amounts = await moved(page, address, account)
    await page.evaluate(() => window.history.pushState({}, '', '/report/balance_sheet'))
    const sum = page.locator('.table.report .lead', { hasText: line[lang] })
    await sum.waitFor()
    if (address === invoice) await picture(page, lang, 'report')
    await sum.click()
    await page.waitForURL((url) => url.pathname === '/report/general_ledger')
    const row = page.locator('.table.report tr', { hasText: number })
    await row.first().waitFor()
    const told = await row.allInnerTexts()
    for (const amount of amounts) must(told.some((text) => text.includes(amount)), `the general ledger has ${amount} of ${number} on ${account}: ${told.join(' | ')}`)
    await row.first().scrollIntoViewIfNeeded()
    if (address === invoice) await picture(page, lang, 'ledger')
    await row.first().locator('.lead').click()
    await page.waitForURL((url) => url.pathname === address)
    await page.locator('.form-head h1', { hasText: number }).waitFor()
  }

  await page.goto(invoice.replace('/invoice/', '/print/invoice/'))
  await page.locator('.paper .in-words b').first().waitFor()
  await picture(page, lang, 'print')
  // A customer who reads another language gets the letter in it.
  const theirs = `/party/${(await ask(page, 'GET', invoice)).record.customer.id}`
  const speaks = async (language) => ask(page, 'PATCH', theirs, { version: (await ask(page, 'GET', theirs)).record.version, language })
  const { language: before } = (await ask(page, 'GET', theirs)).record
  await speaks(lang === 'zh' ? 'en' : 'zh')
  await page.reload()
  await page.locator('.paper h1', { hasText: lang === 'zh' ? 'Invoice' : '销售发票' }).waitFor()
  const headings = await page.locator('.paper-lines thead th').allInnerTexts()
  const unit = headings.findIndex((heading) => heading === (lang === 'zh' ? 'Unit' : '单位'))
  must(unit > 0, `the paper has units: ${headings.join()}`)
  const units = await page.locator(`.paper-lines tbody td:nth-child(${unit + 1})`).allInnerTexts()
  must(units.every((one) => /\p{Script=Han}/u.test(one) === (lang === 'en')), `units are called in the language of the paper: ${units.join()}`)
  await speaks(before)
  await page.goto(quotation)
  await stage(page).waitFor()
}
