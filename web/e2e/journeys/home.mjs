// The day begins at home: what is due is done from there, what was opened last is found again, favourites are put in order,
// notices are chosen, and a new company is led through its first steps. At a desk and on a phone.
import { ask, enter, look, must, open } from '../lib.mjs'

const clear = async (page, entity, filter) => {
  const body = await ask(page, 'GET', `/${entity}?limit=200${filter ? `&filter=${encodeURIComponent(JSON.stringify(filter))}` : ''}`)
  for (const row of body.rows) await ask(page, 'DELETE', `/${entity}/${row.id}`)
}
const WISH = ['and', ['entity', '=', 'home'], ['owner', 'is', 'me']]
const fits = async (page, what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)

export async function run({ page, base, lang, context }) {
  await enter(page, 'manager')
  await clear(page, 'favourite')
  await clear(page, 'saved_view', WISH)
  const session = await ask(page, 'GET', '/session')

  // What is due is done from here.
  const what = `Ask about the colour ${Date.now().toString(36)}`
  const types = await ask(page, 'GET', `/activity_type?filter=${encodeURIComponent('["code","=","todo"]')}`)
  const orders = await ask(page, 'GET', '/sales_order?limit=1')
  const order = orders.rows[0]
  const made = await ask(page, 'POST', '/activity', { about_doc: order.id, activity_type: types.rows[0].id, summary: what, due_on: session.today, assigned_to: session.user.id })
  await page.goto('/')
  const due = page.locator(`.to-do [data-due="${what}"]`)
  await due.waitFor()
  must((await due.locator(`a[href="/sales_order/${order.id}"]`).count()) === 1, 'it leads to what it is about')
  await look(page, `home-${lang}`, { full: true })
  await due.locator('[data-activity=done]').click()
  await page.locator('.ant-modal textarea[name=result]').fill('Blue')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await due.waitFor({ state: 'detached' })
  must((await ask(page, 'GET', `/activity/${made.record.id}`)).record.stage === 'done', 'it is done')

  // What was opened stands here, and the star keeps it.
  await page.goto(`/sales_order/${order.id}`)
  const star = page.locator('[data-star]')
  await star.waitFor()
  must((await star.getAttribute('aria-pressed')) === 'false', 'no favourite yet')
  await page.keyboard.press('Shift+F')
  await page.locator('[data-star][aria-pressed=true]').waitFor()
  await page.goto(`/sales_order?filter=${encodeURIComponent('["stage","=","confirmed"]')}`)
  await page.locator('.table tbody .lead').first().waitFor()
  await star.click()
  await page.locator('[data-star][aria-pressed=true]').waitFor()
  await page.goto('/report/trial_balance')
  await star.click()
  await page.locator('[data-star][aria-pressed=true]').waitFor()
  await page.goto('/')
  await page.locator(`[data-recent] a[href="/sales_order/${order.id}"]`).waitFor()

  // In the menu: renamed, in a folder, in another order by key, by menu and by pulling.
  const items = page.locator('.side .favourite')
  const names = async () => (await items.allInnerTexts()).map((text) => text.trim())
  await page.waitForFunction(() => document.querySelectorAll('.side .favourite').length === 3)
  const first = await names()
  await items.nth(0).locator('a').focus()
  await page.keyboard.press('Alt+ArrowDown')
  await page.waitForFunction((name) => document.querySelectorAll('.side .favourite')[1]?.textContent.trim() === name, first[0])
  await items.nth(2).dragTo(items.nth(0), { targetPosition: { x: 40, y: 4 } })
  await page.waitForFunction((name) => document.querySelectorAll('.side .favourite')[0]?.textContent.trim() === name, first[2])
  const menu = async (at, ...path) => {
    await items.nth(at).hover()
    await items.nth(at).locator('button').click()
    for (const key of path) {
      const entry = page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) [data-menu-id$="-${key}"], .ant-dropdown-menu-submenu-popup:not(.ant-dropdown-menu-submenu-hidden) [data-menu-id$="-${key}"]`).first()
      await (key === 'folder' ? entry.hover() : entry.click())
    }
  }
  await menu(0, 'name')
  await page.locator('.ant-modal input[name=favourite]').fill('Confirmed 已确认')
  await page.keyboard.press('Enter')
  await page.locator('.side [data-favourite="Confirmed 已确认"]').waitFor()
  await menu(0, 'folder', 'fresh')
  await page.locator('.ant-modal input[name=favourite]:focus').waitFor()
  await page.keyboard.type('Every day 每天')
  // It is shown at once; a page that is left before the answer takes the question back.
  await Promise.all([page.waitForResponse((one) => one.url().includes('/favourite/batch') && (one.request().postData() ?? '').includes('Every day')), page.keyboard.press('Enter')])
  await page.locator('.side [data-folder="Every day 每天"]').waitFor()
  await page.reload()
  await page.locator('.side [data-folder="Every day 每天"]').waitFor()
  must((await names()).at(-1) === 'Confirmed 已确认', 'what is in a folder stands in it, after those in none')
  await look(page, `home-favourites-${lang}`)
  await menu(0, 'remove')
  await page.waitForFunction(() => document.querySelectorAll('.side .favourite').length === 2)

  // What to be told.
  const before = await ask(page, 'GET', '/inbox/settings')
  await page.locator('[data-inbox]').click()
  await page.locator('[data-inbox-settings]').click()
  await page.locator('[data-notice=stage] .ant-segmented-item').nth(2).click()
  const quiet = page.locator('[data-notices] input[type=checkbox]')
  if (!(await quiet.isChecked())) await quiet.check()
  await page.locator('[data-notices] input[type=time]').first().fill('21:30')
  await look(page, `home-notices-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-notices]').waitFor({ state: 'detached' })
  const after = await ask(page, 'GET', '/inbox/settings')
  must(after.stage === 'never' && after.quiet_from === '21:30' && after.mention === before.mention, `the choice is kept: ${JSON.stringify(after)}`)
  await ask(page, 'PUT', '/inbox/settings', before)

  // On a phone what is due stands first, and favourites are in the menu.
  const phone = await open(context.browser(), base, { lang, width: 375, height: 812 })
  await enter(phone.page, 'manager')
  await phone.page.goto('/')
  await phone.page.locator('.figure').first().waitFor()
  await fits(phone.page, 'home')
  must(await phone.page.evaluate(() => document.querySelector('.today').getBoundingClientRect().top < document.querySelector('.figure').getBoundingClientRect().top), 'what is due stands above the figures')
  await look(phone.page, `home-phone-${lang}`, { full: true })
  await phone.page.locator('.bottom button').nth(1).click()
  await phone.page.locator('.ant-drawer .favourite').first().waitFor()
  await look(phone.page, `home-phone-menu-${lang}`)
  await fits(phone.page, 'the menu')
  await phone.context.close()
  await clear(page, 'favourite')

  await firstSteps(context.browser(), base, lang)
}

