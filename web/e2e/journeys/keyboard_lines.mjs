// A ten-line order by the keyboard alone: no click between the palette and the saved order.
import { must, screenshot, signIn } from '../lib.mjs'

export const real = true
const CODES = ['AC-BELL', 'AC-HELM', 'AC-LAMP', 'AC-LOCK', 'AC-PUMP', 'BK-C100', 'PT-CHAIN', 'PT-TUBE', 'PT-TYRE', 'SV-TUNE']
const at = (page) => page.evaluate(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') ?? document.activeElement?.closest('[data-field]')?.getAttribute('data-field') ?? document.activeElement?.tagName)

export async function run({ page, lang }) {
  await signIn(page, 'admin')
  await page.locator('.figure').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL('**/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('Alt+c')
  await page.waitForURL('**/sales_order/new')
  await page.waitForFunction(() => document.activeElement?.closest('[data-field="customer"]'))
  await page.keyboard.type('Hangzhou')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  for (let tabs = 0; tabs < 25 && (await at(page)) !== 'product'; tabs += 1) await page.keyboard.press('Tab')
  must((await at(page)) === 'product', 'Tab leads from the customer to the first line')
  for (const [index, code] of CODES.entries()) {
    await page.keyboard.type(code)
    // One waits for the eye only: the list shows what Enter will take.
    await page.locator('.pop .pop-option[role=option]', { hasText: code }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.closest('[data-column="qty"]'))
    await page.keyboard.type(String(index + 1))
    if (index < CODES.length - 1) {
      await page.keyboard.press('Enter')
      await page.waitForFunction((n) => document.querySelectorAll('.lines-table tbody[data-row]').length === n && document.activeElement?.closest('[data-column="product"]'), index + 2)
    }
  }
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => /\/sales_order\/so_/.test(url.pathname))
  const saved = await page.evaluate(async (path) => (await (await fetch(`/api${path}`)).json()).record, new URL(page.url()).pathname)
  must(saved.lines.length === 10, 'ten lines are saved')
  must(saved.lines.every((line, index) => Number(line.qty) === index + 1 && line.product.label.startsWith(CODES[index])), 'each with its product and quantity')
  await screenshot(page, `lines-${lang}`)
}
