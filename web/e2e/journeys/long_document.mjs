// An order of a hundred lines: only those in view are drawn, and still the keyboard, saving and what is wrong reach every one.
import { ask, enter, look, must } from '../lib.mjs'

const LINES = 100

const line = (page, number) => page.locator(`tbody[data-row] tr[aria-rowindex="${number + 1}"]`)
const cell = (page, number, column) => line(page, number).locator(`td[data-column="${column}"] input`)
const numberHere = (page) => page.evaluate(() => Number(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')) - 1)

/** Rolls with the wheel, and waits until what it set going has come to rest. */
async function roll(page, by) {
  await page.mouse.wheel(0, by)
  await page.evaluate(async () => {
    const top = () => [...document.querySelectorAll('*')].map((part) => part.scrollTop).join()
    const frames = async (count) => { for (let at = 0; at < count; at += 1) await new Promise(requestAnimationFrame) }
    let before
    do { before = top(); await frames(6) } while (top() !== before)
  })
}

async function order(page, count) {
  const [customer] = (await ask(page, 'GET', '/party?limit=1&filter=%5B%22is_customer%22%2C%22%3D%22%2Ctrue%5D')).rows
  const products = (await ask(page, 'GET', '/product?limit=5')).rows
  const lines = Array.from({ length: count }, (_, at) => ({ product: products[at % products.length].id, qty: String(at + 1) }))
  return (await ask(page, 'POST', '/sales_order', { customer: customer.id, lines })).record.id
}

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const id = await order(page, LINES)
  await page.goto(`/sales_order/${id}`)
  await cell(page, 1, 'qty').waitFor()
  must((await page.locator('tbody[data-row]').count()) < LINES, 'not all lines are drawn')
  must((await page.locator('.lines-table').getAttribute('aria-rowcount')) === String(LINES + 1), 'how many there are is told')

  // By keyboard from the first to the last line, column by column.
  await cell(page, 1, 'qty').click()
  for (let down = 1; down < LINES; down += 1) await page.keyboard.press('ArrowDown')
  must((await numberHere(page)) === LINES, `arrows lead to the last line, not to ${await numberHere(page)}`)
  must(Number(await cell(page, LINES, 'qty').inputValue()) === LINES, 'the last line is the last one')
  await page.keyboard.type('7')
  await look(page, `long-end-${lang}`)

  // Back to the top by the wheel: what was typed far below is still there and is saved.
  await page.locator('.lines-table').hover()
  while (!(await line(page, 1).isVisible())) await roll(page, -900)
  await cell(page, 1, 'qty').click()
  await page.keyboard.type('3')
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok()), page.keyboard.press('Control+s')])
  const { lines } = (await ask(page, 'GET', `/sales_order/${id}`)).record
  must(Number(lines[0].qty) === 3 && Number(lines[LINES - 1].qty) === 7 && lines.length === LINES, `both ends are saved: ${lines[0].qty}, ${lines[LINES - 1].qty}, ${lines.length}`)

  // What is wrong in a line out of view is found.
  while (!(await cell(page, 60, 'qty').isVisible().catch(() => false))) await roll(page, 600)
  await cell(page, 60, 'qty').fill('-5')
  while (!(await line(page, 2).isVisible().catch(() => false))) await roll(page, -900)
  await page.keyboard.press('Control+s')
  await line(page, 60).locator('.box.error').waitFor()
  await look(page, `long-wrong-${lang}`)
}
