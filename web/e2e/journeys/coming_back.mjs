// Work that is left is there again: an import half mended, its meanings for the next file; and the way back from reports and the chain of documents.
import { ask, enter, faults, look, must } from '../lib.mjs'

export async function run({ page, lang }) {
  await enter(page, 'admin')
  await page.goto('/party')
  await page.locator('.table .lead').first().waitFor()
  const mark = `b${lang}${Date.now() % 1000000}`
  const file = (name, from) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(['Code,Name,Credit limit,Is customer,Haus', ...Array.from({ length: 4 }, (_, at) => `${mark}-${from + at},Client ${from + at},${at === 2 ? 'a lot' : '5'},${at === 1 ? 'jawohl' : 'yes'},x`)].join('\n')) })
  const choose = async (what) => {
    await page.locator('.page-head .anticon-upload').click()
    await page.locator('input[type=file]').setInputFiles(what)
    await page.locator('[data-file-column="Haus"]').waitFor()
  }
  const check = async () => {
    await page.locator('[data-import="check"]').click()
    await page.locator('[data-trial]').waitFor()
  }
  await choose(file('first.csv', 0))
  await check()
  must((await page.locator('.import-grid tbody[data-line]').count()) === 2, 'two rows are refused')
  await page.locator('[data-value="jawohl"] .ant-switch').click()
  await page.locator('tbody[data-line="4"] td.bad input').fill('70')
  await page.locator('.ant-modal-close').click()
  await page.locator('.ant-modal').waitFor({ state: 'hidden' })
  await page.reload()
  await page.locator('.table .lead').first().waitFor()

  // The same file again: it goes on where it was.
  await choose(file('first.csv', 0))
  await page.locator('[data-import="left"]').waitFor()
  const wrong = await faults(page, 'an import gone on with')
  await look(page, `import-left-${lang}`)
  await check()
  must((await page.locator('.import-grid tbody[data-line]').count()) === 0, 'what was mended stayed mended')
  await page.locator('[data-import="run"]').click()
  await page.locator('[data-job-over="done"]').waitFor()
  const row = async (code) => (await ask(page, 'GET', `/party?filter=${encodeURIComponent(JSON.stringify(['code', '=', code]))}`)).rows[0]
  must((await row(`${mark}-2`)).credit_limit === '70.00' && (await row(`${mark}-1`)).is_customer === true, 'and was loaded so')

  // Another file of the kind: the meaning is known, its own wrong cell is not.
  await choose(file('second.csv', 10))
  must((await page.locator('[data-import="left"]').count()) === 0, 'a new file is begun')
  await check()
  must((await page.locator('.import-grid tbody[data-line]').count()) === 1, 'only what is wrong in this file is refused')
  await page.locator('.ant-modal-close').click()
  const job = (await ask(page, 'GET', '/job?limit=1&filter=%5B%22dry%22%2C%22%3D%22%2Cfalse%5D')).rows[0].id
  await ask(page, 'POST', `/job/${job}/undo`)

  // From a report into its figures and back.
  await page.goto('/report/trial_balance')
  await page.locator('.table.report .lead').first().click()
  await page.waitForURL('**/report/general_ledger?account=*')
  const crumbs = page.locator('.crumb a')
  await crumbs.first().waitFor()
  must((await crumbs.count()) === 1 && (await crumbs.first().getAttribute('href')).startsWith('/report/trial_balance'), 'a report tells where one came from')
  await look(page, `report-way-${lang}`)
  wrong.push(...(await faults(page, 'a report with its way')))
  await page.keyboard.press('Escape')
  await page.waitForURL('**/report/trial_balance*')

  // From an order to its chain and back.
  const [order] = (await ask(page, 'GET', '/sales_order?limit=1&filter=%5B%22stage%22%2C%22%3D%22%2C%22confirmed%22%5D')).rows
  await page.goto('/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.goto(`/chain/sales_order/${order.id}`)
  await page.locator(`.crumb a[href="/sales_order/${order.id}"]`).waitFor()
  await look(page, `chain-way-${lang}`)
  await page.keyboard.press('Escape')
  await page.waitForURL(`**/sales_order/${order.id}`)
  await page.setViewportSize({ width: 375, height: 812 })
  await page.goto(`/chain/sales_order/${order.id}`)
  await crumbs.first().waitFor()
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone')
  must(wrong.length === 0, wrong.join('\n'))
}