/** A company without products and orders is told what to do next, until that is not wanted any more. */
async function firstSteps(browser, base, lang) {
  const { page, context, complaints } = await open(browser, base, { lang, theme: 'dark' })
  await enter(page, 'admin')
  await clear(page, 'saved_view', WISH)
  const session = await ask(page, 'GET', '/session')
  must((await page.locator('.first-steps').count()) === 0, 'a company that works needs no first steps')
  const { record: fresh } = await ask(page, 'POST', '/company', { name: `Fresh Inc. ${Date.now().toString(36)}`, currency: 'USD', country: 'US', chart: 'ifrs_generic' })
  await ask(page, 'PATCH', '/session', { company: fresh.id })
  // What it needs is made within a second or so, the places last.
  for (let tries = 0; tries < 100 && (await ask(page, 'GET', '/place?limit=1')).rows.length === 0; tries += 1) await page.waitForTimeout(100)
  await page.goto('/')
  await page.locator('.first-steps').waitFor()
  const ticked = async (step) => (await page.locator(`[data-step=${step}]`).getAttribute('data-done')) === 'true'
  must(await ticked('accounts'), 'there is a chart of accounts')
  must(await ticked('users'), 'there are colleagues')
  must(!(await ticked('product')), 'there is no product')
  must(!(await ticked('taxes')), 'no sales tax is chosen')
  must(!(await ticked('sale')), 'nothing was sold')
  await look(page, `home-steps-${lang}`)
  await page.locator('[data-step=import] a').click()
  await page.locator('.ant-modal').waitFor()
  await page.goto('/')
  await page.locator('[data-onboarding-dismiss]').click()
  await page.locator('.first-steps').waitFor({ state: 'detached' })
  await page.reload()
  await page.locator('.figure, .empty').first().waitFor()
  await page.waitForLoadState('networkidle')
  must((await page.locator('.first-steps').count()) === 0, 'not shown again')
  await clear(page, 'saved_view', WISH)
  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await page.locator('.first-steps').waitFor()
  await ask(page, 'PATCH', '/session', { company: session.company.id })
  must(complaints.length === 0, `the console complained: ${complaints.join('\n')}`)
  await context.close()
}
