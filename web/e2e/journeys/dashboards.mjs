// A dashboard is made of what home shows, arranged with the pointer and with keys, filled from lists, shared with a role,
// and shows everybody only what they may see. At a desk and on a phone.
import { ask, enter, look, must, open } from '../lib.mjs'

const fits = async (page, what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
const WISH = ['and', ['entity', '=', 'home'], ['owner', 'is', 'me']]

async function clear(page) {
  const filter = encodeURIComponent(JSON.stringify(['and', ['name', 'contains', 'Morning'], ['owner', 'is', 'me']]))
  for (const row of (await ask(page, 'GET', `/dashboard?filter=${filter}`)).rows) await ask(page, 'DELETE', `/dashboard/${row.id}`)
  for (const row of (await ask(page, 'GET', `/saved_view?filter=${encodeURIComponent(JSON.stringify(WISH))}`)).rows) await ask(page, 'DELETE', `/saved_view/${row.id}`)
}

export async function run(walk) {
  await enter(walk.page, 'manager')
  await clear(walk.page)
  try {
    await arrange(walk)
  } finally {
    // What opens first for a role stays out of the way of the journeys after this one.
    await clear(walk.page)
  }
}

async function arrange({ page, base, lang, context }) {
  const name = `Morning ${lang} ${Date.now().toString(36)}`
  await page.goto('/')
  // Home opens with what the role has; the overview is there for who wants it, and can be begun with.
  await page.locator('.home .dash-card').first().waitFor()
  await page.locator('[data-switcher]').click()
  await page.locator('.ant-dropdown [data-menu-id$="-overview"]').click()
  await page.locator('.figures .figure').first().waitFor()
  await page.locator('[data-switcher]').click()
  await page.locator('.ant-dropdown [data-menu-id$="-own"]').click()
  await page.locator('input[name=name]').fill(name)
  await page.keyboard.press('Enter')
  await page.locator('.dash-grid.arranging .dash-card').first().waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const kept = async () => (await ask(page, 'GET', `/dashboard/${id}`)).record
  const home = await ask(page, 'GET', '/home')
  must((await page.locator('.dash-card').count()) === home.figures.length + home.charts.length, 'it begins with what home shows')

  // By the keyboard: a new card, then moved and made wider.
  await page.keyboard.press('a')
  const form = page.locator('[data-card-form]')
  await form.waitFor()
  await form.locator('.ant-segmented-item').nth(5).click()
  await form.locator('textarea[name=text]').fill('Call before ten 十点前致电')
  await form.locator('input[name=title]').fill('Note 备注')
  await page.keyboard.press('Enter')
  const note = page.locator('.dash-card.of-text')
  await note.waitFor()
  await note.focus()
  const place = (card) => card.evaluate((element) => [element.style.getPropertyValue('--column'), element.style.getPropertyValue('--row')].join(' · '))
  const at = await place(note)
  await page.keyboard.press('ArrowUp')
  must((await place(note)) !== at, `the arrow key moves the card (${at})`)
  must(await note.evaluate((element) => element === document.activeElement), 'the card keeps the focus')
  const wide = await place(note)
  await page.keyboard.press('Shift+ArrowRight')
  must((await place(note)) !== wide, 'with Shift it grows')
  await page.locator('.dash-grid [role=status]', { hasText: /\d/ }).waitFor({ state: 'attached' })

  // A chart by the dialog.
  await page.locator('[data-add-card]').click()
  await form.locator('.ant-segmented-item').nth(2).click()
  await form.locator('.ant-select').first().click()
  await page.keyboard.type(lang === 'zh' ? '销售订单' : 'Sales orders')
  await page.keyboard.press('Enter')
  await look(page, `dashboards-card-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  const chart = page.locator('.dash-card.of-chart')
  await chart.locator('canvas').waitFor()

  // With the pointer: by the head to the top, by the corner wider.
  await page.locator('.content-page').evaluate((element) => element.scrollTo(0, 0))
  const figure = page.locator('[data-card=c1]')
  const grip = await figure.locator('.dash-grip').boundingBox()
  const target = await page.locator('[data-card=c3]').boundingBox()
  const was = await place(figure)
  await page.mouse.move(grip.x + 20, grip.y + 10)
  await page.mouse.down()
  await page.mouse.move(target.x + 30, target.y + 20, { steps: 6 })
  await page.locator('.dash-shade').waitFor()
  await look(page, `dashboards-pull-${lang}`)
  await page.mouse.up()
  must((await place(figure)) !== was, 'a card is pulled by its head')
  await page.locator('.dash-shade').waitFor({ state: 'detached' })
  const pulled = await place(figure)
  const corner = await figure.locator('.dash-corner').boundingBox()
  await page.mouse.move(corner.x + 10, corner.y + 10)
  await page.mouse.down()
  await page.mouse.move(corner.x + 240, corner.y + 70, { steps: 5 })
  await page.mouse.up()
  must((await place(figure)) !== pulled, 'a card is made larger at its corner')
  const grown = await place(figure)
  await page.mouse.move(corner.x + 10, grip.y + 10)
  const again = await figure.locator('.dash-grip').boundingBox()
  await page.mouse.move(again.x + 20, again.y + 10)
  await page.mouse.down()
  await page.mouse.move(again.x + 20, again.y + 400, { steps: 5 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  must((await place(figure)) === grown, 'Escape puts it back')

  await page.keyboard.press('Control+s')
  await page.locator('[data-dashboard-edit]').waitFor()
  const { cards } = (await kept()).layout
  must(cards.length === home.figures.length + home.charts.length + 2, 'all cards are kept')
  for (const one of cards) for (const other of cards) must(one === other || one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y, `${one.id} and ${other.id} do not overlap`)
  await page.reload()
  await chart.locator('canvas').waitFor()
  await page.locator('.dash-card.of-home canvas').first().waitFor()
  await look(page, `dashboards-${lang}`, { full: true })

  // From a list, as it stands.
  await page.goto(`/sales_order?filter=${encodeURIComponent('["stage","=","confirmed"]')}&sort=-total_base`)
  await page.locator('.table tbody .lead').first().waitFor()
  await page.locator('[data-to-dashboard]').click()
  const adding = page.locator('[data-add-to]')
  await adding.locator('.ant-select', { hasText: name }).waitFor()
  await adding.locator('input[name=title]').fill('To deliver 待发货')
  await look(page, `dashboards-add-${lang}`)
  await page.keyboard.press('Enter')
  await page.locator(`.ant-message a[href="/dashboard/${id}"]`).click()
  const list = page.locator('.dash-card.of-list', { hasText: 'To deliver' })
  await list.locator('tbody .lead').first().waitFor()

  // A pivot and a funnel come as what they are.
  for (const [face, shown] of [[`look=pivot&group=customer&cols=stage`, '.pivot tbody tr'], [`look=chart&chart=funnel&group=stage`, 'canvas']]) {
    await page.goto(`/sales_order?${face}`)
    await page.locator(`.list-body ${shown}`).first().waitFor()
    await page.locator('[data-to-dashboard]').click()
    await adding.locator('.ant-select', { hasText: name }).waitFor()
    await adding.locator('input[name=title]').fill(face.includes('pivot') ? 'Crossed 交叉' : 'Funnel 漏斗')
    await page.keyboard.press('Enter')
    await page.locator(`.ant-message a[href="/dashboard/${id}"]`).click()
    await page.locator('.dash-card', { hasText: face.includes('pivot') ? 'Crossed' : 'Funnel' }).locator(shown).first().waitFor()
  }
  must((await page.locator('.dash-card .pivot-axes').count()) === 0, 'in a card a pivot is only its table')
  await look(page, `dashboards-looks-${lang}`, { full: true })

  // What somebody changed meanwhile is not written over unasked.
  await page.keyboard.press('e')
  await note.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Shift+ArrowDown')
  const theirs = await kept()
  await ask(page, 'PATCH', `/dashboard/${id}`, { version: theirs.version, name: `${name}!` })
  await page.locator('[data-save]').click()
  await page.locator('.ant-modal-confirm').waitFor()
  await look(page, `dashboards-stale-${lang}`)
  await page.locator('.ant-modal-confirm .ant-btn-primary').click()
  await page.locator('[data-dashboard-edit]').waitFor()
  const mine = await kept()
  must(mine.name === `${name}!` && JSON.stringify(mine.layout) !== JSON.stringify(theirs.layout), 'my arrangement is kept, and the other change, too')

  // Shared with a role: its people see it first, and of it what they may see.
  const layout = { cards: [...mine.layout.cards, { id: 'roles', x: 0, y: 60, w: 6, h: 4, kind: 'list', entity: 'role', query: {} }, { id: 'gone', x: 6, y: 60, w: 6, h: 4, kind: 'list', view: 'sv_zzzz' }] }
  await ask(page, 'PATCH', `/dashboard/${id}`, { version: mine.version, layout })
  await page.reload()
  await page.locator('[data-card=roles] tbody .lead').first().waitFor()
  await page.locator('[data-card=gone] [data-trouble]').waitFor()
  await page.locator('[data-dashboard-more]').click()
  await page.locator('.ant-dropdown [data-menu-id$="-settings"]').click()
  await page.locator('.ant-modal .ant-select').click()
  await page.locator('.ant-select-item-option', { hasText: lang === 'zh' ? /^销售员$/ : /^Salesperson$/ }).click()
  await look(page, `dashboards-share-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('.ant-modal input[name=name]').waitFor({ state: 'detached' })
  must((await kept()).for_role === 'sales_rep', 'it is meant for a role')

  const colleague = await open(context.browser(), base, { lang, theme: 'dark' })
  await enter(colleague.page, 'sales')
  await colleague.page.goto('/')
  await colleague.page.locator('[data-switcher]', { hasText: name }).waitFor()
  await colleague.page.locator('[data-card=roles] .empty').waitFor()
  await colleague.page.locator('.dash-card.of-list', { hasText: 'To deliver' }).locator('tbody .lead').first().waitFor()
  await look(colleague.page, `dashboards-colleague-${lang}`, { full: true })
  // One's own choice goes before that of the role.
  await colleague.page.locator('[data-switcher]').click()
  await colleague.page.locator('.ant-dropdown [data-menu-id$="-overview"]').click()
  await colleague.page.locator('.figures .figure').first().waitFor()
  await colleague.page.reload()
  await colleague.page.locator('.figures .figure').first().waitFor()
  await clear(colleague.page)
  must(colleague.complaints.length === 0, `the console complained: ${colleague.complaints.join('\n')}`)
  await colleague.context.close()

  // Every look of a list is drawn in its card as it is on its own page, and every kind of chart.
  const shown = (id, entity, query, x, y) => ({ id, x, y, w: 6, h: 8, kind: 'list', title: id, entity, query })
  const drawing = (chart, group, more, x, y) => ({ id: chart, x, y, w: 6, h: 6, kind: 'chart', title: chart, entity: 'invoice', chart, group, sum: 'total_base', filter: null, ...more })
  const { record: looks } = await ask(page, 'POST', '/dashboard', { name: `${name} looks`, shared: false, layout: { cards: [
    shown('board', 'quotation', { look: 'board' }, 0, 0), shown('calendar', 'activity', { look: 'calendar', at: '2026-11-26' }, 6, 0),
    shown('timeline', 'quotation', { look: 'timeline', group: 'customer' }, 0, 8), shown('tree', 'account', { look: 'tree' }, 6, 8),
    drawing('waterfall', 'issued_on:month', {}, 0, 16), drawing('heat', 'issued_on:month', { split: 'customer' }, 6, 16), drawing('funnel', 'issued_on:month', {}, 0, 22),
  ] } })
  for (const [width, height, theme] of [[1440, 900, 'light'], [375, 812, 'dark']]) {
    const other = await open(context.browser(), base, { lang, width, height, theme })
    await enter(other.page, 'manager')
    await other.page.goto(`/dashboard/${looks.id}`)
    const drawn = (id, what) => other.page.locator(`[data-card=${id}] ${what}`).first().waitFor()
    await drawn('board', '.lane [data-card]')
    await drawn('calendar', width < 768 ? '.dots-day' : '[data-day]')
    await drawn('timeline', '.tl-bar')
    await drawn('tree', '[role=treegrid] [data-row]')
    await drawn('waterfall', 'canvas')
    await drawn('heat', '.heat td > button')
    await drawn('funnel', 'canvas')
    await fits(other.page, 'every look')
    await look(other.page, `dashboards-looks-${width}-${lang}`, { full: true })
    // It is turned while one looks at it, and stays as it is kept.
    await other.page.locator('[data-card=timeline] [data-span=quarter]').click()
    await other.page.locator('[data-card=timeline] .tl-small', { hasText: 'Q' }).first().waitFor()
    must(new URL(other.page.url()).search === '' && !JSON.stringify((await ask(page, 'GET', `/dashboard/${looks.id}`)).record.layout).includes('quarter'), 'neither address nor card change')
    must(other.complaints.length === 0, `the console complained: ${other.complaints.join('\n')}`)
    await other.context.close()
  }
  await ask(page, 'DELETE', `/dashboard/${looks.id}`)

  const phone = await open(context.browser(), base, { lang, width: 375, height: 812 })
  await enter(phone.page, 'manager')
  await phone.page.goto(`/dashboard/${id}`)
  await phone.page.locator('.dash-card.of-list tbody .lead').first().waitFor()
  await fits(phone.page, 'the dashboard')
  must(await phone.page.evaluate(() => new Set([...document.querySelectorAll('.dash-card:not(.bare)')].map((card) => Math.round(card.getBoundingClientRect().left))).size === 1), 'one column, but for figures')
  await look(phone.page, `dashboards-phone-${lang}`, { full: true })
  await phone.page.locator('[data-dashboard-edit]').click()
  const order = () => phone.page.locator('.dash-card').evaluateAll((all) => all.map((card) => card.dataset.card).join())
  const first = await order()
  await phone.page.locator('.dash-card').nth(1).locator('header button').nth(1).click()
  await phone.page.locator('.ant-dropdown [data-menu-id$="-before"]').click()
  must((await order()) !== first, 'the menu changes the order')
  await fits(phone.page, 'the dashboard while it is arranged')
  await look(phone.page, `dashboards-phone-edit-${lang}`)
  must(phone.complaints.length === 0, `the console complained: ${phone.complaints.join('\n')}`)
  await phone.context.close()
}
