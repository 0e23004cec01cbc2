// What is set up by hand: party, product, price list, journal entry, stock adjustment, user, role; a file; the other company; the other language.
import { act, choose, enter, field, fill, fillLine, look, must, save } from '../lib.mjs'

const row = (page, index) => page.locator('.lines-table tbody[data-row]').nth(index)
const cell = async (page, index, column, text) => {
  const input = row(page, index).locator(`td[data-column="${column}"] input`)
  await input.click()
  await input.fill(text)
}
const pick = async (page, index, column, text) => {
  await cell(page, index, column, text)
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
}
const begin = async (page, entity) => {
  await page.goto(`/${entity}/new`)
  await page.locator('[data-save]').waitFor()
}

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const mark = String(Date.now()).slice(-7)
  await begin(page, 'party')
  await fill(page, 'code', `J${mark}`)
  await fill(page, 'name', `Journey ${mark}`)
  await field(page, 'is_customer').locator('[role=switch]').click()
  await save(page)

  await begin(page, 'product')
  await fill(page, 'code', `P${mark}`)
  await fill(page, 'name', 'Lamp bracket')
  await choose(page, 'unit', 'pcs')
  await fill(page, 'sales_price', '12.50')
  await save(page)
  must((await field(page, 'sales_price').locator('input').inputValue()).includes('12.5'), 'the price is kept')

  await begin(page, 'price_list')
  await fill(page, 'name', `List ${mark}`)
  await field(page, 'currency').locator('.ant-select').click()
  await page.keyboard.type('EUR')
  await page.keyboard.press('Enter')
  await pick(page, 0, 'product', `P${mark}`)
  await cell(page, 0, 'price', '9.99')
  await save(page)

  await begin(page, 'journal_entry')
  await fill(page, 'memo', 'Coffee for the journey')
  await pick(page, 0, 'account', '1001')
  await cell(page, 0, 'credit', '50')
  await page.keyboard.press('Enter')
  await pick(page, 1, 'account', '560')
  await cell(page, 1, 'debit', '50')
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()

  await begin(page, 'stock_adjustment')
  await pick(page, 0, 'product', 'AC-BELL')
  await cell(page, 0, 'counted_qty', '500')
  await save(page)
  await act(page, 'post')
  await page.locator('.form-title .anticon-lock').waitFor()

  await begin(page, 'role')
  await fill(page, 'code', `role_${mark}`)
  await fill(page, 'name', `Role ${mark}`)
  await page.locator('[data-rights=way] .ant-segmented-item').nth(1).click()
  await cell(page, 0, 'subject', 'party')
  await cell(page, 0, 'verbs', 'see')
  await save(page)

  await begin(page, 'user')
  await fill(page, 'login', `user${mark}`)
  await fill(page, 'name', `User ${mark}`)
  await save(page)
  await look(page, `user-${lang}`)

  // A file with a bad row: the dialog says which line of the sheet, and nothing is written by looking.
  await page.goto('/party')
  await page.locator('.table .lead').first().waitFor()
  await page.locator('[data-import-open]').click()
  await page.locator('.drop').waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: 'parties.csv', mimeType: 'text/csv', buffer: Buffer.from(`code,name,is_customer\nI1${mark},A,true\nI2${mark},B,perhaps\n`) })
  await page.locator('[data-import="check"]').click()
  await page.locator('.import-grid tbody[data-line="3"]').waitFor()
  await look(page, `import-${lang}`)
  await page.locator('.ant-modal-close').click()

  // Filters, groups and the board of a list.
  await page.goto(`/sales_order?filter=${encodeURIComponent('["stage","=","confirmed"]')}&group=customer`)
  await page.locator('.group-row').first().click()
  await page.locator('.table .lead').first().waitFor()
  await page.goto('/sales_order?look=board')
  await page.locator('.lane .card').first().waitFor()
  await look(page, `board-${lang}`)
  for (const format of ['csv', 'xlsx']) must((await page.request.get(`/api/sales_order?format=${format}`)).ok(), `${format} is sent`)

  // The other company has books of its own.
  await page.goto('/')
  await page.locator('.figure').first().waitFor()
  await page.locator('.company').click()
  await page.locator('.ant-dropdown-menu-item:not(.ant-dropdown-menu-item-disabled)', { hasText: 'EUR' }).click()
  await page.locator('.company', { hasText: 'Europe' }).waitFor()
  await page.locator('.figure').first().waitFor()
  await page.locator('.company').click()
  await page.locator('.ant-dropdown-menu-item', { hasText: 'CNY' }).click()
  await page.locator('.company', { hasText: '合一' }).waitFor()

  await page.locator('.side-foot .nav-item').click()
  await page.locator('.ant-dropdown-menu-submenu-title').first().hover()
  await page.locator('.ant-dropdown-menu-item', { hasText: lang === 'zh' ? 'English' : '中文' }).click()
  await page.locator('.nav-item', { hasText: lang === 'zh' ? 'Home' : '首页' }).waitFor()
}
