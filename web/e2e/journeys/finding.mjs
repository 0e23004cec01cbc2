// Found again: what was opened lately, people, words with a slip in them, in another tab; and the keys shown while Alt is held.
import { must, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

export async function run({ page, context, lang }) {
  await signIn(page, 'admin')
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().click()
  await page.locator('.form-head h1').waitFor()
  const name = (await page.locator('.form-head h1').innerText()).trim()
  await page.waitForTimeout(500)
  const palette = async (text) => {
    await page.keyboard.press('Control+k')
    await page.locator('.palette input').waitFor()
    if (text) await page.keyboard.type(text)
  }
  const entry = (text) => page.locator('.palette-entry', { hasText: text }).first()

  // A slip of the fingers is forgiven, in names and in actions.
  await palette('hangzuo')
  await entry('Hangzhou').waitFor()
  await screenshot(page, `finding-slip-${lang}`)
  await page.keyboard.press('Escape')
  if (lang === 'en') {
    await palette('slaes ordres')
    await entry('Sales orders').waitFor()
    await page.keyboard.press('Escape')
  }
  // Pinyin and initials.
  await palette('hzqx')
  await entry('杭州').waitFor()
  await page.keyboard.press('Escape')
  // People only.
  await palette('@chen')
  await entry('Chen Jing').waitFor()
  const [tab] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Control+Enter')])
  await tab.waitForURL(/\/(user|party)\//)
  await tab.close()

  // In a field: the whole list where twenty are not enough, and a new record by its name.
  await page.goto('/sales_order/new')
  const customer = page.locator('[data-field="customer"]')
  await customer.locator('input').fill('o')
  await page.locator('[data-more]').click()
  await page.locator('[data-search-more] input').fill('london')
  await page.locator('[data-search-more] tbody tr', { hasText: 'London' }).first().waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[data-search-more] tbody tr').length === 1)
  await screenshot(page, `finding-more-${lang}`)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /London/.test(document.querySelector('[data-field="customer"] input')?.value ?? ''))
  await page.keyboard.press('Escape')
  await page.goto('/product/new')
  const category = `Kind ${lang} ${Date.now() % 100000}`
  await page.locator('[data-field="category"] input').first().fill(category)
  await page.locator('[data-create]').click()
  await page.waitForFunction((name) => document.querySelector('[data-field="category"] input')?.value === name, category)

  // Alt held: the keys of this page.
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.down('Alt')
  await page.locator('.alt-hints').waitFor()
  await screenshot(page, `finding-alt-${lang}`)
  await page.keyboard.up('Alt')
  await page.locator('.alt-hints').waitFor({ state: 'detached' })
  must(name.length > 0, 'a record was opened')
}
