// A list as a calendar: only what is seen is asked for; records are moved and lengthened by mouse, keys and finger, undone, and put back when refused.
import { ask, enter, look, must, open } from '../lib.mjs'

const chip = (page, id) => page.locator(`.time-chip[data-record="${id}"]`)
const day = (page, on) => page.locator(`[data-day="${on}"]`)
const patched = (page) => page.waitForResponse((one) => one.request().method() === 'PATCH')

export async function run({ page, base, lang, context }) {
  const tag = `cal${lang}${Date.now().toString(36)}`
  await enter(page, 'sales')
  const [type] = (await ask(page, 'GET', '/activity_type?fields=id,name')).rows
  const plan = async (name, on) => (await ask(page, 'POST', '/activity', { summary: `${tag} ${name}`, due_on: on, activity_type: type.id })).record.id
  const dueOn = async (id) => (await ask(page, 'GET', `/activity/${id}`)).record.due_on
  const first = await plan('visit', '2031-03-05')
  const second = await plan('call', '2031-03-12')
  const over = await plan('over', '2031-03-19')
  for (let at = 0; at < 9; at += 1) await plan(`many ${at}`, '2031-03-27')
  const list = `/activity?look=calendar&filter=${encodeURIComponent(JSON.stringify(['summary', 'contains', tag]))}`

  const asked = page.waitForRequest((one) => /\/api\/activity\?/.test(one.url()) && one.url().includes('between'))
  await page.goto(`${list}&at=2031-03-10`)
  const { searchParams } = new URL((await asked).url())
  must(searchParams.get('filter').includes('["due_on","between",["2031-02-24","2031-04-06"]]') && searchParams.get('limit') === '500', `only the weeks of the month are asked for, not ${searchParams}`)
  await chip(page, first).waitFor()
  must((await day(page, '2031-03-05').locator('.time-chip').count()) === 1, 'a record stands on its day')
  must((await page.locator('.days-row').nth(1).locator('.week-no').textContent()) === '10', 'the week of 3 March 2031 is the tenth')
  must((await page.locator('.days-head [role=columnheader]').nth(1).textContent()) === (lang === 'zh' ? '周一' : 'Mon'), 'weeks start on Monday')
  await look(page, `calendar-month-${lang}`)

  // By mouse, and back.
  let [answer] = await Promise.all([patched(page), chip(page, first).dragTo(day(page, '2031-03-06'))])
  must(answer.ok() && answer.request().postDataJSON().version === 1, 'the move is sent with the version')
  await day(page, '2031-03-06').locator(`[data-record="${first}"]`).waitFor()
  await page.locator('[data-undo]').last().waitFor()
  await look(page, `calendar-moved-${lang}`)
  must((await dueOn(first)) === '2031-03-06', 'and kept')
  ;[answer] = await Promise.all([patched(page), page.locator('[data-undo]').last().click()])
  must(answer.ok(), 'undone')
  await day(page, '2031-03-05').locator(`[data-record="${first}"]`).waitFor()
  must((await dueOn(first)) === '2031-03-05', 'as it was')

  // By keys: several presses are one move, the focus stays with the record.
  const sent = []
  page.on('request', (one) => one.method() === 'PATCH' && sent.push(one.postDataJSON()))
  await chip(page, second).locator('a').focus()
  ;[answer] = await Promise.all([patched(page), (async () => {
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(`Alt+${key}`)
  })()])
  await day(page, '2031-03-21').locator(`[data-record="${second}"]`).waitFor()
  must(sent.length === 1 && sent[0].due_on === '2031-03-21', `one move is sent: ${JSON.stringify(sent)}`)
  await page.locator('[data-undo]').last().waitFor()
  must(await page.evaluate((id) => document.activeElement?.closest('[data-record]')?.getAttribute('data-record') === id, second), 'the focus stays with what was moved')
  await Promise.all([patched(page), page.keyboard.press('Control+z')])
  await day(page, '2031-03-12').locator(`[data-record="${second}"]`).waitFor()
  must((await dueOn(second)) === '2031-03-12', 'Ctrl Z puts it back')
  await page.keyboard.press('Alt+ArrowLeft')
  await page.keyboard.press('Alt+ArrowRight')
  await page.waitForTimeout(900)
  must(sent.length === 2, 'there and back is no move')

  // What is over stays: the server says why, and it is put back.
  await ask(page, 'POST', `/activity/${over}/done`, { version: 1, result: 'done' })
  await page.locator(`.time-chip.tone-good[data-record="${over}"]`).waitFor()
  ;[answer] = await Promise.all([patched(page), chip(page, over).dragTo(day(page, '2031-03-20'))])
  must(answer.status() === 409, `what is over is refused, not ${answer.status()}`)
  await page.locator('.ant-message-error', { hasText: lang === 'zh' ? '保持原来的日期' : 'stays where it was' }).waitFor()
  await day(page, '2031-03-19').locator(`[data-record="${over}"]`).waitFor()
  await look(page, `calendar-refused-${lang}`)
  must((await dueOn(over)) === '2031-03-19', 'it stays on its day')

  // A full day tells how many more it has.
  const more = page.locator('[data-more="2031-03-27"]')
  must(/\d/.test(await more.textContent()) && (await day(page, '2031-03-27').locator('.time-chip').count()) < 9, 'a full day shows some and counts the rest')
  await more.press('Enter')
  await page.locator('.day-list .time-chip').nth(8).waitFor()
  await look(page, `calendar-more-${lang}`)
  must(await page.evaluate(() => document.activeElement?.closest('.day-list') !== null), 'the focus is in the list of the day')
  await page.keyboard.press('Escape')
  await page.locator('.day-list').waitFor({ state: 'detached' })
  must(await more.evaluate((one) => one === document.activeElement), 'Escape goes back to the day')

  // Keys of the calendar; an empty day makes a record.
  const param = (name) => new URL(page.url()).searchParams.get(name)
  await day(page, '2031-03-10').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  must(await day(page, '2031-03-18').evaluate((one) => one === document.activeElement), 'arrows go from day to day')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/activity\/new\?due_on=2031-03-18/)
  const due = page.locator('[data-field="due_on"] input').first()
  await due.waitFor()
  must((await due.inputValue()).includes(lang === 'zh' ? '2031-03-18' : '18 Mar 2031'), `the day is filled in, not ${await due.inputValue()}`)
  await page.goBack()
  await chip(page, first).waitFor()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL((url) => url.searchParams.get('at') === '2031-04-10')
  await page.locator('.time-nothing [data-nearest=before]').click()
  await page.waitForURL((url) => url.searchParams.get('at')?.startsWith('2031-03'))
  await page.keyboard.press('w')
  await page.waitForURL((url) => url.searchParams.get('span') === 'week')
  await page.locator('.days.week .time-chip.card').first().waitFor()
  await look(page, `calendar-week-${lang}`)
  await page.keyboard.press('d')
  await page.waitForURL((url) => url.searchParams.get('span') === 'day')
  await page.locator('.search-box input').fill('t')
  must(param('at') !== null, 'what is typed in a box is no command')
  await page.locator('.search-box input').fill('')
  await page.locator('[data-time=title]').click()
  await page.keyboard.press('t')
  await page.waitForURL((url) => url.searchParams.get('at') === null)
  await page.keyboard.press('m')
  await page.waitForURL((url) => url.searchParams.get('span') === null)

  // Another date; what may not be edited cannot be moved at all.
  await page.goto('/sales_order?look=calendar')
  await page.locator('.time-chip').first().waitFor()
  await look(page, `calendar-orders-${lang}`)
  await page.locator('[data-option=date] .ant-select').click()
  await page.locator('.ant-select-item-option').nth(1).click()
  await page.waitForURL((url) => url.searchParams.get('date') === 'wanted_on')

  const books = await open(context.browser(), base, { lang, theme: 'dark' })
  await enter(books.page, 'manager')
  await books.page.goto('/stock_move?look=calendar')
  await books.page.locator('.time-chip').first().waitFor()
  must((await books.page.locator('.time-chip.may, .day.open').count()) === 0, 'the books are not moved')
  await look(books.page, `calendar-books-${lang}`)
  await books.page.locator('.time-chip a').first().click()
  await books.page.waitForURL(/\/stock_move\/./)
  must(books.complaints.length === 0, `no complaints: ${books.complaints}`)
  await books.context.close()

  await spans(page, lang, tag)
  await hours(context, base, lang, tag)

  const small = await open(context.browser(), base, { lang, width: 375, height: 812, theme: 'dark' })
  await enter(small.page, 'sales')
  await small.page.goto(`${list}&at=2031-03-10`)
  await day(small.page, '2031-03-27').locator('.dots-row i').nth(2).waitFor()
  await day(small.page, '2031-03-27').click()
  await small.page.locator('[data-day-list="2031-03-27"] .time-chip').nth(8).waitFor()
  must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the month fits a phone')
  await look(small.page, `calendar-phone-${lang}`)
  // A finger that rests on a record takes it to another day.
  const held = small.page.locator(`[data-day-list="2031-03-27"] .time-chip`).first()
  const moving = await held.getAttribute('data-record')
  await carryByFinger(small.page, held, day(small.page, '2031-03-26'))
  await small.page.locator('[data-undo]').last().waitFor()
  await small.page.waitForFunction(() => document.querySelectorAll('[data-day-list="2031-03-27"] .time-chip').length === 8)
  must((await ask(small.page, 'GET', `/activity/${moving}`)).record.due_on === '2031-03-26', 'moved by finger')
  must(new URL(small.page.url()).pathname === '/activity', 'and not opened')
  await look(small.page, `calendar-phone-moved-${lang}`)
  await small.page.locator('[data-span=week]').click()
  await small.page.locator('[data-day-list="2031-03-24"]').waitFor()
  must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the week fits a phone')
  await look(small.page, `calendar-phone-week-${lang}`)
  must(small.complaints.length === 0, `no complaints on a phone: ${small.complaints}`)
  await small.context.close()
}

