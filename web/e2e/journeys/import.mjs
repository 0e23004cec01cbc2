// A file from elsewhere becomes customers: understood, rehearsed, mended where it stands, loaded, and taken back.
import { readFile } from 'node:fs/promises'
import { ask, enter, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, lang, phone, size }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  const count = async () => (await ask(page, 'GET', '/party?count=true&limit=1')).count
  const open = async () => {
    await page.goto('/party')
    await page.locator('.table .lead, .cards .card').first().waitFor()
    if (phone) await page.locator('[data-list-menu]').click()
    await page.locator('[data-import-open]').click()
    await page.locator('.drop').waitFor()
  }
  await enter(page, 'admin')
  const before = await count()
  await open()
  await fits('the place to drop a file')
  await look(page, `import-file-${size}-${lang}`)
  const input = page.locator('input[type=file]')

  // What is no table at all.
  await input.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]) })
  await page.locator('.ant-modal .ant-alert-error').waitFor()
  await look(page, `import-wrong-kind-${size}-${lang}`)

  const mark = `${lang}${size}${Date.now() % 1000000}`
  const countryOf = (at) => (at === 9 ? 'Germny' : ['中国', 'China', 'CHN', 'UK'][at % 4])
  const file = ['List of customers, all;;;;', 'Kundennr;Name;Telefon;Credit limit;Is customer;Country;Belongs to',
    ...Array.from({ length: 40 }, (_, at) => `${mark}-${at};Client ${at} 客户;0571 ${1000 + at};${at}.000,50;${at === 7 ? 'jawohl' : 'yes'};${countryOf(at)};${at === 11 ? 'blue wheel' : ''}`),
    `${mark}-x;;0571 1;1,00;yes;;`, `${mark}-y;Bad limit;0571 2;a lot;yes;;`, `${mark}-z;;call me;a lot;yes;;`].join('\r\n')
  await input.setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await page.locator('[data-file-column]').first().waitFor()
  // The line of the headings is found below the title; another can be chosen.
  await page.locator('[data-file-column="Kundennr"]').waitFor()
  const head = page.locator('[data-import="head"]')
  must((await head.textContent()).includes('2: Kundennr'), 'the headings are found')
  const top = async (text) => {
    await head.click()
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click()
  }
  await top('1: List of customers')
  await page.locator('[data-file-column="List of customers, all"]').waitFor()
  await top('2: Kundennr')
  await page.locator('[data-file-column="Kundennr"]').waitFor()
  const pick = async (column, text) => {
    await page.locator(`[data-file-column="${column}"] .ant-select`).first().click()
    await page.keyboard.type(text)
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click()
  }
  await pick('Kundennr', lang === 'zh' ? '编码' : 'Code')
  await pick('Telefon', lang === 'zh' ? '电话' : 'Phone')
  await pick('Credit limit', lang === 'zh' ? '信用额度' : 'Credit limit')
  // How its numbers are written.
  await page.locator('[data-file-column="Credit limit"] td').nth(3).locator('.ant-select').click()
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: '1.234,56' }).click()
  await pick('Is customer', lang === 'zh' ? '客户' : 'Customer')
  await look(page, `import-columns-${size}-${lang}`)
  await fits('the columns')
  await page.locator('[data-import="check"]').click()
  await page.locator('[data-trial]').waitFor()
  must((await page.locator('.import-grid tbody[data-line]').count()) === 6, 'six rows are refused')
  // All that is wrong with a row is told at once, also what is missing.
  const worst = page.locator('tbody[data-line="45"]')
  must((await worst.locator('td.bad').count()) === 3 && (await worst.locator('.import-why').textContent()).length > 60, 'three wrong cells of one row')
  await fits('what is refused')
  await look(page, `import-check-${size}-${lang}`)

  // A value gets its meaning, a cell is mended, a row is left out.
  await page.locator('[data-value="jawohl"] .ant-switch').click()
  // The most similar value is proposed, and taken where it is nearly the same.
  await page.locator('[data-value="Germny"] [data-propose="DE"]').click()
  await page.locator('[data-value="blue wheel"][data-near="Blue Wheel GmbH"] input').first().waitFor()
  must((await page.locator('[data-value="blue wheel"] input').first().inputValue()) === 'Blue Wheel GmbH', 'nearly the same name is taken')
  await look(page, `import-meant-${size}-${lang}`)
  await page.locator('tbody[data-line="44"] td.bad input').fill('7,50')
  await page.locator('tbody[data-line="43"] .ant-checkbox-wrapper, tbody[data-line="43"] input[type=checkbox]').first().click()
  await page.locator('tbody[data-line="45"] .ant-checkbox-wrapper, tbody[data-line="45"] input[type=checkbox]').first().click()
  await page.locator('[data-import="again"]').click()
  await page.waitForFunction(() => !document.querySelector('[data-trial]'))
  await page.locator('[data-trial]').waitFor()
  must((await page.locator('.import-grid tbody[data-line]').count()) === 0, 'nothing is refused any more')
  await page.locator('[data-import="run"]').click()
  await page.locator('[data-job-over="done"]').waitFor()
  must((await count()) === before + 41, `41 customers more, not ${(await count()) - before}`)
  const byCode = async (code) => (await ask(page, 'GET', `/party?filter=${encodeURIComponent(JSON.stringify(['code', '=', code]))}`)).rows[0]
  const found = await byCode(`${mark}-y`)
  must(found.credit_limit === '7.50' && found.is_customer === true, 'what was mended was loaded')
  const [german, british] = [await byCode(`${mark}-9`), await byCode(`${mark}-3`)]
  must(german.country === 'DE' && british.country === 'GB', 'countries have their codes')

  // A country is read by its name, and found by pinyin.
  await page.goto(`/party/${german.id}`)
  const country = page.locator('[data-field=country] input').first()
  await country.waitFor()
  must((await country.inputValue()) === (lang === 'zh' ? '德国' : 'Germany'), 'the country is read by its name')
  await country.click()
  await country.fill('yingguo')
  await page.getByRole('option', { name: lang === 'zh' ? '英国' : 'United Kingdom' }).first().waitFor()
  await look(page, `import-country-${size}-${lang}`)
  await page.keyboard.press('Escape')

  // The same columns are known the next time; the job is taken back as a whole.
  await open()
  await page.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(file.split('\r\n').slice(1, 3).join('\r\n')) })
  await page.locator('[data-file-column="Telefon"]').waitFor()
  must(!(await page.locator('[data-file-column="Telefon"]').getAttribute('class'))?.includes('left-out'), 'the columns of the last time are known')
  await page.locator('.ant-modal-close').click()
  const job = (await ask(page, 'GET', '/job?limit=1&filter=%5B%22dry%22%2C%22%3D%22%2Cfalse%5D')).rows[0].id
  await page.goto(`/job/${job}`)
  await page.locator('[data-job="undo"]').waitFor()
  await fits('the work done')
  await look(page, `import-job-${size}-${lang}`)
  await page.locator('[data-job="undo"]').click()
  await page.locator('.ant-modal-confirm .ant-btn-primary').click()
  await page.locator('[data-job-over="done"]').waitFor()
  must((await count()) === before, 'all of them are gone again')

  if (!phone && lang === 'en') await manyWrong(page, open, mark)

  // Orders come with their lines, a row each; the wrong one is mended where it stands.
  await page.goto('/sales_order')
  await page.locator('.table .lead, .cards .card').first().waitFor()
  if (phone) await page.locator('[data-list-menu]').click()
  await page.locator('[data-import-open]').click()
  const today = new Date().toISOString().slice(0, 10)
  const heads = lang === 'zh' ? '外部编号,客户,订单日期,要求日期,产品,数量' : 'External id,Customer,Ordered on,Wanted on,Product,Qty'
  const orders = [heads, `${mark}-1,Blue Wheel GmbH,${today},${today},AC-HELM,2`, ',,,,PT-TYRE,3', `${mark}-2,Blue Wheel GmbH,${today},${today},AC-HELM,1`, ',,,,NO-SUCH,4', ',,,,PT-TYRE,many'].join('\n')
  await page.locator('input[type=file]').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(orders) })
  await page.locator('[data-file-column]').first().waitFor()
  must((await page.locator('tr.left-out[data-file-column]').count()) === 0, 'every column is understood')
  await look(page, `import-orders-${lang}`)
  await page.locator('[data-import="check"]').click()
  await page.locator('[data-trial]').waitFor()
  const wrong = page.locator('.import-grid tbody[data-line="5"] td.bad input')
  must((await wrong.inputValue()) === 'NO-SUCH', 'the cell of the line is shown')
  const other = page.locator('.import-grid tbody[data-line="6"] td.bad input')
  must((await other.inputValue()) === 'many', 'so is that of the next line of the same order')
  await look(page, `import-orders-check-${lang}`)
  await wrong.fill('PT-TYRE')
  await other.fill('7')
  await page.locator('[data-import="again"]').click()
  await page.waitForFunction(() => !document.querySelector('[data-trial]'))
  await page.locator('[data-trial]').waitFor()
  await page.locator('[data-import="run"]').click()
  await page.locator('[data-job-over="done"]').waitFor()
  const made = await page.evaluate(async () => {
    const ask = async (path) => (await fetch(`/api/sales_order${path}`)).json()
    const { rows } = await ask('?limit=2&sort=-id')
    return Promise.all(rows.map(async ({ id }) => (await ask(`/${id}`)).record))
  })
  must(made.map((order) => order.lines.length).sort().join() === '2,3', 'each order has its lines')
  for (const order of made) await page.evaluate(async (id) => fetch(`/api/sales_order/${id}`, { method: 'DELETE', headers: { 'x-heyi': '1' } }), order.id)
}

