// A view is made of a filter and columns, changed, put back, called otherwise, shared, and a colleague opens it; at a desk and on a phone.
import { must, open, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

export async function run({ base, lang, context }) {
  for (const [width, height] of [[1440, 900], [375, 812]]) {
    const phone = width < 768
    const { page, context: own, complaints } = await open(context.browser(), base, { lang, width, height })
    page.setDefaultTimeout(20_000)
    const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('.page-head > *')].every((one) => one.getBoundingClientRect().right <= innerWidth)), `${what} fits ${width} px`)
    const first = `Big ones ${lang} ${Date.now().toString(36)}`
    const name = `${first} of all`
    await signIn(page, 'manager')
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
    await screenshot(page, `views-changed-${width}-${lang}`)
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
    await screenshot(page, `views-list-${width}-${lang}`)
    await page.keyboard.press('Escape')
    await page.goto('/sales_order')
    await page.locator('[data-views=open]', { hasText: name }).waitFor()

    const theirs = await open(context.browser(), base, { lang, width, height })
    await signIn(theirs.page, 'admin')
    await theirs.page.goto('/sales_order')
    await theirs.page.locator('[data-views=open]').click()
    await theirs.page.locator(`[data-view="${name}"]`).waitFor()
    must((await theirs.page.locator(`[data-view-rename="${name}"]`).count()) === 0, 'a colleague does not rename it')
    await theirs.page.locator(`[data-view="${name}"]`).click()
    await theirs.page.locator('[data-views=open]', { hasText: name }).waitFor()
    must(new URL(theirs.page.url()).searchParams.get('filter')?.includes('10000'), 'a colleague sees what was shared')
    must(theirs.complaints.length === 0, theirs.complaints.join())
    await theirs.context.close()

    // What opens first stays out of the way of the journeys after this one.
    await page.locator('[data-views=open]').click()
    await page.locator('.views-pop footer input[type=checkbox]').first().click()
    await page.locator('.views-pop footer .ant-checkbox-checked').nth(1).waitFor({ state: 'detached' })
    must(complaints.length === 0, complaints.join())
    await own.close()
  }
}
