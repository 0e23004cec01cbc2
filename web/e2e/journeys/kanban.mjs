// Cards are carried between columns by mouse, keyboard and menu; the server's actions do it, and what it refuses goes back.
import { ask, enter, look, must, open } from '../lib.mjs'

const says = (lang, en, zh) => (lang === 'zh' ? zh : en)

const lane = (page, key) => page.locator(`.lane[data-stage="${key}"]`)
const card = (page, id) => page.locator(`[data-card="${id}"]`)
const inLane = (page, id, key) => page.locator(`.lane[data-stage="${key}"] [data-card="${id}"]:not(.busy)`)
const count = async (page, key, wanted, why) => {
  await page.waitForFunction(([stage, number]) => document.querySelector(`.lane[data-stage="${stage}"] .lane-count`)?.textContent === String(number), [key, wanted], { timeout: 8000 }).catch(() => undefined)
  must((await lane(page, key).locator('.lane-count').innerText()) === String(wanted), why)
}

async function drag(page, id, key) {
  const from = await card(page, id).boundingBox()
  const to = await lane(page, key).boundingBox()
  await page.mouse.move(from.x + 90, from.y + 20)
  await page.mouse.down()
  await page.mouse.move(from.x + 130, from.y + 40, { steps: 3 })
  await page.mouse.move(to.x + to.width / 2, to.y + 160, { steps: 6 })
  await lane(page, key).and(page.locator('[data-drop=over]')).waitFor()
  await look(page, `kanban-drag-${key}`)
  await page.mouse.up()
}

/** An entry of the menu that is open. */
const pick = (page, end) => page.locator(`.ant-dropdown-menu-item[data-menu-id$="${end}"] >> visible=true`).click()

const day = (today, days) => new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

