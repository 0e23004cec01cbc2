// A list as a timeline: bars are pulled and resized by mouse and keys, stacked by resource, joined by arrows, and only what is near is drawn.
import { ask, enter, look, must, open } from '../lib.mjs'

const bar = (page, id) => page.locator(`.tl-bar[data-record="${id}"]`)
const patched = (page) => page.waitForResponse((one) => one.request().method() === 'PATCH')
const stands = (page, id, from, to) => page.locator(`.tl-bar[data-record="${id}"][data-from="${from}"][data-to="${to}"]`).waitFor()

/** Pulls with the mouse, by days of so many pixels. */
async function pull(page, from, dx) {
  const box = await from.boundingBox()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + dx / 2, y, { steps: 4 })
  await page.mouse.move(x + dx, y, { steps: 4 })
}

export async function run({ page, base, lang, context }) {
  const tag = `line${lang}${Date.now().toString(36)}`
  await enter(page, 'sales')
  const customers = (await ask(page, 'GET', `/party?limit=2&fields=id,name&filter=${encodeURIComponent('["is_customer","=",true]')}`)).rows
  const [product] = (await ask(page, 'GET', '/product?limit=1&fields=id')).rows
  const quote = async (customer, from, to) => (await ask(page, 'POST', '/quotation', { customer: customer.id, quoted_on: from, valid_until: to, note: tag, lines: [{ product: product.id, qty: '1' }] })).record.id
  const record = async (id) => (await ask(page, 'GET', `/quotation/${id}`)).record
  const a = await quote(customers[0], '2031-03-03', '2031-03-12')
  const b = await quote(customers[0], '2031-03-06', '2031-03-20')
  const c = await quote(customers[1], '2031-03-10', '2031-03-24')
  const sent = await quote(customers[1], '2031-03-12', '2031-03-28')
  await ask(page, 'POST', `/quotation/${sent}/send`, { version: 1 })
  const list = `/quotation?look=timeline&filter=${encodeURIComponent(JSON.stringify(['note', 'contains', tag]))}`

  await page.goto(`${list}&at=2031-03-03`)
  await stands(page, a, '2031-03-03', '2031-03-12')
  must((await page.locator('.tl-row').count()) === 4, 'each record has its row')
  await look(page, `timeline-week-${lang}`)

  // Moved as a whole, by 14 pixels a day; both dates go along.
  await pull(page, bar(page, a), 28)
  must((await page.locator('.tl-when').count()) === 1, 'the new days are told while it is pulled')
  await look(page, `timeline-pulled-${lang}`)
  let [answer] = await Promise.all([patched(page), page.mouse.up()])
  must(answer.ok(), 'the move is kept')
  await stands(page, a, '2031-03-05', '2031-03-14')
  const moved = await record(a)
  must(moved.quoted_on === '2031-03-05' && moved.valid_until === '2031-03-14', 'both days have moved')
  must(new URL(page.url()).pathname === '/quotation', 'a pull opens nothing')
  ;[answer] = await Promise.all([patched(page), page.locator('[data-undo]').last().click()])
  await stands(page, a, '2031-03-03', '2031-03-12')
  must((await record(a)).valid_until === '2031-03-12', 'undone')

  // Its ends.
  await bar(page, a).hover()
  await pull(page, bar(page, a).locator('.tl-grip.end'), 42)
  await Promise.all([patched(page), page.mouse.up()])
  await stands(page, a, '2031-03-03', '2031-03-15')
  await pull(page, bar(page, a).locator('.tl-grip.start'), 14)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await stands(page, a, '2031-03-03', '2031-03-15')
  must((await record(a)).quoted_on === '2031-03-03', 'Escape lets go without a change')

  // By keys; several presses are one move.
  const changes = []
  page.on('request', (one) => one.method() === 'PATCH' && changes.push(one.postDataJSON()))
  await bar(page, b).locator('a').focus()
  await Promise.all([patched(page), (async () => {
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowLeft')
  })()])
  await stands(page, b, '2031-03-07', '2031-03-23')
  must(changes.length === 1, `one change is sent, not ${changes.length}`)
  must(await page.evaluate((id) => document.activeElement?.closest('[data-record]')?.getAttribute('data-record') === id, b), 'the focus stays on the bar')
  await page.locator('[data-undo]').last().waitFor()
  await Promise.all([patched(page), page.keyboard.press('Control+z')])
  await stands(page, b, '2031-03-06', '2031-03-20')
  await page.keyboard.press('ArrowDown')
  must(await page.evaluate((id) => document.activeElement?.closest('[data-record]')?.getAttribute('data-record') === id, c), 'arrows go from bar to bar')

  // What was sent cannot be moved: it is said, and nothing is asked.
  const before = changes.length
  await bar(page, sent).locator('a').focus()
  await page.locator(`.tl-bar[data-record="${sent}"]:not(.may)`).waitFor()
  await page.keyboard.press('Alt+ArrowRight')
  await page.locator('.ant-message-notice').first().waitFor()
  await stands(page, sent, '2031-03-12', '2031-03-28')
  must(changes.length === before, 'and not even tried')
  // What the server refuses is put back, and why is said.
  await page.goto(`${list}&at=2031-03-10&date=valid_until&until=-`)
  await stands(page, c, '2031-03-24', '2031-03-24')
  await bar(page, c).locator('a').focus()
  ;[answer] = await Promise.all([patched(page), (async () => {
    for (let days = 0; days < 20; days += 1) await page.keyboard.press('Alt+ArrowLeft')
  })()])
  must(answer.status() === 422 && answer.request().postDataJSON().valid_until === '2031-03-04', `a quotation does not end before it starts: ${answer.status()}`)
  await page.locator('.ant-message-error', { hasText: lang === 'zh' ? '保持原来的日期' : 'stays where it was' }).waitFor()
  await look(page, `timeline-refused-${lang}`)
  await stands(page, c, '2031-03-24', '2031-03-24')

  // Days, months, and back to today.
  await page.goto(`${list}&at=2031-03-03`)
  await bar(page, a).waitFor()
  await page.locator('[data-time=title]').click()
  await page.keyboard.press('d')
  await page.waitForURL((url) => url.searchParams.get('span') === 'day')
  await bar(page, a).waitFor()
  await look(page, `timeline-day-${lang}`)
  await page.keyboard.press('m')
  await page.waitForURL((url) => url.searchParams.get('span') === 'month')
  await bar(page, a).waitFor()
  await page.keyboard.press('q')
  await page.waitForURL((url) => url.searchParams.get('span') === 'quarter')
  await page.locator('.tl-small', { hasText: 'Q1' }).first().waitFor()
  await bar(page, a).waitFor()
  await look(page, `timeline-quarter-${lang}`)
  await page.keyboard.press('m')
  await page.waitForURL((url) => url.searchParams.get('span') === 'month')
  await page.keyboard.press('t')
  await page.waitForURL((url) => url.searchParams.get('at') === null)
  await page.locator('[data-today]').waitFor()
  await page.locator('.time-nothing [data-nearest=after]').click()
  await bar(page, a).waitFor()

  // Customers as rows: what overlaps is stacked.
  await page.goto(`${list}&at=2031-03-03`)
  await page.locator('[data-option=rows] .ant-select').click()
  await page.locator('.ant-select-item-option').nth(1).click()
  await page.waitForURL((url) => url.searchParams.get('group') === 'customer')
  await page.locator(`[data-row="${customers[0].id}"]`).waitFor()
  must((await page.locator('.tl-row').count()) === 2, 'each customer has a row')
  const [above, below] = await Promise.all([bar(page, a).boundingBox(), bar(page, b).boundingBox()])
  must(above.y + above.height <= below.y, 'bars of the same days stand below one another')
  await look(page, `timeline-customers-${lang}`)

  // Into another row: the customer changes, with a way back; by mouse and by keys.
  const customer = async (id) => (await record(id)).customer.id
  const row = page.locator(`[data-row="${customers[1].id}"]`)
  const goal = await row.boundingBox()
  const handle = await bar(page, a).boundingBox()
  await page.mouse.move(handle.x + 40, handle.y + 12)
  await page.mouse.down()
  await page.mouse.move(handle.x + 41, goal.y + goal.height - 8, { steps: 6 })
  must((await page.locator('.tl-row.over').getAttribute('data-row')) === customers[1].id, 'the row it would come to is told')
  await look(page, `timeline-row-${lang}`)
  ;[answer] = await Promise.all([patched(page), page.mouse.up()])
  must(answer.ok() && answer.request().postDataJSON().customer === customers[1].id && answer.request().postDataJSON().quoted_on === undefined, `only the customer changes: ${answer.request().postData()}`)
  await row.locator(`[data-record="${a}"]`).waitFor()
  must((await customer(a)) === customers[1].id, 'the customer is the other one')
  await Promise.all([patched(page), page.locator('[data-undo]').last().click()])
  await page.locator(`[data-row="${customers[0].id}"] [data-record="${a}"]`).waitFor()
  must((await customer(a)) === customers[0].id, 'and the first one again')
  const other = await page.evaluate((id) => {
    const rows = [...document.querySelectorAll('.tl-row')].sort((one, two) => one.offsetTop - two.offsetTop).map((one) => one.dataset.row)
    return rows.indexOf(id) === 0 ? 'ArrowDown' : 'ArrowUp'
  }, customers[0].id)
  await bar(page, a).locator('a').focus()
  await Promise.all([patched(page), page.keyboard.press(`Alt+${other}`)])
  await row.locator(`[data-record="${a}"]`).waitFor()
  must(await page.evaluate((id) => document.activeElement?.closest('[data-record]')?.getAttribute('data-record') === id, a), 'the focus goes along')
  await Promise.all([patched(page), page.keyboard.press('Control+z')])
  await page.locator(`[data-row="${customers[0].id}"] [data-record="${a}"]`).waitFor()

  // Half out of sight, a bar still says its name.
  const area = page.locator('.tl-scroll')
  await area.evaluate((one, id) => {
    const box = document.querySelector(`.tl-bar[data-record="${id}"]`)
    one.scrollTo({ left: box.offsetLeft - document.querySelector('.tl-corner').offsetWidth + box.offsetWidth - 110 })
  }, b)
  await page.waitForFunction((id) => {
    const text = document.querySelector(`.tl-bar[data-record="${id}"] .tl-text`)
    return text.getBoundingClientRect().left > document.querySelector('.tl-corner').getBoundingClientRect().right - 30
  }, b)

  // One date: points. No end wanted.
  await page.goto(`${list}&at=2031-03-03&until=-`)
  await page.locator('.tl-bar.point').nth(3).waitFor()

  // Orders of the whole company: what is far is not drawn, and comes when one scrolls.
  await page.goto('/sales_order?look=timeline')
  await page.locator('.tl-bar').first().waitFor()
  await page.locator('[data-today]').waitFor()
  await look(page, `timeline-orders-${lang}`)
  const drawn = await page.evaluate(() => ({ lines: document.querySelectorAll('.tl-line').length, rows: document.querySelectorAll('.tl-row').length, wide: document.querySelector('.tl-canvas').scrollWidth, high: document.querySelector('.tl-canvas').scrollHeight }))
  must(drawn.wide / 14 / 7 > drawn.lines * 1.2, `weeks far away are not drawn: ${JSON.stringify(drawn)}`)
  must(drawn.high / 34 > drawn.rows, `rows far away are not drawn: ${JSON.stringify(drawn)}`)
  const title = await page.locator('[data-time=title]').textContent()
  await page.locator('.tl-scroll').evaluate((area) => area.scrollTo({ left: 0 }))
  await page.waitForFunction((was) => document.querySelector('[data-time=title]').textContent !== was, title)
  await page.waitForURL((url) => url.searchParams.get('at') !== null)
  must(await page.locator('.tl-scroll').evaluate((area) => area.scrollLeft > 160), 'at the end of the days there are more')
  await page.locator('.tl-bar a').first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/sales_order\/so_/)
  await page.goBack()
  await page.locator('.tl-bar').first().waitFor()

  // What is to be done about the same record follows one another.
  const type = (await ask(page, 'GET', '/activity_type?limit=1&fields=id')).rows[0]
  const steps = []
  for (const on of ['2031-03-04', '2031-03-12', '2031-03-21']) steps.push((await ask(page, 'POST', '/activity', { about_doc: a, activity_type: type.id, summary: tag, due_on: on })).record.id)
  await page.goto(`/activity?look=timeline&at=2031-03-03&filter=${encodeURIComponent(JSON.stringify(['summary', '=', tag]))}`)
  await page.locator(`[data-arrow="${steps[0]}-${steps[1]}"]`).waitFor({ state: 'attached' })
  must((await page.locator('[data-arrow]').count()) === 2, 'first, second, third')
  await look(page, `timeline-activities-${lang}`)

  // A credit note points at its invoice.
  const note = (await ask(page, 'GET', `/invoice?limit=1&fields=id,credits,issued_on&sort=-issued_on&filter=${encodeURIComponent('["and",["kind","=","credit_note"],["credits","not_empty"]]')}`)).rows[0]
  const pair = ['or', ['id', '=', note.id], ['id', '=', note.credits.id]]
  await page.goto(`/invoice?look=timeline&at=${note.issued_on}&filter=${encodeURIComponent(JSON.stringify(pair))}`)
  await page.locator('[data-arrow]').first().waitFor({ state: 'attached' })
  const spot = await page.evaluate(() => {
    const area = document.querySelector('.tl-scroll').getBoundingClientRect()
    const boxes = [...document.querySelectorAll('.tl-bar')].map((one) => one.getBoundingClientRect())
    const box = boxes.find((one) => one.right > area.left + 200 && one.left < area.right - 60 && one.top > area.top + 40 && one.bottom < area.bottom - 20)
    return { x: Math.max(box.left + 4, area.left + 250), y: box.y + box.height / 2 }
  })
  await page.mouse.move(spot.x, spot.y)
  await page.locator('.time-facts').waitFor()
  await look(page, `timeline-invoices-${lang}`)

  for (const [name, theme, address] of [['phone', 'light', `${list}&at=2031-03-03`], ['phone-dark', 'dark', '/sales_order?look=timeline&group=customer']]) {
    const small = await open(context.browser(), base, { lang, width: 375, height: 812, theme })
    await enter(small.page, 'sales')
    await small.page.goto(address)
    await small.page.locator('.tl-bar').first().waitFor()
    must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the timeline fits a phone')
    await look(small.page, `timeline-${name}-${lang}`)
    must(small.complaints.length === 0, `no complaints on a phone: ${small.complaints}`)
    await small.context.close()
  }
}
