// The rights of a role in a table: by arrows and the space bar at a desk, by taps on a phone; saved as lines, and typed as words where one likes.
import { ask, enter, look, must, open, save } from '../lib.mjs'

export async function run({ base, lang, context }) {
  for (const [width, height] of [[1440, 900], [375, 812]]) {
    const { page, context: own, complaints } = await open(context.browser(), base, { lang, width, height })
    page.setDefaultTimeout(20_000)
    await enter(page, 'admin')
    const code = `clerk_${lang}_${width}_${Date.now().toString(36)}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[digit])
    const { record } = await ask(page, 'POST', '/role', { code, name: `Clerk ${width}`, grants: [{ subject: 'party', verbs: 'see', row_rule: 'all', hides: 'credit_limit' }, { subject: 'sales_order', verbs: 'see edit', row_rule: 'own' }] })
    const grants = async () => (await ask(page, 'GET', `/role/${record.id}`)).record.grants.map((one) => [one.subject, one.verbs, one.row_rule, one.hides ?? ''].join(' | '))
    await page.goto(`/role/${record.id}`)
    if (width > 768) await desk(page, lang, grants)
    else await phone(page, lang, grants)
    must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing is cut off at ${width} px`)
    await ask(page, 'DELETE', `/role/${record.id}`)
    must(complaints.length === 0, complaints.join())
    await own.close()
  }
}

const cell = (page, subject, verb) => page.locator(`tr[data-subject="${subject}"] [data-cell="${verb}"]`)

async function desk(page, lang, grants) {
  await page.locator('.rights-table').waitFor()
  must(await cell(page, 'party', 'see').evaluate((one) => one.classList.contains('all')), 'what is allowed is marked')
  must(await cell(page, 'sales_order', 'edit').evaluate((one) => one.classList.contains('own')), 'and how far')
  must((await page.locator('.rights-table [data-cell][tabindex="0"]').count()) === 1, 'one stop of the Tab key')
  await look(page, `roles-${lang}-1440`)
  // By keys alone: to the cell on the right, and on.
  await cell(page, 'party', 'see').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  must(await cell(page, 'party', 'add').evaluate((one) => one === document.activeElement && one.classList.contains('all')), 'the space bar allows it')
  await page.keyboard.press('ArrowRight')
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Space')
  must(await cell(page, 'party', 'edit').evaluate((one) => one.classList.contains('own')), 'and again: the team, oneself')
  // Everything may be seen: grey where nothing else was said.
  await cell(page, '*', 'see').click()
  must(await cell(page, 'product', 'see').evaluate((one) => one.classList.contains('through')), 'what another line allows is told')
  await cell(page, '*', 'see').press('Space')
  await cell(page, '*', 'see').press('Space')
  await cell(page, '*', 'see').press('Space')
  must(!(await cell(page, 'product', 'see').evaluate((one) => one.classList.contains('through'))), 'and no more')
  // Actions and fields of one kind.
  await cell(page, 'sales_order', 'more').click()
  const detail = page.locator('#rights-sales_order')
  const choose = async (box, text) => {
    await box.click()
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: text }).first().click()
  }
  await choose(detail.locator('[data-verb=confirm] .ant-select'), lang === 'zh' ? '本人' : 'Own')
  await detail.locator('[data-rights=hides] input').fill(lang === 'zh' ? '毛利' : 'Margin')
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').first().waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await look(page, `roles-open-${lang}-1440`)
  await save(page)
  const kept = await grants()
  must(kept.includes('party | see add | all | credit_limit') && kept.includes('party | edit | own | '), `the lines of parties are kept: ${kept.join('; ')}`)
  must(kept.some((line) => /^sales_order \| see edit confirm \| own \| \S*margin/.test(line)) && kept.length === 3, `those of orders too: ${kept.join('; ')}`)
  // Searching, and only what is allowed.
  await page.locator('.rights-tools input[type=checkbox]').check()
  must((await page.locator('tr[data-subject]').count()) === 2, 'only what is allowed')
  await page.locator('.rights-search input').fill(lang === 'zh' ? '订单' : 'order')
  must((await page.locator('tr[data-subject]').count()) === 1, 'a word finds it')
  // The same as words.
  await page.locator('[data-rights=way] .ant-segmented-item').nth(1).click()
  await page.locator('.lines-block [data-row]').nth(2).waitFor()
}

async function phone(page, lang, grants) {
  const card = (name) => page.locator(`.rights-cards [data-subject="${name}"]`)
  await card('party').locator('.rights-card').click()
  const add = card('party').locator('[data-verb=add] .ant-select')
  await add.click()
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: lang === 'zh' ? '全部' : 'All' }).first().click()
  await look(page, `roles-${lang}-375`)
  await save(page)
  const kept = await grants()
  must(kept.includes('party | see add | all | credit_limit'), `kept: ${kept.join('; ')}`)
}
