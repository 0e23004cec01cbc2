// Two colleagues work together on an order: a message with a name in it, an activity that leads to the next, plans,
// files, notes that are changed and taken back, and what happened to the order folded and asked for in parts.
import { ask, choose, enter, field, fill, look, must, open, save } from '../lib.mjs'

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

const PDF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 120]>>endobj
trailer<</Root 1 0 R>>
%%EOF`)

export async function run({ page, base, lang, context }) {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await enter(page, 'admin')
  await page.goto('/sales_order')
  await page.locator('.table tbody .lead').first().click()
  await page.locator('.together-bar').waitFor()
  const address = page.url()
  const id = new URL(address).pathname.split('/').at(-1)
  // What an earlier run planned is out of the way.
  const left = await ask(page, 'GET', `/activity?limit=200&fields=id,version&filter=${encodeURIComponent(JSON.stringify(['and', ['about_doc', '=', id], ['stage', '=', 'planned']]))}`)
  for (const one of left.rows) await ask(page, 'POST', `/activity/${one.id}/cancel`, { version: one.version })

  await page.locator('[data-kind=message]').click()
  const box = page.locator('.composer textarea')
  await box.click()
  await page.keyboard.type(`${lang === 'zh' ? '请看' : 'Please look'} @Wang`)
  await page.locator('[class*=mentions-dropdown] li', { hasText: 'Wang' }).first().waitFor()
  await page.locator('[class*=mentions-dropdown] li', { hasText: 'Anna' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  const said = page.locator('.timeline li.note').first()
  await said.locator('.mention').waitFor()
  must(!(await said.innerText()).includes('us_'), 'a name is shown, not an id')

  await page.locator('[data-together=plan]').click()
  await page.locator('[data-plan] input').first().fill(lang === 'zh' ? '会议' : 'Meeting')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-plan] input[name=summary]').fill('Colour')
  await look(page, `together-plan-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  const planned = page.locator('.activities li', { hasText: 'Colour' })
  await planned.waitFor()
  await planned.locator('[data-activity=done]').click()
  await page.locator('.ant-modal textarea[name=result]').fill('Blue')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  // A meeting suggests a mail the day after; it is planned as it stands.
  const next = page.locator('.ant-modal [data-plan]')
  await next.waitFor()
  must(/mail|邮件/i.test(await next.locator('input').first().inputValue()), 'the type says what comes next')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await planned.waitFor({ state: 'detached' })
  await page.locator('.activities li', { hasText: /E-mail|邮件/ }).first().waitFor()

  await page.locator('input[type=file]').first().setInputFiles({ name: 'blue.png', mimeType: 'image/png', buffer: PICTURE })
  await page.locator('.files .thumb').first().waitFor()
  await page.locator('.files .thumb').first().click()
  await page.locator('.file-shown').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.file-shown').waitFor({ state: 'detached' })
  await look(page, `together-${lang}`)

  const mark = Date.now().toString(36)
  await besideLines(page)
  await pdf(page)
  await activities(page, mark)
  const plan = await beginPlan(page, id, mark, lang)
  await notes(page, id, mark, lang)
  await parts(page, id, mark)
  await look(page, `together-pane-${lang}`)
  await elsewhere(page, id, plan, mark)
  await help(page, address)
  await details(page)
  await phone(context.browser(), base, lang, address, plan, mark)

  const theirs = await open(context.browser(), base, { lang })
  await enter(theirs.page, 'manager')
  await theirs.page.goto('/')
  await theirs.page.locator('[data-inbox]').click()
  await theirs.page.locator('.inbox li').first().waitFor()
  await look(theirs.page, `together-inbox-${lang}`)
  await theirs.page.locator('.inbox li button').first().click()
  await theirs.page.locator('.together-bar').waitFor()
  must(theirs.page.url() === address, 'the notice leads to the order')
  await theirs.context.close()
}

