// The keyboard alone: go, search, palette, pages, lines; and nothing is taken or done while a Chinese word is being composed.
import { ask, cellOf, choose, look, must, signIn } from '../lib.mjs'

const line = '.lines-table tbody[data-row]'

export async function run({ page, context, lang }) {
  await signIn(page, 'admin')
  await page.locator('.figure').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL('**/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('Blue')
  await page.waitForURL('**search=*')
  // Only what was searched is listed.
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('.table tbody tr[aria-rowindex]')]
    return rows.length > 0 && rows.every((row) => row.textContent.includes('Blue')) && !document.querySelector('.list-body.stale')
  })
  // Enter puts away what is offered; out of the box, down the rows, into one, on to the next and back.
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sales_order/so_*')
  const title = page.locator('.form-head h1')
  const first = await title.innerText()
  await page.keyboard.press('Alt+n')
  await page.waitForFunction((before) => {
    const now = document.querySelector('.form-head h1')?.textContent
    return now && now !== before
  }, first)
  await page.keyboard.press('Escape')
  await page.waitForURL('**/sales_order?search=*')

  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('?')
  await page.locator('.shortcuts').waitFor()
  await look(page, `keyboard-shortcuts-${lang}`)
  await page.keyboard.press('Escape')
  await page.locator('.shortcuts').waitFor({ state: 'detached' })

  await page.keyboard.press('Control+k')
  await page.locator('.palette input').waitFor()
  await page.keyboard.type('=12*3.5')
  await page.locator('.palette-entry', { hasText: '42' }).first().waitFor()
  const trial = lang === 'zh' ? '科目余额表' : 'Trial balance'
  await page.locator('.palette input').fill(trial)
  await page.locator('.palette-entry', { hasText: trial }).first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/report/trial_balance')
  await page.locator('.table.report .lead').first().click()
  await page.waitForURL('**/report/general_ledger?account=*')
  await page.locator('.table.report .lead').first().click()
  await page.waitForURL((url) => !url.pathname.startsWith('/report/'))

  await composing(page, await context.newCDPSession(page), lang)
}

/** As an input method does it: what is composed is no word yet, and its keys are its own. */
async function composing(page, browser, lang) {
  const compose = (text) => browser.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  const commit = (text) => browser.send('Input.insertText', { text })
  const lines = () => page.locator(line).count()
  await page.goto('/sales_order/new')
  await choose(page, 'customer', 'Hangzhou')
  // In a field: the keys of the page wait, Enter takes none of what is offered and Escape throws nothing away.
  const reference = page.locator('[data-field="customer_reference"] input')
  await reference.click()
  await compose('ding')
  for (const key of ['Enter', 'Escape', 'Control+s', 'Alt+n']) await page.keyboard.press(key)
  must(new URL(page.url()).pathname === '/sales_order/new' && (await page.locator('.ant-modal, .wrong').count()) === 0, 'what is composed is neither saved nor left')
  await commit('订单')
  must((await reference.inputValue()) === '订单', `the word is taken as it was chosen: ${await reference.inputValue()}`)

  // In the line grid: the product is not taken, no line is made, the quantity stays where it is.
  const product = cellOf(page, 0, 'product')
  await product.click()
  await compose('ling')
  await page.locator('.pop [role=option]').first().waitFor({ timeout: 2000 }).catch(() => undefined)
  for (const key of ['Enter', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  must((await lines()) === 1 && (await page.evaluate(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column'))) === 'product', 'keys of an input method stay in the cell')
  await commit('铃')
  await page.locator('.pop .pop-option[role=option]', { hasText: 'AC-BELL' }).waitFor()
  await look(page, `keyboard-composed-${lang}`)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /BELL|铃/.test(document.querySelector('[data-column="product"] input')?.value ?? ''))
  await page.keyboard.type('5')
  await compose('wu')
  await page.keyboard.press('Enter')
  must((await lines()) === 1, 'Enter that chooses a word makes no line')
  await commit('')
  await cellOf(page, 0, 'qty').fill('5')
  await page.keyboard.press('Enter')
  await page.locator(line).nth(1).waitFor()
  // The next line starts at its product, and Escape takes the empty line away.
  await page.waitForFunction(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') === 'product')
  await page.keyboard.press('Escape')
  await page.waitForFunction((rows) => document.querySelectorAll(rows).length === 1, line)
  await page.keyboard.press('Control+s')
  await page.waitForURL(/\/sales_order\/so_/)
  const { record } = await ask(page, 'GET', new URL(page.url()).pathname)
  must(record.customer_reference === '订单' && record.lines.length === 1 && record.lines[0].product.label.includes('AC-BELL') && Number(record.lines[0].qty) === 5, `what was meant is saved: ${JSON.stringify(record.lines.map((one) => [one.product.label, one.qty]))}`)
  await ask(page, 'DELETE', new URL(page.url()).pathname)
}
