// What is wrong is said at its place, and nothing typed is lost: bad input, someone faster, a session that ran out.
import { choose, enter, field, fill, fillLine, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

const saved = (page) => page.locator('.ant-message-success').first().waitFor()
const quiet = (page) => page.waitForFunction(() => !document.querySelector('.ant-message-success'))

export async function run({ page, context, lang, size }) {
  await enter(page, 'admin')
  await page.goto('/sales_order/new')
  await field(page, 'customer').waitFor()
  await page.locator('[data-save]').click()
  await page.locator('[data-field="customer"].wrong .hint.bad').waitFor()
  await page.waitForFunction(() => document.activeElement?.closest('[data-field="customer"]'))
  await choose(page, 'customer', 'Hangzhou')
  await fillLine(page, 0, 'AC-BELL', { qty: '-2' })
  await page.keyboard.press('Control+s')
  await page.locator('.line-remarks .hint.bad, .line-card .hint.bad').first().waitFor()
  // The wrong quantity is marked in its cell.
  await page.locator('[data-column="qty"] .error, [data-column="qty"] [aria-invalid="true"]').first().waitFor()
  await look(page, `problems-${size}-${lang}`)
  await fillLine(page, 0, 'AC-BELL', { qty: '2' })
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => /\/sales_order\/so_/.test(url.pathname))
  await quiet(page)
  const path = new URL(page.url()).pathname

  // Someone saves between my reading and my saving.
  await fill(page, 'customer_reference', 'mine')
  const status = await page.evaluate(async (to) => {
    const now = await (await fetch(`/api${to}`)).json()
    return (await fetch(`/api${to}`, { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ version: now.record.version, customer_reference: 'theirs', note: 'Please hurry' }) })).status
  }, path)
  must(status === 200, 'a colleague saves first')
  await page.keyboard.press('Control+s')
  await page.locator('.ant-modal .table.small').waitFor()
  await look(page, `stale-${size}-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.keyboard.press('Control+s')
  await saved(page)
  await quiet(page)
  await page.reload()
  await field(page, 'note').waitFor()
  must((await field(page, 'customer_reference').locator('input').inputValue()) === 'mine' && (await field(page, 'note').locator('textarea').inputValue()) === 'Please hurry', 'mine and theirs are both kept')

  // The session runs out between typing and saving: what is completed while typing must not be the first to notice,
  // or the dialog stands there before the key is pressed.
  let letGo
  const pressed = new Promise((resolve) => { letGo = resolve })
  await page.route('**/preview', async (route) => {
    await pressed
    await route.continue().catch(() => undefined)
  })
  await fill(page, 'customer_reference', 'typed before')
  await context.clearCookies()
  await page.keyboard.press('Control+s')
  letGo()
  await page.locator('.ant-modal .sign-in-form').waitFor()
  must((await page.locator('.ant-modal input[name=username]').inputValue()) === 'admin', 'the name is known')
  // The keyboard stands in the box: a password is typed without a click.
  await page.waitForFunction(() => document.activeElement?.matches('.ant-modal input[name=password]'))
  await page.keyboard.type('heyi-demo')
  await page.keyboard.press('Enter')
  await saved(page)
  await page.reload()
  await field(page, 'customer_reference').waitFor()
  must((await field(page, 'customer_reference').locator('input').inputValue()) === 'typed before', 'it was saved after signing in again')
}