/** At 1440 px what colleagues do stands beside the lines, which all fit. */
async function besideLines(page) {
  const [sheet, aside] = [await page.locator('.form-body.has-lines > .sheet').boundingBox(), await page.locator('.form-body > .aside').boundingBox()]
  must(aside.x >= sheet.x + sheet.width && Math.abs(aside.y - sheet.y) < 2, 'the timeline stands beside the lines')
  const left = await page.locator('.lines-scroll').first().evaluate((box) => box.scrollWidth - box.clientWidth)
  must(left <= 0, `no column of the lines is cut off: ${left} px are`)
}

async function pdf(page) {
  await page.locator('input[type=file]').first().setInputFiles({ name: 'offer.pdf', mimeType: 'application/pdf', buffer: PDF })
  await page.locator('.files li', { hasText: 'offer.pdf' }).first().locator('.thumb').click()
  const [answer] = await Promise.all([page.waitForResponse((one) => one.url().includes('inline=true') && (one.headers()['content-type'] ?? '').includes('pdf')).catch(() => null), page.locator('iframe.file-shown.pdf').waitFor()])
  must(answer === null || answer.ok(), 'the PDF is shown in place')
  await page.keyboard.press('Escape')
  await page.locator('iframe.file-shown').waitFor({ state: 'detached' })
}

const undo = async (page) => page.locator('[data-undo]').last().click()
const planned = (page, text) => page.locator('.activities li', { hasText: text })

/** One is changed, and given up; both are taken back. */
async function activities(page, mark) {
  await page.locator('[data-together=plan]').click()
  await page.locator('[data-plan] input').first().fill('Call')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-plan] input[name=summary]').fill(`First ${mark}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await planned(page, `First ${mark}`).locator('[data-activity=edit]').click()
  const summary = page.locator('[data-plan] input[name=summary]')
  must((await summary.inputValue()) === `First ${mark}`, 'what is planned stands in the boxes')
  await summary.fill(`Second ${mark}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await planned(page, `Second ${mark}`).waitFor()
  await undo(page)
  await planned(page, `First ${mark}`).locator('[data-activity=cancel]').click()
  await planned(page, `First ${mark}`).waitFor({ state: 'detached' })
  await undo(page)
  await planned(page, `First ${mark}`).waitFor()
}

/** A plan is begun from the pane, about the order that is open. */
async function beginPlan(page, id, mark, lang) {
  const types = await ask(page, 'GET', '/activity_type?fields=id,code')
  const type = (code) => types.rows.find((one) => one.code === code).id
  const made = await ask(page, 'POST', '/activity_plan', { name: `After sale ${mark}`, for_entity: 'sales_order', steps: [{ activity_type: type('call'), summary: `Thank ${mark}`, offset_days: 0 }, { activity_type: type('visit'), summary: `Visit ${mark}`, offset_days: 30, responsible: 'owner' }] })
  await page.locator('[data-together=begin]').click()
  await page.locator('[data-begin] input').first().fill(mark)
  await page.locator('.pop .pop-option[role=option]', { hasText: mark }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.plan-steps li').nth(1).waitFor()
  await look(page, `together-begin-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await planned(page, `Thank ${mark}`).waitFor()
  await planned(page, `Visit ${mark}`).waitFor()
  await undo(page)
  await planned(page, `Visit ${mark}`).waitFor({ state: 'detached' })
  return { id: made.record.id, order: id }
}