export async function run({ page, base, lang, context }) {
  await enter(page, 'manager')
  const { today, user } = await ask(page, 'GET', '/session')
  // As one who has never arranged a board; and so it is left.
  const forget = async () => {
    for (const { id } of (await ask(page, 'GET', `/saved_view?filter=${encodeURIComponent('["entity","=","board"]')}&limit=50`)).rows) await ask(page, 'DELETE', `/saved_view/${id}`)
  }
  await forget()
  const stamp = Date.now().toString(36)
  const party = (await ask(page, 'POST', '/party', { code: `KB${stamp}`, name: `Kanban ${stamp}`, is_customer: true })).record
  const product = (await ask(page, 'GET', '/product?limit=1&sort=code')).rows[0]
  const type = (await ask(page, 'GET', `/activity_type?filter=${encodeURIComponent('["code","=","call"]')}`)).rows[0]
  const made = []
  for (const qty of ['1', '2', '3', '4']) made.push((await ask(page, 'POST', '/quotation', { customer: party.id, lines: [{ product: product.id, qty }] })).record)
  const other = (await ask(page, 'GET', '/user?limit=20')).rows.find((one) => one.id !== user.id)
  await ask(page, 'PATCH', `/quotation/${made[1].id}`, { version: 1, owner: other.id })
  const [late, now, later, free] = made.map((record) => record.id)
  for (const [id, days] of [[late, -2], [now, 0], [later, 3]]) await ask(page, 'POST', '/activity', { about_doc: id, activity_type: type.id, summary: 'Ask about colour', due_on: day(today, days), assigned_to: user.id })
  const stageOf = async (id) => (await ask(page, 'GET', `/quotation/${id}`)).record.stage
  const filter = encodeURIComponent(JSON.stringify(['customer', '=', party.id]))
  const board = `/quotation?look=board&filter=${filter}`
  // One of them was not touched for a while.
  const age = async (route) => {
    const response = await route.fetch()
    const body = await response.json()
    for (const row of body.rows ?? []) if (row.id === free) row.changed_at = `${day(today, -20)}T08:00:00Z`
    await route.fulfill({ response, json: body })
  }
  // A page that is left does not wait for its answers.
  await page.route('**/api/quotation?*changed_at*', (route) => age(route).catch(() => undefined))
  await page.goto(board)
  await card(page, late).waitFor()
  await count(page, 'draft', 4, 'four drafts')
  must((await page.locator('.lane.folded').count()) === 4, 'empty columns and ends are folded')
  const whole = await lane(page, 'draft').locator('[data-aggregate]').innerText()

  // The state bar counts, filters and sums.
  for (const state of ['planned', 'today', 'overdue', 'none']) must((await lane(page, 'draft').locator(`[data-state=${state}] span`).last().innerText()) === '1', `one is ${state}`)
  must((await card(page, late).locator('[data-next=overdue]').getAttribute('aria-label')).includes('Ask about colour'), 'the card says what is to be done')
  must((await card(page, late).locator('[data-next=overdue]').innerText()).includes(says(lang, 'Overdue 2', '已逾期 2')), 'and for how long it is late, in words')
  must((await card(page, free).locator('[data-stale]').innerText()).includes('20'), 'what nobody touched for 20 days says so')
  must((await page.locator('[data-stale]').count()) === 1, 'only that one')
  must((await card(page, late).locator('.avatar').getAttribute('aria-label')).length > 1, 'whose it is')
  await look(page, `kanban-1-${lang}`)
  await lane(page, 'draft').locator('[data-state=overdue]').click()
  await card(page, now).waitFor({ state: 'detached' })
  await count(page, 'draft', 1, 'only what is late')
  await card(page, late).waitFor()
  await page.waitForFunction((before) => document.querySelector('.lane[data-stage="draft"] [data-aggregate]').textContent !== before, whole)
  await look(page, `kanban-2-late-${lang}`)
  await lane(page, 'draft').locator('[data-state=overdue]').click()
  await card(page, now).waitFor()

  // By mouse, and back by Undo.
  await drag(page, late, 'sent')
  await inLane(page, late, 'sent').waitFor()
  must((await stageOf(late)) === 'sent', 'the action was run')
  await count(page, 'draft', 3, 'three are left')
  await look(page, `kanban-3-moved-${lang}`)
  await page.locator('[data-undo]').last().click()
  await inLane(page, late, 'draft').waitFor()
  must((await stageOf(late)) === 'draft', 'the way back was gone')
  await count(page, 'draft', 4, 'four again')
  const order = (ids) => [...document.querySelectorAll('.lane[data-stage="draft"] [data-card]')].map((one) => one.dataset.card).join() === ids
  await page.waitForFunction(order, [free, later, now, late].join())

  // By keyboard: the card goes, the focus with it, and it is said.
  await card(page, now).locator('.card-title').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  must(await card(page, now).locator('.card-title').evaluate((link) => link === document.activeElement), 'arrows walk')
  await page.keyboard.press('Alt+ArrowRight')
  await inLane(page, now, 'sent').waitFor()
  must((await stageOf(now)) === 'sent', 'carried by keyboard')
  must((await page.locator('.board-page > [role=status]').innerText()).includes(says(lang, 'Sent', '已发送')), 'and told aloud')
  must(await card(page, now).locator('.card-title').evaluate((link) => link === document.activeElement), 'the focus went along')
  await page.keyboard.press('Alt+ArrowLeft')
  await inLane(page, now, 'draft').waitFor()
  must((await stageOf(now)) === 'draft', 'and back')
  await page.keyboard.press('Alt+ArrowLeft')
  await page.waitForFunction((words) => document.querySelector('.board-page > [role=status]').textContent.includes(words), says(lang, 'on the left', '左侧'))

  // What has to be said is asked for; who does not say it gets the card back.
  await drag(page, later, 'lost')
  await page.locator('.ant-modal [data-field=reason]').waitFor()
  await look(page, `kanban-4-args-${lang}`)
  await page.keyboard.press('Escape')
  await inLane(page, later, 'draft').waitFor()
  must((await stageOf(later)) === 'draft', 'nothing happened')
  await card(page, later).hover()
  await card(page, later).locator('.card-menu').click()
  await look(page, `kanban-5-menu-${lang}`)
  await pick(page, '-to:lost')
  await page.locator('.ant-modal [data-field=reason] input').fill('Too dear')
  await page.keyboard.press('Enter')
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
  await count(page, 'lost', 1, 'one is lost')
  must((await stageOf(later)) === 'lost', 'with its reason')
  await page.keyboard.press('Alt+z')
  await inLane(page, later, 'draft').waitFor()

  // To cancel is asked for, too.
  await drag(page, later, 'cancelled')
  await page.locator('.ant-modal-confirm .ant-btn').first().click()
  await inLane(page, later, 'draft').waitFor()
  must((await stageOf(later)) === 'draft', 'not cancelled')

  // Somebody was faster: back it goes, and the reason is said.
  await page.route('**/api/quotation/*/send', async (route) => {
    await ask(page, 'PATCH', `/quotation/${free}`, { version: (await ask(page, 'GET', `/quotation/${free}`)).record.version, note: 'faster' })
    await route.continue()
  })
  await drag(page, free, 'sent')
  await page.locator('.ant-message-error').waitFor()
  await inLane(page, free, 'draft').waitFor()
  must((await stageOf(free)) === 'draft', 'refused')
  await page.unroute('**/api/quotation/*/send')
  await count(page, 'draft', 4, 'all four as before')

  // A new card where it stands.
  await lane(page, 'draft').locator('[data-quick=open]').click()
  const box = page.locator('[data-quick=box]')
  const quickRef = async (name, text) => {
    const input = box.locator(`[data-field="${name}"] input`)
    await input.fill(text)
    await page.locator('.pop .pop-option[role=option]').first().waitFor()
    await input.press('Enter')
  }
  must(await box.locator('[data-field=customer] input').evaluate((input) => input === document.activeElement), 'ready to type')
  await quickRef('customer', `Kanban ${stamp}`)
  await quickRef('product', product.code)
  await look(page, `kanban-6-quick-${lang}`)
  await box.locator('[data-field=qty] input').fill('5')
  await box.locator('[data-field=qty] input').press('Enter')
  await count(page, 'draft', 5, 'a fifth one')
  await page.waitForFunction(() => document.querySelector('[data-quick=box] [data-field=customer] input').value === '')
  must(await box.locator('[data-field=customer] input').evaluate((input) => input === document.activeElement), 'the box waits for the next one')
  await page.keyboard.press('Enter')
  await box.locator('[data-field=customer].wrong').waitFor()
  must((await box.locator('.hint.bad').count()) > 0, 'what is missing is said in place')
  await quickRef('customer', `Kanban ${stamp}`)
  await quickRef('product', product.code)
  await box.locator('[data-quick=edit]').click()
  await page.waitForURL('**/quotation/new*')
  await page.locator('[data-field=customer] input').first().waitFor()
  must((await page.locator('[data-field=customer] input').first().inputValue()).includes(stamp), 'the form goes on with what was typed')
  must((await page.locator('.lines-table tbody[data-row]').first().locator('td[data-column=product] input').inputValue()).length > 2, 'its line, too')
  await page.goto(board)

  // What the heads show, and how a person keeps the columns.
  await card(page, late).waitFor()
  await lane(page, 'draft').locator('[data-aggregate]').click()
  await pick(page, '-avg.total_base')
  await page.waitForURL('**measure=avg.total_base*')
  await page.waitForFunction(() => document.querySelector('.lane[data-stage="draft"] [data-aggregate]').textContent.includes('⌀'))
  await lane(page, 'draft').locator('[data-lane-menu]').click()
  await page.locator('.ant-dropdown-menu-submenu-title[data-menu-id$="-colour"]').hover()
  await pick(page, '-colour:accent')
  await page.locator('.lane[data-stage="draft"][data-colour=accent]').waitFor()
  await lane(page, 'draft').locator('[data-lane-menu]').click()
  await page.locator('.ant-dropdown-menu-submenu-title[data-menu-id$="-sort"]').hover()
  await pick(page, '-sort:-total')
  await page.waitForFunction((first) => document.querySelector('.lane[data-stage="draft"] [data-card]').dataset.card === first, free, { timeout: 5000 }).catch(() => undefined)
  const worth = await lane(page, 'draft').locator('.card-money').allInnerTexts()
  const numbers = worth.map((text) => Number(text.replace(/[^\d.]/g, '')))
  must(numbers.length === 5 && numbers.every((one, at) => at === 0 || one <= numbers[at - 1]), `the dearest first: ${worth.join()}`)
  await page.locator('[data-board=compact]').click()
  await page.locator('.card-whom').first().waitFor({ state: 'detached' })
  await lane(page, 'cancelled').locator('button').click()
  await page.locator('.lane[data-stage="cancelled"]:not(.folded)').waitFor()
  await lane(page, 'cancelled').locator('[data-lane-menu]').click()
  await pick(page, '-hide')
  await lane(page, 'cancelled').waitFor({ state: 'detached' })
  // What was chosen is kept with the server, one choice after the other, the last one also when the page goes at once.
  await page.reload()
  await card(page, late).waitFor()
  await page.locator('.lane[data-stage="draft"][data-colour=accent]').waitFor()
  must((await lane(page, 'cancelled').count()) === 0 && (await page.locator('.card-whom').count()) === 0, 'as it was left')
  await look(page, `kanban-7-compact-${lang}`)
  // The same on another device: it is kept with the server.
  const second = await open(context.browser(), base, { lang })
  await enter(second.page, 'manager')
  await second.page.goto(board)
  await second.page.locator('.lane[data-stage="draft"][data-colour=accent]').waitFor()
  must((await lane(second.page, 'cancelled').count()) === 0 && (await second.page.locator('.card-whom').count()) === 0, 'elsewhere as here')
  must(second.complaints.length === 0, second.complaints.join())
  await second.context.close()
  await lane(page, 'draft').locator('[data-lane-menu]').click()
  await page.locator('.ant-dropdown-menu-submenu-title[data-menu-id$="-limit"]').hover()
  await pick(page, '-limit:3')
  await lane(page, 'draft').locator('.lane-count.over', { hasText: '5/3' }).waitFor()
  await look(page, `kanban-7-limit-${lang}`)
  await lane(page, 'draft').locator('[data-lane-menu]').click()
  await page.locator('.ant-dropdown-menu-submenu-title[data-menu-id$="-limit"]').hover()
  await pick(page, '-limit:')
  await lane(page, 'draft').locator('.lane-count.over').waitFor({ state: 'detached' })
  await page.locator('[data-board=show]').click()
  await lane(page, 'cancelled').waitFor()
  await page.locator('[data-board=compact]').click()

  // In rows: who sells. A card goes into another row by mouse and keys, and back.
  await page.locator('[data-board=rows]').click()
  await pick(page, '-owner')
  await page.waitForURL('**group=owner*')
  const cell = (who, key) => page.locator(`.cell[data-place="${who}|${key}"]`)
  await cell(user.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await cell(other.id, 'draft').locator(`[data-card="${now}"]`).waitFor()
  must((await page.locator('.swim-row').count()) === 2, 'a row for each of the two')
  await look(page, `kanban-rows-${lang}`)
  const carryTo = async (id, target) => {
    // What was asked anew after the move before may still put the cards in another order.
    for (let was = ''; ; await page.waitForTimeout(400)) {
      const now = JSON.stringify(await card(page, id).boundingBox())
      if (now === was) break
      was = now
    }
    const [a, b] = await Promise.all([card(page, id).boundingBox(), target.boundingBox()])
    await page.mouse.move(a.x + 130, a.y + 20)
    await page.mouse.down()
    await page.mouse.move(a.x + 130, a.y + 40, { steps: 3 })
    await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 6 })
  }
  await carryTo(late, cell(other.id, 'draft'))
  must((await cell(other.id, 'draft').getAttribute('data-drop')) === 'over' && (await cell(other.id, 'sent').getAttribute('data-drop')) === 'cannot', 'an action and a change are not done at once')
  await look(page, `kanban-rows-drag-${lang}`)
  await page.mouse.up()
  await cell(other.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await page.locator('[data-undo]').last().waitFor()
  const ownerOf = async (id) => (await ask(page, 'GET', `/quotation/${id}`)).record.owner?.id
  must((await ownerOf(late)) === other.id, 'it is the other one’s')
  await page.locator('[data-undo]').last().click()
  await cell(user.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)
  must((await ownerOf(late)) === user.id, 'and back')
  await card(page, late).locator('.card-title').focus()
  const order2 = await page.locator('.swim-row').evaluateAll((rows) => rows.map((one) => one.dataset.swim))
  await page.keyboard.press(order2.indexOf(user.id) === 0 ? 'Alt+ArrowDown' : 'Alt+ArrowUp')
  await cell(other.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await page.locator('[data-undo]').last().waitFor()
  await page.keyboard.press('Alt+z')
  await cell(user.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)
  await carryTo(late, cell(user.id, 'sent'))
  await page.mouse.up()
  await cell(user.id, 'sent').locator(`[data-card="${late}"]`).waitFor()
  await page.locator('[data-undo]').last().click()
  await cell(user.id, 'draft').locator(`[data-card="${late}"]`).waitFor()
  await page.locator(`.swim-row[data-swim="${other.id}"] .swim-name`).click()
  await page.locator(`.swim-row[data-swim="${other.id}"] .swim-cells`).waitFor({ state: 'detached' })
  await page.locator(`.swim-row[data-swim="${other.id}"] .swim-name`).click()
  await page.locator('[data-board=rows]').click()
  await pick(page, '--')
  await page.waitForURL((url) => url.searchParams.get('group') === null)

  // Other columns: who sells. There the field itself is changed.
  await page.locator('[data-board=by]').click()
  await pick(page, '-owner')
  await page.waitForURL('**by=owner*')
  await inLane(page, late, user.id).waitFor()
  await look(page, `kanban-8-owner-${lang}`)
  const theirs = other.id
  await drag(page, late, theirs)
  await inLane(page, late, theirs).waitFor()
  must((await ask(page, 'GET', `/quotation/${late}`)).record.owner.id === theirs, 'the field was changed')
  await page.locator('[data-undo]').last().click()
  await inLane(page, late, user.id).waitFor()
  must((await ask(page, 'GET', `/quotation/${late}`)).record.owner?.id === user.id, 'and changed back')
  // The server does not leave a quotation without a person: the card does not pretend it did.
  await drag(page, late, '')
  await page.locator('.ant-message-warning').waitFor()
  await inLane(page, late, user.id).waitFor()

  // A long column comes in parts; nothing at all is said kindly.
  await page.goto('/quotation?look=board')
  await lane(page, 'accepted').locator('button').click()
  await lane(page, 'accepted').locator('.load-more').waitFor()
  must((await lane(page, 'accepted').locator('[data-card]').count()) === 30, 'thirty at first')
  await lane(page, 'accepted').locator('.load-more').click()
  await lane(page, 'accepted').locator('[data-card]').nth(59).waitFor()
  await look(page, `kanban-9-long-${lang}`)
  await lane(page, 'accepted').locator('[data-lane-menu]').click()
  await pick(page, '-fold')
  await page.locator('.lane.folded[data-stage="accepted"]').waitFor()
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wide boards scroll by themselves')
  await page.goto('/quotation?look=board&search=zzzz')
  await page.locator('.empty [data-remove-most]').waitFor()
  await look(page, `kanban-10-empty-${lang}`)

  // On a phone: one column, a chooser, and the menu of a card.
  const small = await open(context.browser(), base, { lang, width: 375, height: 812, theme: 'dark' })
  await enter(small.page, 'manager')
  await small.page.goto(board)
  await card(small.page, late).waitFor()
  must((await small.page.locator('.lane').count()) === 1, 'one column at a time')
  must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out')
  await look(small.page, `kanban-phone-${lang}`)
  await small.page.goto(`${board}&group=owner`)
  await card(small.page, late).waitFor()
  must(await small.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'rows fit a phone')
  await look(small.page, `kanban-phone-rows-${lang}`)
  await small.page.goto(board)
  await card(small.page, late).waitFor()
  await card(small.page, late).locator('.card-menu').click()
  await pick(small.page, '-to:sent')
  await card(small.page, late).waitFor({ state: 'detached' })
  await small.page.locator('[data-choose=sent]').click()
  await inLane(small.page, late, 'sent').waitFor()
  must((await stageOf(late)) === 'sent', 'moved by the menu')
  await look(small.page, `kanban-phone-sent-${lang}`)
  must(small.complaints.length === 0, small.complaints.join())
  await small.context.close()

  // Nothing of this stays.
  await forget()
  for (const { id } of (await ask(page, 'GET', `/activity?filter=${encodeURIComponent(JSON.stringify(['about_doc', 'in', made.map((record) => record.id)]))}&limit=50`)).rows) await ask(page, 'POST', `/activity/${id}/cancel`, { version: 1 })
  await ask(page, 'POST', `/quotation/${late}/reopen`, { version: (await ask(page, 'GET', `/quotation/${late}`)).record.version })
  for (const { id } of (await ask(page, 'GET', `/quotation?filter=${filter}&limit=50`)).rows) await ask(page, 'DELETE', `/quotation/${id}`)
  await ask(page, 'DELETE', `/party/${party.id}`)
}
