// What was typed is never lost: a closed tab, a dead and a slow server, a lost session, someone faster, a right taken away;
// and whatever is typed is text.
import { ask, cellOf, choose, enter, field, fill, fillLine, look, must, open } from '../lib.mjs'

export const sizes = ['desk', 'phone']

/** Saves, and waits for this very answer: a notice on the screen may be of the save before. */
const save = (page) => Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok()), page.keyboard.press('Control+s')])
const clean = (page) => page.locator('.form-tools .actions').waitFor()
const value = (page, name) => field(page, name).locator('input, textarea').first().inputValue()

export async function run({ page, context, base, lang, size }) {
  await enter(page, 'sales')
  await page.goto('/sales_order/new')
  await field(page, 'customer').waitFor()

  // Several things are wrong: they are listed, and each leads to its field.
  await page.keyboard.press('Control+s')
  await page.locator('[data-field="customer"].wrong').waitFor()
  await choose(page, 'customer', 'Hangzhou')
  await fillLine(page, 0, 'AC-BELL', { qty: '2' })
  await fill(page, 'customer_reference', 'kept')
  await page.waitForTimeout(600)

  // The tab is closed; another one has it.
  await page.close({ runBeforeUnload: false })
  page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto('/sales_order/new')
  await page.locator('[data-kept-restore]').waitFor()
  await look(page, `safety-kept-${size}-${lang}`)
  await page.locator('[data-kept-restore]').click()
  must((await value(page, 'customer_reference')) === 'kept', 'what was typed in the closed tab is there')
  await cellOf(page, 0, 'product').waitFor()
  must(/bell|铃/i.test(await cellOf(page, 0, 'product').inputValue()), 'its lines, too')

  // The server is dead: it is said, nothing is lost, and the next try makes one record.
  await page.route('**/api/sales_order', (route) => (route.request().method() === 'POST' ? route.abort('aborted') : route.continue()))
  await page.keyboard.press('Control+s')
  await page.locator('.ant-message-error').first().waitFor()
  await look(page, `safety-dead-${size}-${lang}`)
  must((await value(page, 'customer_reference')) === 'kept', 'it still stands there')
  await page.unroute('**/api/sales_order')
  // Slow: the button says that it works.
  await page.route('**/api/sales_order', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await route.continue()
  })
  await page.keyboard.press('Control+s')
  await page.locator('[data-save].ant-btn-loading').waitFor()
  await page.locator('.progress').waitFor({ timeout: 3000 }).catch(() => undefined)
  await page.waitForURL(/\/sales_order\/so_/)
  await page.unroute('**/api/sales_order')
  const path = new URL(page.url()).pathname
  await page.goto('/sales_order/new')
  await field(page, 'customer').waitFor()
  must((await page.locator('[data-kept]').count()) === 0, 'what was saved is kept no longer')
  await page.goto(path)
  await field(page, 'note').waitFor()

  // Whatever is typed is text.
  const odd = `<script>document.title='x'</script> مرحبا 👩‍🔧 ${'长'.repeat(2000)} "&'`
  await fill(page, 'note', odd)
  await save(page)
  await clean(page)
  await page.reload()
  await field(page, 'note').waitFor()
  must((await value(page, 'note')) === odd, 'signs, emoji and right-to-left text come back as they were')
  must(!(await page.title()).startsWith('x'), 'a script is only text')
  await fill(page, 'note', 'x'.repeat(10_000))
  await save(page)
  await clean(page)
  must((await value(page, 'note')).length === 10_000, 'ten thousand letters are saved')

  // Someone is faster: field by field one decides.
  await fill(page, 'customer_reference', 'mine')
  await fill(page, 'note', 'my note')
  const status = await page.evaluate(async (to) => {
    const now = await (await fetch(`/api${to}`)).json()
    return (await fetch(`/api${to}`, { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ version: now.record.version, customer_reference: 'theirs', note: 'their note' }) })).status
  }, path)
  must(status === 200, 'a colleague saves first')
  await page.keyboard.press('Control+s')
  await page.locator('[data-conflict="note"]').waitFor()
  await page.locator('[data-conflict="note"] .ant-radio-wrapper').nth(1).click()
  await look(page, `safety-conflict-${size}-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  must((await value(page, 'note')) === 'their note' && (await value(page, 'customer_reference')) === 'mine', 'of each field what was chosen')
  await save(page)
  await clean(page)

  // Leaving saves on the way; what cannot be saved is told, and kept for whoever comes back.
  await fill(page, 'customer_reference', 'saved on leaving')
  await page.locator('.crumb a').click()
  await page.locator('.table .lead, .cards .card').first().waitFor()
  await page.goto(path)
  await field(page, 'customer_reference').waitFor()
  must((await value(page, 'customer_reference')) === 'saved on leaving', 'it was saved on the way')
  await cellOf(page, 0, 'qty').fill('-1')
  await fill(page, 'customer_reference', 'not yet')
  await page.locator('.crumb a').click()
  await page.locator('.ant-modal-confirm').waitFor()
  await look(page, `safety-leave-${size}-${lang}`)
  await page.locator('.ant-modal-confirm-btns .ant-btn').nth(1).click()
  await page.locator('.table .lead, .cards .card').first().waitFor()
  await page.goto(path)
  await page.locator('[data-kept-restore]').click()
  must((await value(page, 'customer_reference')) === 'not yet', 'what could not be saved is there again')
  await page.locator('.form-tools .ant-btn:not([data-save])').first().click()
  await clean(page)

  // The right is taken away while the page is open: that is said, and what was typed is still there.
  await fill(page, 'customer_reference', 'too late')
  const boss = await open(context.browser(), base, { lang })
  await enter(boss.page, 'admin')
  const { record: { version } } = await ask(boss.page, 'GET', path)
  const { rows: [colleague] } = await ask(boss.page, 'GET', '/user?filter=%5B%22login%22%2C%22%3D%22%2C%22sales2%22%5D')
  await ask(boss.page, 'PATCH', path, { version, owner: colleague.id })
  await boss.context.close()
  await page.keyboard.press('Control+s')
  await page.locator('[data-gone]').waitFor()
  must((await value(page, 'customer_reference')) === 'too late', 'what was typed still stands there')
  must(/[\u4e00-\u9fff]/.test(await page.locator('[data-gone]').innerText()) === (lang === 'zh'), 'and why it cannot be saved is said in one\'s own language')
  await look(page, `safety-right-${size}-${lang}`)
}