/** One's own note is changed and deleted, and brought back; who follows is told by name. */
async function notes(page, id, mark, lang) {
  await ask(page, 'POST', `/sales_order/${id}/note`, { text: `Blue ${mark}`, kind: 'log' })
  await page.reload()
  const note = (text) => page.locator('.timeline li.note', { hasText: text })
  await note(`Blue ${mark}`).hover()
  await note(`Blue ${mark}`).locator('[data-note=edit]').click()
  await page.locator('[data-note-edit] textarea').fill(`Red ${mark}`)
  await page.keyboard.press('Control+Enter')
  await note(`Red ${mark}`).waitFor()
  await note(`Red ${mark}`).hover()
  await note(`Red ${mark}`).locator('[data-note=remove]').click()
  await note(`Red ${mark}`).waitFor({ state: 'detached' })
  await undo(page)
  await note(`Red ${mark}`).waitFor()
  await page.locator('[data-together=followers]').click()
  await page.locator('.followers li', { hasText: 'Zhou Min' }).waitFor()
  // A colleague is had to follow, by name and keys; not one who may not see it: of two who sell, the one whose it is not.
  const { record } = await ask(page, 'GET', `/sales_order/${id}`)
  const stranger = record.owner.label.includes('Anna Berg') ? 'Chen Jing' : 'Anna Berg'
  const add = async (name) => {
    await page.locator('[data-together=add-follower] input').fill(name)
    await page.locator('.ant-select-item-option', { hasText: 'Liu Yang' }).waitFor({ state: 'detached' })
    await page.locator('.ant-select-item-option-active', { hasText: name }).waitFor()
    await page.locator('[data-together=add-follower] input').press('Enter')
  }
  await add(stranger)
  await page.locator('.ant-message-error').waitFor()
  must((await page.locator('.followers li', { hasText: stranger }).count()) === 0, 'who may not see it does not follow it')
  // Both languages are at the same order.
  const colleague = lang === 'zh' ? 'Emma Stone' : 'Wang Li'
  await add(colleague)
  await page.locator('.followers li', { hasText: colleague }).waitFor()
  await look(page, `together-followers-${page.viewportSize().width}`)
  await page.keyboard.press('Escape')
  await page.locator('.followers').waitFor({ state: 'hidden' })
}

/** Changes fold; notes and changes can be looked at alone; older ones are asked for. */
async function parts(page, id, mark) {
  for (const text of ['1', '2', '3']) {
    const { record } = await ask(page, 'GET', `/sales_order/${id}`)
    await ask(page, 'PATCH', `/sales_order/${id}`, { version: record.version, customer_reference: `${mark}-${text}` })
  }
  for (let count = 0; count < 31; count += 1) await ask(page, 'POST', `/sales_order/${id}/note`, { text: `Talk ${mark} ${count}`, kind: 'log' })
  await page.reload()
  const items = page.locator('.timeline > ul > li')
  await items.first().waitFor()
  must((await items.count()) <= 30, 'a long timeline comes in parts')
  await page.locator('[data-timeline-older]').click()
  const folded = page.locator('.timeline li.folded').first()
  await folded.waitFor()
  const before = await folded.locator('ul > li').count()
  await folded.locator('[data-fold]').click()
  must(before === 0 && (await folded.locator('ul > li').count()) >= 3, 'changes that follow each other stand in one line that opens')
  await page.locator('[data-timeline=changes]').click()
  await page.locator('.timeline .change', { hasText: `${mark}-3` }).first().waitFor()
  must((await page.locator('.timeline > ul > li.note').count()) === 0, 'changes alone are shown')
  await page.locator('[data-timeline=note]').click()
  await page.locator('.timeline > ul > li.note').first().waitFor()
  must((await page.locator('.timeline .change').count()) === 0, 'notes alone are shown')
  await page.locator('[data-timeline=all]').click()
}

