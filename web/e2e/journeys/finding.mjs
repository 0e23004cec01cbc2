// Found again: what was opened lately, people, words with a slip in them, in another tab; and the keys shown while Alt is held.
import { enter, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, context, lang, phone, size }) {
  await enter(page, 'admin')
  await page.goto('/party?sort=code')
  await page.locator('.table .lead, .cards .card').first().click()
  await page.locator('.form-head h1').waitFor()
  const palette = async (text) => {
    if (phone) await page.locator('.bottom button').first().click()
    else await page.keyboard.press('Control+k')
    await page.locator('.palette input').waitFor()
    if (text) await page.keyboard.type(text)
  }
  const entry = (text) => page.locator('.palette-entry', { hasText: text }).first()

  if (!phone) await copying(page, context)

  // Above a list, too, where it is told; what is found as it is written is told nothing of.
  await page.goto('/sales_order')
  await page.locator('.table .lead, .cards .card').first().waitFor()
  const box = page.locator('.search-box > input')
  await box.fill('bleu wheel')
  await page.locator('[data-near]', { hasText: 'bleu wheel' }).waitFor()
  await page.locator('.table tbody tr[aria-rowindex], .cards .card', { hasText: 'Blue Wheel' }).first().waitFor()
  await look(page, `finding-near-${size}-${lang}`)
  await page.locator('[data-look=board], [data-looks]').first().click()
  if (phone) await page.locator('[data-look=board]').click()
  await page.locator('.lane .card', { hasText: 'Blue Wheel' }).first().waitFor()
  must((await page.locator('[data-near]').count()) === 1, 'the board tells it, too')
  await page.goto('/sales_order?search=blue%20wheel')
  await page.locator('.table tbody tr[aria-rowindex], .cards .card', { hasText: 'Blue Wheel' }).first().waitFor()
  must((await page.locator('[data-near]').count()) === 0, 'there is one of that name')

  // A slip of the fingers is forgiven, in names and in actions.
  await palette('hangzuo')
  await entry('Hangzhou').waitFor()
  await look(page, `finding-slip-${size}-${lang}`)
  await page.keyboard.press('Escape')
  if (lang === 'en') {
    await palette('slaes ordres')
    await entry('Sales orders').waitFor()
    await page.keyboard.press('Escape')
  }
  // A character that sounds alike, and what one wants to make, in words.
  await palette('航州')
  await entry('杭州').waitFor()
  await page.keyboard.press('Escape')
  await palette(lang === 'zh' ? '新建发票' : 'new invoice')
  await entry(lang === 'zh' ? '发票' : 'Invoice').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/invoice/new*')
  await page.locator('.form-head h1').waitFor()
  // Pinyin and initials.
  await palette('hzqx')
  await entry('杭州').waitFor()
  await page.keyboard.press('Escape')
  // People only.
  await palette('@chen')
  await entry('Chen Jing').waitFor()
  const [tab] = await Promise.all([context.waitForEvent('page'), page.keyboard.press('Control+Enter')])
  await tab.waitForURL(/\/(user|party)\//)
  await tab.close()

  // The manual, by its headings and words.
  await palette(lang === 'zh' ? '?看板' : '?board')
  await page.locator('.palette-entry').first().waitFor()
  await look(page, `finding-manual-${size}-${lang}`)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/manual/**')
  await page.locator('.manual article h1').first().waitFor()

  // In a field: the whole list where twenty are not enough, and a new record by its name.
  await page.goto('/sales_order/new')
  const customer = page.locator('[data-field="customer"]')
  await customer.locator('input').fill('o')
  await page.locator('[data-foot=more]').click()
  await page.locator('[data-search-more] input').fill('london')
  await page.locator('[data-search-more] tbody tr', { hasText: 'London' }).first().waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[data-search-more] tbody tr').length === 1)
  await look(page, `finding-more-${size}-${lang}`)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /London/.test(document.querySelector('[data-field="customer"] input')?.value ?? ''))
  await page.keyboard.press('Escape')
  await page.goto('/product/new')
  const category = `Kind ${lang} ${Date.now() % 100000}`
  await page.locator('[data-field="category"] input').first().fill(category)
  await page.locator('[data-foot=create]').click()
  await page.waitForFunction((name) => document.querySelector('[data-field="category"] input')?.value === name, category)

  // A customer is made where a quotation asks for one, by the arrow keys alone, and no other tab opens.
  await page.goto('/quotation/new')
  const name = `Customer ${lang} ${size} ${Date.now() % 100000}`
  const asking = page.locator('[data-field="customer"] input').first()
  await asking.fill(name)
  await page.locator('.pop-note').waitFor()
  await asking.press('ArrowDown')
  await page.locator('[data-foot=create].on').waitFor()
  const [made] = await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST' && new URL(answer.url()).pathname === '/api/party'), asking.press('Enter')])
  must(made.status() === 201 && (await made.json()).record.is_customer === true, 'it is made as a customer')
  await page.waitForFunction((text) => document.querySelector('[data-field="customer"] input')?.value === text, name)
  await asking.fill(`${name} 2`)
  await page.locator('.pop-note').waitFor()
  await asking.press('ArrowDown')
  await asking.press('ArrowDown')
  await asking.press('Enter')
  await page.locator('[data-make=party] [data-field=phone] input').fill('0571 1234')
  await look(page, `finding-make-${size}-${lang}`)
  await page.keyboard.press('Control+s')
  await page.waitForFunction((text) => document.querySelector('[data-field="customer"] input')?.value === text, `${name} 2`)
  must(page.context().pages().length === 1, 'all on the same page')

  if (!phone) await hints(page, lang)
  await facets(page, lang, size)
}

/** One dot copies the number, two the title with it, three the link. */
async function copying(page, context) {
  const name = (await page.locator('.form-head h1').innerText()).trim()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('.')
  await page.waitForFunction(async (words) => (await navigator.clipboard.readText()) === words, name)
  await page.waitForTimeout(1100)
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('.')
  await page.waitForFunction(async (path) => (await navigator.clipboard.readText()).endsWith(path), new URL(page.url()).pathname)
  must((await page.evaluate(() => navigator.clipboard.readText())).includes(name), 'the link is copied with the name')
}

/** Alt held: the keys of this page. */
async function hints(page, lang) {
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.down('Alt')
  await page.locator('.alt-hints').waitFor()
  await look(page, `finding-alt-${lang}`)
  await page.keyboard.up('Alt')
  await page.locator('.alt-hints').waitFor({ state: 'detached' })
}

/** The search box offers conditions while one types: of one field they widen, of different fields they narrow. */
async function facets(page, lang, size) {
  const [confirmed, draft, month] = lang === 'zh' ? ['已确认', '草稿', '本月'] : ['Confirmed', 'Draft', 'This month']
  await page.goto('/sales_order')
  const input = page.locator('.search-box input')
  const chips = page.locator('.search-box .chip')
  const option = (text) => page.locator('.pop [role=option]', { hasText: text }).first()
  const count = (wanted) => page.waitForFunction((many) => document.querySelectorAll('.search-box .chip').length === many, wanted)
  const filter = () => JSON.parse(new URL(page.url()).searchParams.get('filter') ?? 'null')
  await input.fill(confirmed)
  await option(confirmed).waitFor()
  // What an input method is still composing is not taken.
  await input.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
  await option(confirmed).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('.pop [role=option][aria-selected=true]', { hasText: confirmed }).waitFor()
  await page.keyboard.press('Enter')
  await count(1)
  must((await input.inputValue()) === '', 'what became a facet is no longer searched')
  await input.fill(draft)
  await page.locator('.pop [role=option]').nth(1).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForFunction((words) => document.querySelector('.search-box .chip')?.textContent.includes(words), draft)
  must(JSON.stringify(filter()) === '["stage","in",["confirmed","draft"]]', `choices of one field widen, not ${JSON.stringify(filter())}`)
  // A record, asked of the server; taken with the pointer.
  await input.fill('london')
  await option('London').waitFor()
  await page.locator('.list-body:not(.stale)').waitFor()
  await look(page, `finding-facets-${size}-${lang}`)
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'suggestions fit the screen')
  await page.locator('.pop [role=option] b', { hasText: 'London' }).filter({ hasNotText: /^london$/ }).first().click()
  await count(2)
  await page.waitForFunction(() => [...document.querySelectorAll('.search-box .chip')].at(-1).textContent.includes('London'))
  await input.fill(month)
  await page.locator('.pop [role=option] b', { hasText: month }).first().click()
  await count(3)
  await input.fill('≥ 500')
  await page.locator('.pop [role=option]').nth(1).click()
  await count(4)
  const [join, ...parts] = filter()
  must(join === 'and' && parts[1][0] === 'customer' && parts[2][2] === 'this_month' && parts[3][1] === '>=' && parts[3][2] === '500', `fields narrow, not ${JSON.stringify(parts)}`)
  await page.waitForTimeout(400)
  must((await chips.count()) === 4, 'what was taken stays')
  for (const left of [3, 2, 1]) {
    await input.press('Backspace')
    await count(left)
  }
  await chips.first().locator('.chip-x').click()
  await count(0)
}
