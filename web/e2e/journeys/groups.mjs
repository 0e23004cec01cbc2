// A list in groups is a list: its columns and totals, its keys, its selection, and the way from one record to the next.
import { ask, faults, must, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

async function clean(page, where) {
  const found = await faults(page, where)
  must(found.length === 0, found.join('; '))
}

const names = (page) => page.locator('tr.group-row').evaluateAll((all) => all.map((one) => one.dataset.group))

export async function run({ page, lang }) {
  await signIn(page, 'admin')

  // The columns of the list, its heads, and the sums of each group and of all.
  await page.goto('/sales_order?group=customer')
  const group = page.locator('tr.group-row')
  await group.first().waitFor()
  const heads = () => page.locator('thead th[data-column]').evaluateAll((all) => all.map((one) => one.dataset.column))
  must((await heads()).includes('total'), 'the columns have heads')
  await page.locator('tr.group-row td[data-total="total"] .group-figure').first().waitFor()
  await page.locator('tfoot [data-total="total"] .total-value').first().waitFor()
  const { groups } = await ask(page, 'GET', '/sales_order?group=customer')
  const all = groups.reduce((sum, one) => sum + one.count, 0)
  must(Number((await page.locator('.page-head .num').innerText()).replace(/\D/g, '')) === all, 'the head of the page counts the records of all groups')

  // Customers by name; turned, the other way round.
  const labels = await page.locator('tr.group-row .group-name > .clip').allInnerTexts()
  const sorted = [...labels].sort(new Intl.Collator(lang === 'zh' ? 'zh-CN' : 'en-GB', { numeric: true }).compare)
  must(labels.join() === sorted.join(), `groups stand by name, not ${labels.slice(0, 4).join()}`)
  await page.locator('[data-turn="customer"]').click()
  await page.waitForURL(/turned=customer/)
  await page.waitForFunction(([first]) => document.querySelector('tr.group-row .group-name > .clip')?.textContent !== first, [labels[0]])
  await page.locator('[data-turn="customer"]').click()
  await page.waitForFunction(([first]) => document.querySelector('tr.group-row .group-name > .clip')?.textContent === first, [labels[0]])

  // By the keyboard: down, Right opens and goes in, Left goes back to the head and folds it.
  await page.locator('.table-scroll').focus()
  await page.keyboard.press('ArrowRight')
  const row = page.locator('tr:not(.group-row) .lead')
  await row.first().waitFor()
  must((await page.locator('tr.group-row [aria-expanded="true"]').count()) === 1, 'Right opens the group')
  await page.keyboard.press('ArrowRight')
  must((await page.locator('tr.active .lead').count()) === 1, 'Right goes in')
  await screenshot(page, `groups-${lang}`)
  await clean(page, 'a list in groups')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.waitForFunction(() => !document.querySelector('[aria-expanded="true"][id^="cell-"]'))

  // The whole of a group is selected though it is not open; all that match are from the head.
  const first = Number((await group.first().locator('[data-count]').innerText()).replace(/\D/g, ''))
  await page.keyboard.press(' ')
  await page.locator('.selection').waitFor()
  must((await page.locator('.selection b').innerText()).replace(/\D/g, '') === String(first), 'the bar counts the records of the group')
  await page.locator('thead .pick input').click()
  await page.waitForFunction(([count]) => document.querySelector('.selection b')?.textContent?.replace(/\D/g, '') === count, [String(all)])
  await page.locator('.selection .ant-btn-text').click()
  await page.locator('.search-box').waitFor()

  // A large group goes on by itself; a record opened from it knows the next one, and the way back finds the group open.
  await page.goto('/sales_order?group=stage')
  const confirmed = page.locator('tr.group-row[data-group="confirmed"]')
  await confirmed.click()
  await row.first().waitFor()
  const before = await page.locator('.table-scroll').evaluate((box) => box.scrollHeight)
  await page.locator('.table-scroll').evaluate((box) => box.scrollTo(0, box.scrollHeight))
  await page.locator('[data-group-more]').click()
  await page.waitForFunction(([height]) => (document.querySelector('.table-scroll')?.scrollHeight ?? 0) > height + 500, [before])
  await page.locator('.table-scroll').evaluate((box) => box.scrollTo(0, 0))
  await page.locator('tr[aria-rowindex="1"]').waitFor()
  const opened = await row.nth(1).innerText()
  await row.nth(1).click()
  await page.locator('.pager .num').waitFor()
  must((await page.locator('.form-head h1').innerText()).includes(opened), 'the record opens')
  const counted = Number((await page.locator('.pager .num').innerText()).split('/')[1])
  must(counted > 80, `previous and next know the whole group, not ${counted}`)
  await page.keyboard.press('Alt+n')
  await page.waitForFunction(() => /^3 \//.test(document.querySelector('.pager .num')?.textContent ?? ''))
  await page.keyboard.press('Escape')
  await page.locator('tr:not(.group-row) .lead').first().waitFor()

  // Months by time, two levels, and a total of one's own choice in every group.
  await page.goto('/sales_order?group=ordered_on:month,stage')
  await group.first().waitFor()
  const months = await names(page)
  must(months.join() === [...months].sort().join(), 'months stand by time')
  await group.first().click()
  await page.locator('tr.group-row[data-depth="1"]').first().waitFor()
  await page.locator('tr.group-row[data-depth="1"]').first().click()
  await row.first().waitFor()
  await page.locator('th[data-column="customer"]').hover()
  await page.locator('[data-column-menu="customer"]').click()
  await page.locator('.ant-dropdown:not(.ant-dropdown-hidden) [data-menu-id$="-total"]').first().click()
  await page.locator('.ant-dropdown-menu-submenu-popup:not(.ant-dropdown-menu-submenu-hidden) [data-menu-id$="-total-unique"]').click()
  await page.locator('tr.group-row[data-depth="1"] [data-total="customer"] .group-figure').first().waitFor()
  await page.locator('tfoot [data-total="customer"] .total-value').first().waitFor()
  await page.mouse.move(0, 0)
  await screenshot(page, `groups-two-${lang}`)

  // Cells are typed in as in any list.
  await page.goto('/party?group=is_customer')
  await group.first().waitFor()
  await page.keyboard.press('Alt+e')
  await group.first().click()
  await row.first().waitFor()
  const phone = (await heads()).indexOf('phone')
  const cell = page.locator(`#cell-1-${phone}`)
  const old = await cell.innerText()
  await cell.click()
  await page.locator('[data-typing] input').fill('0571 3333')
  await page.keyboard.press('Enter')
  await page.waitForFunction(([at]) => document.querySelector(`#cell-1-${at}`)?.textContent === '0571 3333', [phone])
  await page.keyboard.press('Escape')
  await page.locator('[data-undo]').click()
  await page.waitForFunction(([at, was]) => document.querySelector(`#cell-1-${at}`)?.textContent === was, [phone, old])
  await page.keyboard.press('Alt+e')

  // On a phone the groups open to cards.
  await page.setViewportSize({ width: 375, height: 760 })
  await page.goto('/sales_order?group=stage')
  await page.locator('[data-group-head="confirmed"]').click()
  await page.locator('.group-cards .card').nth(39).waitFor()
  await clean(page, 'groups on a phone')
  await page.evaluate(() => document.querySelector(".page, main, .list-body")?.scrollTo?.(0, 0))
  await screenshot(page, `groups-phone-${lang}`)
  await page.locator('[data-group-more]').click()
  await page.locator('.group-cards .card').nth(79).waitFor()
  must((await page.evaluate(() => document.documentElement.scrollWidth)) <= 375, 'nothing sticks out')
}