/** From their own pages: a new activity names its record, and so does a plan that is begun. */
async function elsewhere(page, id, plan, mark) {
  const number = (await ask(page, 'GET', `/sales_order/${id}`)).record.number
  const boxes = () => page.locator('[data-field=about_doc] input')
  const kind = await page.evaluate(async () => (await (await fetch('/api/meta')).json()).entities.sales_order.label[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'])
  await page.goto('/activity/new')
  await boxes().first().fill(kind)
  await page.locator('.pop .pop-option[role=option]', { hasText: kind }).first().waitFor()
  await page.keyboard.press('Enter')
  await boxes().nth(1).fill(number)
  await page.locator('.pop .pop-option[role=option]', { hasText: number }).waitFor()
  await page.keyboard.press('Enter')
  await choose(page, 'activity_type', 'Call')
  await fill(page, 'summary', `Of the list ${mark}`)
  await save(page)
  await field(page, 'about_doc').locator(`a[href="/sales_order/${id}"]`).waitFor()
  must((await field(page, 'about_entity').locator('.field-read').innerText()) === kind, 'the kind of record is told by its name')

  await page.goto(`/activity_plan/${plan.id}`)
  await page.locator('[data-action=launch]').click()
  const dialog = page.locator('.ant-modal')
  must(await dialog.locator('[data-field=about_entity]').count() === 0, 'of what kind the record is follows from it')
  await dialog.locator('[data-field=about_doc] input').nth(1).fill(number)
  await page.locator('.pop .pop-option[role=option]', { hasText: number }).waitFor()
  await page.keyboard.press('Enter')
  const [answer] = await Promise.all([page.waitForResponse((one) => one.url().endsWith('/launch')), dialog.locator('.ant-modal-footer .ant-btn-primary').click()])
  must(answer.ok(), `the plan was begun: ${await answer.text()}`)
  await page.goto(`/sales_order/${id}`)
  await planned(page, `Visit ${mark}`).waitFor()
  await planned(page, `Of the list ${mark}`).waitFor()
}

/** F1 in a box tells what it is for; Escape and F1 again take it away. */
async function help(page, address) {
  await page.goto(address)
  const customer = field(page, 'customer')
  await customer.locator('input').focus()
  await page.keyboard.press('F1')
  await customer.locator('[role=note]').waitFor()
  must((await customer.locator('.help').getAttribute('aria-label')).length > 4, 'the sign has a name')
  await page.keyboard.press('F1')
  await customer.locator('[role=note]').waitFor({ state: 'detached' })
  await page.locator('.lines-table [data-column=qty] input').first().focus()
  await page.keyboard.press('F1')
  await page.locator('.lines-help dd').first().waitFor()
  await page.keyboard.press('F1')
  must((await field(page, 'customer_reference').locator('input').getAttribute('dir')) === 'auto', 'text of any direction can be typed')
}

/** What went wrong is copied with the number of the request. */
async function details(page) {
  await page.goto('/sales_order/so_zzzzz')
  await page.locator('[data-trouble] [data-copy-details]').click()
  const told = await page.evaluate(() => navigator.clipboard.readText())
  must(/request \w{6,}/.test(told) && told.includes('404'), `the details name the request: ${told}`)
}

/** The same on a phone: nothing runs over the edge, and fingers reach all of it. */
async function phone(browser, base, lang, address, plan, mark) {
  const small = await open(browser, base, { lang, width: 375, height: 812 })
  const { page } = small
  page.setDefaultTimeout(20_000)
  await enter(page, 'admin')
  await page.goto(address)
  await field(page, 'customer').locator('.help').tap()
  await field(page, 'customer').locator('[role=note]').waitFor()
  await page.locator('[data-timeline=note]').tap()
  await page.locator('.timeline > ul > li.note [data-note=edit]').first().tap()
  await page.locator('[data-note-edit] textarea').fill(`By phone ${mark}`)
  await page.locator('[data-note-edit] .ant-btn-primary').tap()
  await page.locator('.timeline li.note', { hasText: `By phone ${mark}` }).waitFor()
  await planned(page, `Thank ${mark}`).first().locator('[data-activity=edit]').tap()
  await page.locator('[data-plan] input[name=summary]').waitFor()
  await look(page, `together-phone-edit-${lang}`)
  await page.locator('.ant-modal-close').tap()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
  await page.locator('[data-together=begin]').tap()
  await page.locator('[data-begin] input').first().fill(mark)
  await page.locator('.pop .pop-option[role=option]', { hasText: mark }).tap()
  await page.locator('.plan-steps li').nth(1).waitFor()
  await look(page, `together-phone-${lang}`)
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing runs over the edge')
  await page.locator('.ant-modal-close').tap()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
  must(small.complaints.length === 0, small.complaints.join('\n'))
  await small.context.close()
}