/** More refused rows than one answer tells: each can be turned to, mended, and is in the file. */
async function manyWrong(page, open, mark) {
  const wrong = 1_130
  const file = ['Code,Name,Customer', ...Array.from({ length: wrong }, (_, at) => `${mark}-w${at},Wrong ${at},perhaps${at}`)].join('\n')
  await open()
  await page.locator('input[type=file]').setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await page.locator('[data-import="check"]').click()
  await page.locator('[data-trial]').waitFor({ timeout: 60_000 })
  for (let pages = 0; pages < 11; pages += 1) {
    await page.locator(`tbody[data-line="${2 + pages * 100}"]`).waitFor()
    await page.locator('[data-import="next"]').click()
  }
  const last = page.locator(`tbody[data-line="${wrong + 1}"]`)
  await last.waitFor()
  must((await page.locator('.import-grid tbody[data-line]').count()) === wrong - 1_100, 'the rest is on the last page')
  must(await page.locator('[data-import="next"]').isDisabled(), 'there are no more')
  await last.locator('td.bad input').fill('yes')
  await look(page, 'import-many-wrong')
  const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('[data-import="download"]').click()])
  const rows = (await readFile(await saved.path(), 'utf8')).trim().split(/\r?\n/)
  must(rows.length === wrong + 1, `the file has all refused rows: ${rows.length - 1}`)
  await page.locator('[data-import="again"]').click()
  await page.waitForFunction(() => !document.querySelector('[data-trial]'))
  await page.locator('[data-trial]').waitFor({ timeout: 60_000 })
  must((await page.locator('[data-trial]').innerText()).includes('1,129'), 'one less is refused')
  await page.locator('.ant-modal-close').click()
}
