// A view is made of a filter and columns, changed, put back, shared, and a colleague opens it.
import { must, open, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

export async function run({ page, base, lang, context }) {
  const name = `Big ones ${lang} ${Date.now().toString(36)}`
  await signIn(page, 'manager')
  await page.goto(`/sales_order?filter=${encodeURIComponent('["total_base",">","10000"]')}&sort=-total_base`)
  await page.locator('.table tbody .lead').first().waitFor()
  await page.locator('[data-views=open]').click()
  await page.locator('.views-pop [data-views=new]').click()
  await page.locator('.ant-modal input[name=view]').fill(name)
  await page.locator('.ant-modal input[type=checkbox]').check()
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-views=open]', { hasText: name }).waitFor()
  must(new URL(page.url()).searchParams.get('view')?.startsWith('sv_'), 'the address names the view')
  must((await page.locator('.view-name .changed').count()) === 0, 'nothing is changed yet')

  await page.locator('.table th button', { hasText: lang === 'zh' ? '客户' : 'Customer' }).click()
  await page.locator('.view-name .changed').waitFor()
  await screenshot(page, `views-changed-${lang}`)
  await page.locator('[data-views=reset]').click()
  await page.locator('.view-name .changed').waitFor({ state: 'detached' })
  must(new URL(page.url()).searchParams.get('sort') === '-total_base', 'as it was saved')

  await page.locator('[data-views=open]').click()
  await page.locator('.views-pop footer input[type=checkbox]').first().click()
  await page.locator('.views-pop footer .ant-checkbox-checked').nth(1).waitFor()
  await screenshot(page, `views-list-${lang}`)
  await page.keyboard.press('Escape')
  await page.goto('/sales_order')
  await page.locator('[data-views=open]', { hasText: name }).waitFor()

  const theirs = await open(context.browser(), base, { lang })
  await signIn(theirs.page, 'admin')
  await theirs.page.goto('/sales_order')
  await theirs.page.locator('[data-views=open]').click()
  await theirs.page.locator(`[data-view="${name}"]`).click()
  await theirs.page.locator('[data-views=open]', { hasText: name }).waitFor()
  must(new URL(theirs.page.url()).searchParams.get('filter')?.includes('10000'), 'a colleague sees what was shared')
  await theirs.context.close()

  // What opens first stays out of the way of the journeys after this one.
  await page.locator('[data-views=open]').click()
  await page.locator('.views-pop footer input[type=checkbox]').first().click()
  await page.locator('.views-pop footer .ant-checkbox-checked').nth(1).waitFor({ state: 'detached' })
}
