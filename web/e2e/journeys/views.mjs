// A view is made of a filter and columns, changed, put back, called otherwise, shared, and a colleague opens it; then it opens first for a role. At a desk and on a phone.
import { enter, look, must, open } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, base, lang, phone, size, context }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('.page-head > *')].every((one) => one.getBoundingClientRect().right <= innerWidth)), `${what} fits the screen`)
  const first = `Big ones ${lang} ${Date.now().toString(36)}`
  const name = `${first} of all`
  await enter(page, 'manager')
  await page.goto(`/sales_order?filter=${encodeURIComponent('["total_base",">","10000"]')}&sort=-total_base`)
  await page.locator(phone ? '.cards .card' : '.table tbody .lead').first().waitFor()
  await page.locator('[data-views=open]').click()
  await page.locator('.views-pop [data-views=new]').click()
  await page.locator('.ant-modal input[name=view]').fill(first)
  await page.locator('.ant-modal input[type=checkbox]').check()
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-views=open]', { hasText: first }).waitFor()
  must(new URL(page.url()).searchParams.get('view')?.startsWith('sv_'), 'the address names the view')
  must((await page.locator('.view-name .changed').count()) === 0, 'nothing is changed yet')

  if (phone) {
    await page.locator('[data-sort]').click()
    await page.locator('[data-sort-by=customer]').click()
    await page.keyboard.press('Escape')
  } else await page.locator('.table th button', { hasText: lang === 'zh' ? '客户' : 'Customer' }).click()
  await page.locator('.view-name .changed').waitFor()
  await fits('the changed view')
  if (phone) await page.locator('[data-views=open]').click()
  await page.locator('[data-views=save]').waitFor()
  await look(page, `views-changed-${size}-${lang}`)
  await page.locator('[data-views=reset]').click()
  await page.locator('.view-name .changed').waitFor({ state: 'detached' })
  must(new URL(page.url()).searchParams.get('sort') === '-total_base', 'as it was saved')

  // Called otherwise, it is the same view.
  const address = new URL(page.url()).searchParams.get('view')
  await page.locator('[data-views=open]').click()
  await page.locator(`[data-view-rename="${first}"]`).click()
  must((await page.locator('.ant-modal input[name=view]').inputValue()) === first, 'the name it has is offered')
  await page.locator('.ant-modal input[name=view]').fill(name)
  await page.locator('.ant-modal input[name=view]').press('Enter')
  await page.locator('[data-views=open]', { hasText: name }).waitFor()
  must(new URL(page.url()).searchParams.get('view') === address && (await page.locator('.view-name .changed').count()) === 0, 'nothing else is changed')

  await page.locator('[data-views=open]').click()
  await page.locator('.views-pop footer input[type=checkbox]').first().click()
  await page.locator('.views-pop footer .ant-checkbox-checked').nth(1).waitFor()
  await fits('the list of views')
  await look(page, `views-list-${size}-${lang}`)
  await page.keyboard.press('Escape')
  await page.goto('/sales_order')
  await page.locator('[data-views=open]', { hasText: name }).waitFor()

  const theirs = await open(context.browser(), base, { lang, ...page.viewportSize() })
  await enter(theirs.page, 'admin')
  await theirs.page.goto('/sales_order')
  await theirs.page.locator('[data-views=open]').click()
  await theirs.page.locator(`[data-view="${name}"]`).waitFor()
  must((await theirs.page.locator(`[data-view-rename="${name}"]`).count()) === 0, 'a colleague does not rename it')
  await theirs.page.locator(`[data-view="${name}"]`).click()
  await theirs.page.locator('[data-views=open]', { hasText: name }).waitFor()
  must(new URL(theirs.page.url()).searchParams.get('filter')?.includes('10000'), 'a colleague sees what was shared')
  // An administrator lets the list of all salespeople open with it; nobody else's does.
  const opensFor = async (text) => {
    const box = theirs.page.locator('[data-views=opens-for]')
    if (!(await box.isVisible())) await theirs.page.locator('[data-views=open]').click()
    await box.click()
    await theirs.page.locator('.ant-select-item-option', { hasText: text }).click()
    await theirs.page.locator('[data-views=opens-for]', { hasText: text }).waitFor()
  }
  await opensFor(lang === 'zh' ? '销售员' : 'Salesperson')
  await theirs.page.locator('.views-pop li .anticon-star').waitFor()
  must(await theirs.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is cut off')
  await look(theirs.page, `views-opens-for-${size}-${lang}`)
  await theirs.page.keyboard.press('Escape')
  for (const [login, opens] of [['sales', true], ['accountant', false]]) {
    const other = await open(context.browser(), base, { lang, ...page.viewportSize() })
    other.page.setDefaultTimeout(20_000)
    await enter(other.page, login)
    await other.page.goto('/sales_order')
    await other.page.locator(phone ? '.cards .card' : '.table tbody .lead').first().waitFor()
    if (opens) await other.page.locator('[data-views=open]', { hasText: name }).waitFor()
    else must((await other.page.locator('[data-views=open]', { hasText: name }).count()) === 0, 'it is the list of salespeople only')
    await other.context.close()
  }
  await opensFor(lang === 'zh' ? '不指定' : 'Nobody')
  must(theirs.complaints.length === 0, theirs.complaints.join())
  await theirs.context.close()

  // What opens first stays out of the way of the journeys after this one.
  await page.locator('[data-views=open]').click()
  // What the administrator took back was heard here meanwhile.
  await page.locator('[data-views=opens-for]', { hasText: lang === 'zh' ? '不指定' : 'Nobody' }).waitFor()
  await page.locator('.views-pop footer input[type=checkbox]').first().click()
  await page.locator('.views-pop footer .ant-checkbox-checked').nth(1).waitFor({ state: 'detached' })
}