/** As a finger does it: it rests, then goes. */
async function carryByFinger(page, from, to) {
  const [a, b] = await Promise.all([from.boundingBox(), to.boundingBox()])
  const client = await page.context().newCDPSession(page)
  const touch = (type, x, y) => client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const [x, y] = [a.x + a.width / 2, a.y + a.height / 2]
  await touch('touchStart', x, y)
  await page.locator('.carried').waitFor()
  for (let step = 1; step <= 6; step += 1) await touch('touchMove', x + ((b.x + b.width / 2 - x) * step) / 6, y + ((b.y + b.height / 2 - y) * step) / 6)
  await page.locator('.dots-day.over').waitFor()
  await touch('touchEnd')
}

/** What lasts several days. */
async function spans(page, lang, tag) {
  const [customer] = (await ask(page, 'GET', `/party?limit=1&fields=id&filter=${encodeURIComponent('["is_customer","=",true]')}`)).rows
  const [product] = (await ask(page, 'GET', '/product?limit=1&fields=id')).rows
  const { id } = (await ask(page, 'POST', '/quotation', { customer: customer.id, quoted_on: '2031-03-06', valid_until: '2031-03-11', note: tag, lines: [{ product: product.id, qty: '1' }] })).record
  const record = async () => {
    const { quoted_on, valid_until } = (await ask(page, 'GET', `/quotation/${id}`)).record
    return `${quoted_on} ${valid_until}`
  }
  await page.goto(`/quotation?look=calendar&at=2031-03-10&filter=${encodeURIComponent(JSON.stringify(['note', 'contains', tag]))}`)
  await day(page, '2031-03-06').locator(`[data-record="${id}"]`).waitFor()
  await page.locator('[data-option=end] .ant-select').click()
  await page.locator('.ant-select-item-option').nth(1).click()
  await page.waitForURL((url) => url.searchParams.get('until') === 'valid_until')
  await page.locator('.day-bar').nth(1).waitFor()
  const [first, second] = await Promise.all([0, 1].map((at) => page.locator('.day-bar').nth(at).boundingBox()))
  const cell = await day(page, '2031-03-06').boundingBox()
  must(Math.round(first.width / cell.width) === 4 && Math.round(second.width / cell.width) === 2 && second.y > first.y, 'a bar over four days of one week and two of the next')
  await look(page, `calendar-spans-${lang}`)

  // Pulled by its end, which stands in the second week; then as a whole from its middle.
  await page.locator('.day-bar').nth(1).hover()
  const pullTo = async (from, on) => {
    const [a, b] = await Promise.all([from.boundingBox(), day(page, on).boundingBox()])
    await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2)
    await page.mouse.down()
    await page.mouse.move(b.x + b.width / 2, b.y + b.height - 12, { steps: 5 })
  }
  await pullTo(page.locator('.day-bar').nth(1).locator('.time-grip.end'), '2031-03-14')
  must((await page.locator('.day.over').count()) === 9, 'where it would last is told')
  await look(page, `calendar-lengthened-${lang}`)
  let [answer] = await Promise.all([patched(page), page.mouse.up()])
  must(answer.ok() && (await record()) === '2031-03-06 2031-03-14', `lengthened: ${await record()}`)
  await page.locator('.day-bar[data-to="2031-03-14"]').first().waitFor()
  await pullTo(page.locator('.day-bar').first(), '2031-03-20')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  must((await record()) === '2031-03-06 2031-03-14' && (await page.locator('.day.over').count()) === 0, 'Escape lets go without a change')
  // Its middle stands on the border of the 7th and 8th: taken hold of on the 8th, put on the 10th.
  await pullTo(page.locator('.day-bar').first(), '2031-03-10')
  ;[answer] = await Promise.all([patched(page), page.mouse.up()])
  const days = (await record()).split(' ').map((one) => Date.parse(one) / 86_400_000)
  must(answer.ok() && days[1] - days[0] === 8, 'moved as a whole it keeps its length')
  await Promise.all([patched(page), page.locator('[data-undo]').last().click()])
  must((await record()) === '2031-03-06 2031-03-14', 'undone')
  await page.locator('.day-bar[data-from="2031-03-06"]').first().waitFor()
  await page.locator('.day-bar a').first().focus()
  ;[answer] = await Promise.all([patched(page), (async () => {
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Alt+ArrowDown')
  })()])
  must((await record()) === '2031-03-14 2031-03-20', `by keys: its end, its start, the whole: ${await record()}`)
}

