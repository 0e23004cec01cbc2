// Orders crossed by customer and month: totals are those of the server, every cell leads to its rows, files hold every digit.
import { readFileSync } from 'node:fs'
import { enter, look, must, open } from '../lib.mjs'

const drawn = (page) => page.locator('.pivot:not(.stale) tfoot td').first().waitFor()
const rows = (page) => page.locator('.pivot tbody tr[role=row]')
const shownAt = (page) => page.locator('.pivot [data-at=here]')
/** Sums of decimal texts of two places, exactly. */
const cents = (texts) => texts.reduce((sum, text) => sum + BigInt(text.replace('.', '')), 0n)

export async function run({ page, base, lang, context }) {
  await enter(page, 'manager')
  // Of last quarter: what others do meanwhile is of today.
  const past = encodeURIComponent('["ordered_on","within","last_quarter"]')
  await page.goto(`/sales_order?look=pivot&filter=${past}&group=customer.country,customer&cols=ordered_on:month,stage&measure=%23,total_base`)
  await drawn(page)
  const answer = await page.evaluate(async (filter) => (await fetch(`/api/sales_order?filter=${filter}&group=customer.country,ordered_on:month&sum=total_base`)).json(), past)
  const totals = await page.locator('.pivot tfoot td').allInnerTexts()
  const all = answer.groups.reduce((sum, group) => sum + group.count, 0)
  must(totals.at(-2).replaceAll(',', '') === String(all), `all are counted: ${totals.at(-2)} of ${all}`)
  const whole = cents(answer.groups.map((group) => group.sum.total_base))
  must(totals.at(-1).replace(/[,.]/g, '') === String(whole), `all is added up: ${totals.at(-1)} of ${whole}`)
  await look(page, `pivot-two-${lang}`)

  // A cell leads to as many rows as it counts.
  const cell = rows(page).first().locator('td a').first()
  const count = (await cell.innerText()).replaceAll(',', '')
  await cell.click()
  await page.waitForURL((url) => url.searchParams.get('look') === null)
  await page.locator('.page-head .num').waitFor()
  must((await page.locator('.page-head .num').innerText()).replace(/\D/g, '') === count, 'the list has as many rows as the cell said')
  await page.goBack()
  await drawn(page)

  // Open and close, by pointer and by keyboard.
  await page.locator('[data-pivot=close]').click()
  const closed = await rows(page).count()
  await rows(page).first().locator('th').click()
  must((await rows(page).count()) > closed, 'a click opens a row')
  await page.locator('.pivot > table').focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowLeft')
  must((await rows(page).count()) === closed, 'left closes it')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('End')
  must((await shownAt(page).locator('xpath=..').getAttribute('aria-level')) === '2', 'arrows walk into the rows below')
  await look(page, `pivot-keyboard-${lang}`)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('look') === null && url.searchParams.get('filter')?.includes('"customer"'))
  await page.goBack()
  await drawn(page)

  // A column head folds into its sum and unfolds again, by pointer and by keyboard.
  await page.goto(`/sales_order?look=pivot&filter=${past}&group=stage&cols=ordered_on:month,customer.country&measure=%23`)
  await drawn(page)
  const fold = page.locator('.pivot .pivot-fold').first()
  const wide = await page.locator('.pivot tfoot td').count()
  const before = await page.locator('.pivot tfoot td').allInnerTexts()
  await fold.click()
  must((await fold.getAttribute('aria-expanded')) === 'false' && (await page.locator('.pivot tfoot td').count()) < wide, 'a folded head takes one column')
  must((await page.locator('.pivot tfoot td').allInnerTexts()).at(-1) === before.at(-1), 'the total stays')
  await look(page, `pivot-folded-${lang}`)
  await fold.focus()
  await page.keyboard.press('Enter')
  must((await page.locator('.pivot tfoot td').count()) === wide, 'enter unfolds it')

  // Sorted by a column, as a share, swapped; all of it stands in the address.
  await page.goto('/sales_order?look=pivot&group=customer&cols=ordered_on:month&measure=total_base')
  await drawn(page)
  await page.locator('.pivot thead th.sum button').click()
  await page.waitForURL('**order=-total_base*')
  const sums = (await page.locator('.pivot tbody td.sum').allInnerTexts()).map((text) => BigInt(text.replace(/[,.]/g, '')))
  must(sums.length > 3 && sums.every((sum, at) => at === 0 || sums[at - 1] >= sum), 'the greatest first')
  await page.locator('[data-pivot=share]').click()
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').nth(1).click()
  await page.waitForURL('**share=row*')
  must((await page.locator('.pivot tbody td.sum').allInnerTexts()).every((text) => text === '100.0%'), 'a row is all of itself')
  await look(page, `pivot-share-${lang}`)
  await page.keyboard.press('Escape')
  await page.locator('.pivot > table').focus()
  await page.keyboard.press('x')
  await page.waitForURL((url) => url.searchParams.get('group') === 'ordered_on:month' && url.searchParams.get('cols') === 'customer')
  await page.reload()
  await drawn(page)
  must((await page.locator('.pivot thead th').count()) > 10, 'the customers stand above now')

  // Keys by their menus: one more row, then over to the columns.
  await page.goto('/sales_order?look=pivot&group=stage&measure=%23')
  await drawn(page)
  await page.locator('[data-keys=rows] > button').click()
  await page.locator('.key-menu > .ant-dropdown-menu-item', { hasText: lang === 'zh' ? '客户' : 'Customer' }).first().click()
  await page.waitForURL('**group=stage%2Ccustomer*')
  await drawn(page)
  await page.locator('[data-key=customer] .chip-text').click()
  await page.locator('.ant-dropdown:not(.ant-dropdown-hidden) [data-menu-id$=-over]').click()
  await page.waitForURL((url) => url.searchParams.get('cols') === 'customer' && url.searchParams.get('group') === 'stage')
  await drawn(page)
  await page.locator('[data-key=customer] .chip-x').click()
  await page.waitForURL((url) => !url.searchParams.get('cols'))

  // What does not add up: averages, the smallest and greatest, and different customers, of weeks and of the whole.
  await page.goto(`/sales_order?look=pivot&filter=${past}&group=stage&cols=ordered_on:week&measure=%23`)
  await drawn(page)
  await page.locator('[data-pivot=figures]').click()
  for (const words of lang === 'zh' ? ['平均合计（本位币）', '最大订购日期', '不同客户数'] : ['⌀ Total (company currency)', 'Greatest Ordered on', 'Different: Customer']) {
    await page.locator('[data-pivot=figures] input').fill(words)
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().click()
  }
  await page.keyboard.press('Escape')
  await page.waitForURL((url) => url.searchParams.get('measure') === '#,avg.total_base,max.ordered_on,unique.customer')
  await drawn(page)
  const told = await page.evaluate(async (filter) => (await fetch(`/api/sales_order?filter=${filter}&sum=total_base&filled=total_base&max=ordered_on&unique=customer`)).json(), past)
  const [{ sum: { total_base: added }, filled: { total_base: held }, max, unique }] = told.groups
  await page.waitForFunction((wanted) => [...document.querySelectorAll('.pivot tfoot td')].at(-1).textContent === wanted, String(unique.customer))
  const foot = (await page.locator('.pivot tfoot td').allInnerTexts()).slice(-4)
  const mean = (BigInt(added.replace('.', '')) * 2n + BigInt(held)) / (BigInt(held) * 2n)
  must(foot[1].replace(/[,.]/g, '') === String(mean), `the average of all: ${foot[1]}, not ${mean}`)
  must(lang !== 'zh' || foot[2] === max.ordered_on, `the last day: ${foot[2]}`)
  const parts = (await page.locator('.pivot tbody tr[role=row]').first().locator('td').allInnerTexts()).filter((_, at, cells) => at % 4 === 3 && at < cells.length - 1).map(Number)
  must(parts.reduce((sum, part) => sum + part, 0) > unique.customer, 'different customers of weeks are more than those of all weeks')
  await look(page, `pivot-figures-${lang}`)
  await page.locator('.pivot thead th.sum button').nth(1).click()
  await page.waitForURL('**order=-avg.total_base*')

  // Files with the whole of it.
  await page.goto(`/sales_order?look=pivot&filter=${past}&group=customer.country,customer&cols=stage&measure=%23,total_base`)
  await drawn(page)
  for (const [at, format] of ['csv', 'xlsx'].entries()) {
    await page.locator('[data-pivot=export]').click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item').nth(at).click()])
    must(download.suggestedFilename() === `sales_order-pivot.${format}`, 'the file is called what it is')
    const text = readFileSync(await download.path()).toString('utf8')
    const exact = `${String(whole).slice(0, -2)}.${String(whole).slice(-2)}`
    must(text.includes(format === 'csv' ? `,${exact}\r\n` : `<v>${exact}</v>`), `${format} holds the total with every digit`)
    must(text.includes('杭州骑行俱乐部'), 'and the names')
  }

  for (const [theme, width, height] of [['dark', 1440, 900], ['light', 375, 800]]) {
    const other = await open(context.browser(), base, { lang, theme, width, height })
    await enter(other.page, 'manager')
    await other.page.goto('/sales_order?look=pivot&group=customer.country,customer&cols=ordered_on:month&measure=%23,total_base')
    await drawn(other.page)
    must(await other.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `fits ${width} px`)
    const before = await other.page.locator('.pivot tbody th').first().boundingBox()
    await other.page.locator('.pivot').evaluate((scroller) => scroller.scrollBy(400, 0))
    await other.page.waitForTimeout(100)
    const after = await other.page.locator('.pivot tbody th').first().boundingBox()
    must(before.x === after.x, 'the names of the rows stay in sight')
    await look(other.page, `pivot-${theme}-${width}-${lang}`)
    must(other.complaints.length === 0, other.complaints.join('\n'))
    await other.context.close()
  }
}
