// The keyboard alone: go, search, palette, new, lines; and nothing fires while a Chinese word is being composed.
import { must, screenshot, signIn } from '../lib.mjs'

export const mock = true

export async function run({ page }) {
  await signIn(page, 'sales')
  await page.locator('.figure').first().waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL('**/sales_order')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('华信')
  await page.waitForURL('**search=*')
  // Only what was searched is listed.
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('.table tbody tr[aria-rowindex]')]
    return rows.length > 0 && rows.every((row) => row.textContent.includes('华信')) && !document.querySelector('.list-body.stale')
  })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sales_order/so_*')
  const first = await page.locator('.form-head h1').innerText()
  await page.keyboard.press('Alt+n')
  await page.waitForFunction((before) => {
    const title = document.querySelector('.form-head h1')?.textContent
    return title && title !== before
  }, first)
  await page.keyboard.press('Escape')
  await page.waitForURL('**/sales_order?search=*')

  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('?')
  await page.locator('.shortcuts').waitFor()
  await screenshot(page, 'keys-1-shortcuts')
  await page.keyboard.press('Escape')
  await page.locator('.shortcuts').waitFor({ state: 'detached' })

  await page.keyboard.press('Control+k')
  await page.locator('.palette input').waitFor()
  await page.keyboard.type('=12*3.5')
  await page.locator('.palette-entry', { hasText: '42' }).first().waitFor()
  await page.locator('.palette input').fill('trial')
  await page.locator('.palette-entry', { hasText: 'Trial balance' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/report/trial_balance')
  await page.locator('.table.report .lead').first().click()
  await page.waitForURL('**/report/general_ledger?account=*')
  await page.locator('.table.report .lead').first().click()
  await page.waitForURL(/\/(invoice|payment|delivery|account)\//)

  await page.goto('/sales_order/new')
  const lead = page.locator('td[data-column="product"] input').first()
  await lead.waitFor()
  await lead.focus()
  await page.keyboard.type('KB-087')
  // Faster than the answer: Tab leaves, and the product is still found.
  await page.keyboard.press('Tab')
  await page.waitForFunction(() => document.querySelector('td[data-column="product"] input')?.value.includes('Keyboard'))
  const qty = page.locator('td[data-column="qty"] input').first()
  await qty.focus()
  await page.keyboard.type('5')
  const compose = (isComposing) => page.evaluate((composing) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing: composing })), isComposing)
  await compose(true)
  await page.waitForTimeout(100)
  must((await page.locator('.lines-table tbody[data-row]').count()) === 1, 'Enter that picks a Chinese word makes no line')
  await page.keyboard.press('Enter')
  await page.locator('.lines-table tbody[data-row]').nth(1).waitFor()
  // The next line starts at its product, and Escape takes the empty line away.
  await page.waitForFunction(() => document.activeElement?.closest('[data-column]')?.getAttribute('data-column') === 'product')
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => document.querySelectorAll('.lines-table tbody[data-row]').length === 1)
}