/** Moments among the hours: an exception of the closing is ended earlier, and never later. */
async function hours(context, base, lang, tag) {
  const { page, context: own, complaints } = await open(context.browser(), base, { lang })
  await enter(page, 'admin')
  const soon = new Date(Date.now() + 5 * 86_400_000)
  soon.setHours(14, 0, 0, 0)
  const { id } = (await ask(page, 'POST', '/lock_exception', { lock: 'sales', opens_from: '2026-01-01', ends_at: soon.toISOString().replace('.000Z', 'Z'), reason: tag })).record
  const hour = async () => {
    const at = new Date((await ask(page, 'GET', `/lock_exception/${id}`)).record.ends_at)
    return `${at.getDate() - soon.getDate()} ${at.getHours()}:${at.getMinutes()}`
  }
  const on = `${soon.getFullYear()}-${String(soon.getMonth() + 1).padStart(2, '0')}-${String(soon.getDate()).padStart(2, '0')}`
  await page.goto(`/lock_exception?look=calendar&date=ends_at&span=week&filter=${encodeURIComponent(JSON.stringify(['reason', '=', tag]))}`)
  await page.locator('[data-now]').waitFor()
  await page.goto(`/lock_exception?look=calendar&date=ends_at&span=day&at=${on}&filter=${encodeURIComponent(JSON.stringify(['reason', '=', tag]))}`)
  const block = page.locator(`.hour-block [data-record="${id}"]`)
  await block.waitFor()
  must((await block.textContent()).includes('14:00'), 'it says its time')
  await block.hover()
  const box = await block.boundingBox()
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 66, { steps: 5 })
  must((await page.locator('.hour-pulled').textContent()) === '12:30', 'the new time is told while it is pulled')
  await look(page, `calendar-hours-${lang}`)
  let [answer] = await Promise.all([patched(page), page.mouse.up()])
  must(answer.ok() && (await hour()) === '0 12:30', `an hour and a half earlier: ${await hour()}`)
  await block.locator('a').focus()
  ;[answer] = await Promise.all([patched(page), (async () => {
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
  })()])
  must(answer.ok() && (await hour()) === '0 12:0', `two quarters of an hour by keys: ${await hour()}`)
  ;[answer] = await Promise.all([patched(page), page.keyboard.press('Alt+ArrowRight')])
  must(answer.status() === 403, `it is never later: ${answer.status()}`)
  await page.locator('.ant-message-error').waitFor()
  must((await hour()) === '0 12:0', 'and stays')
  must(complaints.length === 0, `no complaints: ${complaints}`)
  await own.close()
}
