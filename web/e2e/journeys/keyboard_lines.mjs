// A ten-line order by the keyboard alone: no click between the palette and the saved order. Once as a careful person
// does it, and once as a scanner does it: on a slow machine with slow answers, never looking at the screen.
import { enter, look, must } from '../lib.mjs'

const CODES = ['AC-BELL', 'AC-HELM', 'AC-LAMP', 'AC-LOCK', 'AC-PUMP', 'BK-C100', 'PT-CHAIN', 'PT-TUBE', 'PT-TYRE', 'SV-TUNE']
const at = (page) => page.evaluate(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') ?? document.activeElement?.closest('[data-field]')?.getAttribute('data-field') ?? document.activeElement?.tagName)

export async function run({ page, context, lang }) {
  await enter(page, 'admin')
  await page.goto('/')
  await page.locator('.figure').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL('**/sales_order')
  await page.locator('.table .lead').first().waitFor()

  await order(page, CODES, { looks: true })
  await look(page, `lines-${lang}`)

  // Slow frames, slow answers, in any order: what was typed must be saved all the same.
  await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.evaluate(() => {
    window.requestAnimationFrame = (then) => setTimeout(() => then(performance.now()), 120)
  })
  let answers = 0
  await page.route(/\/api\/(\w+\/preview|(product|party)\?)/, async (route) => {
    answers += 1
    await new Promise((resolve) => setTimeout(resolve, [350, 20, 500, 120][answers % 4]))
    await route.continue().catch(() => undefined)
  })
  await order(page, CODES.slice(-5), { looks: false })
}

async function order(page, codes, { looks }) {
  const shown = async (text) => looks && page.locator('.pop .pop-option[role=option]', { hasText: text }).first().waitFor()
  await page.keyboard.press('Alt+c')
  await page.waitForURL('**/sales_order/new')
  await page.waitForFunction(() => document.activeElement?.closest('[data-field="customer"]'))
  await page.keyboard.type('Hangzhou')
  await shown('Hangzhou')
  await page.keyboard.press('Enter')
  for (let tabs = 0; tabs < 25 && (await at(page)) !== 'product'; tabs += 1) await page.keyboard.press('Tab')
  must((await at(page)) === 'product', 'Tab leads from the customer to the first line')
  for (const [index, code] of codes.entries()) {
    await page.keyboard.type(code)
    await shown(code)
    await page.keyboard.press('Enter')
    await page.keyboard.type(String(index + 8))
    // In the quantity Enter goes on to the next line, in its quantity's column; a new line begins with its product.
    if (index < codes.length - 1) await page.keyboard.press('Enter')
  }
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => /\/sales_order\/so_/.test(url.pathname))
  const saved = await page.evaluate(async (path) => (await (await fetch(`/api${path}`)).json()).record, new URL(page.url()).pathname)
  const got = saved.lines.map((line) => `${line.product.label.split(' ')[0]} × ${Number(line.qty)}`).join(', ')
  const wanted = codes.map((code, index) => `${code} × ${index + 8}`).join(', ')
  must(got === wanted, `each line has its product and quantity ${looks ? 'when looking' : 'when hurrying'}\n  wanted ${wanted}\n  saved  ${got}`)
  must(saved.customer.label.includes('Hangzhou'), `the customer is the one typed, not ${saved.customer.label}`)
}
