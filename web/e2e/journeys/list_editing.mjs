// A list is worked in like a sheet: columns by hand, totals below, cells typed in by the keyboard, many at once, and the way back.
// On a phone, where there is no sheet, many are changed at once by the menu.
import { ask, enter, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

const text = (page, row, column) => page.locator(`#cell-${row}-${column}`).innerText()

export async function run({ page, lang, phone, size }) {
  await enter(page, 'admin')
  await (phone ? cards : sheet)(page, lang)

  // Deleted, and brought back from the snack bar and from the bin.
  const code = `G${Date.now()}`
  const made = await ask(page, 'POST', '/party', { code, name: `Gone ${code}`, is_customer: true })
  const lost = `/party/${made.record.id}`
  await page.goto(lost)
  await page.locator('.form-head h1').waitFor()
  const remove = async () => {
    await page.locator('.actions .anticon-more').click()
    await page.locator('.ant-dropdown-menu-item[data-menu-id$="-remove"]').click()
    await page.locator('.ant-modal-confirm .ant-btn-dangerous').click()
    await page.locator('[data-undo]').last().waitFor()
  }
  await remove()
  const back = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.ok())
  await page.locator('[data-undo]').last().click()
  await back
  await page.goto(lost)
  await page.locator('.form-head h1').waitFor()
  await remove()
  await page.goto('/party')
  if (phone) await page.locator('[data-list-menu]').click()
  await page.locator('[data-bin-open]').click()
  await page.locator(`[data-bin="${lost.split('/')[2]}"]`).waitFor()
  await look(page, `list-bin-${size}-${lang}`)
  await page.locator(`[data-bin="${lost.split('/')[2]}"] button`).click()
  await page.waitForFunction((id) => !document.querySelector(`[data-bin="${id}"]`), lost.split('/')[2])
  await page.keyboard.press('Escape')
  await page.goto(lost)
  await page.locator('.form-head h1').waitFor()

  // Nothing matches: the condition that keeps most away is named.
  await page.goto(`/party?search=zzzzqq&filter=${encodeURIComponent('["is_customer","=",true]')}`)
  await page.locator('[data-remove-most]').waitFor()
  await look(page, `list-no-match-${size}-${lang}`)
  await page.locator('[data-remove-most]').click()
  await page.locator(phone ? '.cards .card' : '.table .lead').first().waitFor()
}

async function sheet(page, lang) {
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().waitFor()

  // Columns: hide, move, total, more than one sort; remembered after a reload.
  const heads = () => page.locator('thead th[data-column]').evaluateAll((all) => all.map((one) => one.dataset.column))
  const before = await heads()
  const menu = async (path, key) => {
    await page.locator(`th[data-column="${path}"]`).hover()
    await page.locator(`[data-column-menu="${path}"]`).click()
    await page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) [data-menu-id$="-${key}"]`).first().click()
  }
  const second = before[1]
  await menu(second, 'right')
  must((await heads())[2] === second, 'a column moves right')
  await menu(second, 'left')
  await menu(before[0], 'total')
  await page.locator('.ant-dropdown-menu-submenu-popup:not(.ant-dropdown-menu-submenu-hidden) [data-menu-id$="-total-filled"]').click()
  const total = page.locator(`tfoot [data-total="${before[0]}"] .total-value`)
  await total.waitFor()
  const count = Number((await page.locator('.page-head .num').innerText()).replace(/\D/g, ''))
  must(Number((await total.innerText()).replace(/\D/g, '')) === count, 'the foot counts all that matches')
  await page.locator(`th[data-column="${second}"] button`).first().click({ modifiers: ['Shift'] })
  await page.waitForURL(/sort=code%2C/)
  must((await page.locator('thead sup').count()) === 2, 'two sorts are numbered')
  // Kept with the server: a device that knows nothing of it shows the same.
  await page.waitForFunction(async (path) => (await (await fetch('/api/saved_view?limit=200')).json()).rows.some((row) => row.entity === 'columns' && row.name === 'party' && row.query.totals[path] === 'filled'), before[0])
  await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('heyi.columns')).forEach((key) => localStorage.removeItem(key)))
  await page.reload()
  await total.waitFor()
  await look(page, `list-totals-${lang}`)
  await menu(before[0], 'total')
  await page.locator('.ant-dropdown-menu-submenu-popup:not(.ant-dropdown-menu-submenu-hidden) [data-menu-id$="-total-none"]').click()
  await total.waitFor({ state: 'detached' })

  // Typing in cells.
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('Alt+e')
  await page.locator('.table-scroll.typing').waitFor()
  const column = (await heads()).indexOf('phone')
  must(column > 0, 'the list shows the phone')
  const old = await text(page, 0, column)
  await page.locator(`#cell-0-${column}`).click()
  await page.locator('[data-typing] input').fill('0571 1111')
  await page.keyboard.press('Enter')
  // Down in the same column, and the row above is saved.
  await page.locator(`tr[aria-rowindex="2"] [data-typing] input`).waitFor()
  await page.waitForFunction(([at]) => document.querySelector(`#cell-0-${at}`)?.textContent === '0571 1111' && !document.querySelector('tr[aria-rowindex="1"].dirty'), [column])
  // Esc takes the row back.
  await page.locator('[data-typing] input').fill('nonsense')
  await page.keyboard.press('Escape')
  must((await text(page, 1, column)) !== 'nonsense', 'Esc takes the row back')
  // What is refused stays, in red, and the row is not left.
  await page.keyboard.press('F2')
  await page.locator('[data-typing] input').fill('no phone at all')
  await page.keyboard.press('Enter')
  await page.locator('tr[aria-rowindex="2"].wrong').waitFor()
  await page.locator('[data-typing] input').waitFor()
  await look(page, `list-refused-${lang}`)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => !document.querySelector('tr.wrong'))
  // The first is taken back from the snack bar, still offered after the refusal was told away.
  await page.locator(`#cell-0-${column}`).click()
  await page.locator('[data-typing] input').fill(old || '0571 2222')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')

  // IME: Enter while composing takes the word, not the row.
  await page.locator(`#cell-0-${column}`).click()
  const input = page.locator('[data-typing] input')
  await input.fill('123')
  await input.evaluate((box) => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true, bubbles: true, cancelable: true })))
  must((await page.locator('tr[aria-rowindex="1"] [data-typing]').count()) === 1, 'Enter of an input method stays in the cell')
  await page.keyboard.press('Escape')

  // Selecting with Shift and arrows, then one value for all of them.
  await page.locator('.table-scroll').focus()
  for (let at = 0; at < 4; at += 1) await page.keyboard.press('Shift+ArrowDown')
  await page.locator('.selection').waitFor()
  const chosen = await page.locator('tr[aria-selected="true"]').count()
  must(chosen >= 4, `Shift and arrows select, ${chosen} were`)
  const at = Number(await page.locator('tr[aria-selected="true"]').nth(1).getAttribute('aria-rowindex')) - 1
  await page.locator(`#cell-${at}-${column}`).click()
  await page.locator('[data-typing] input').fill('0571 9999')
  await page.keyboard.press('Enter')
  await page.locator('.ant-modal .hint').waitFor()
  await look(page, `list-many-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-job-over="done"]').waitFor()
  await page.waitForFunction(([wanted]) => [...document.querySelectorAll('td')].filter((cell) => cell.textContent === '0571 9999').length === wanted, [chosen])
  await page.locator('[data-job-over="done"] [data-undo]').click()
  await page.waitForFunction(() => [...document.querySelectorAll('td')].every((cell) => cell.textContent !== '0571 9999'))

  // A new row from the end of the list; what it lacks is said at its cell.
  await page.goto('/unit')
  await page.locator('.table .lead').first().waitFor()
  await page.keyboard.press('Alt+e')
  await page.locator('[data-add-row]').click()
  await page.locator('tr.new [data-typing] input').waitFor()
  const name = `Crate ${lang} ${Date.now() % 100000}`
  await page.keyboard.type(name)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(400)
  await look(page, `list-new-row-${lang}`)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Alt+e')

  // Beside the list.
  await page.goto('/party?sort=code')
  await page.locator('.table .lead').first().waitFor()
  await page.locator('[data-beside-mode]').click()
  await page.locator('.table .lead').nth(2).click()
  await page.locator('.panel .form-head h1').waitFor()
  must(/open=pa_/.test(page.url()), 'the address has the open record')
  await page.keyboard.press('Alt+n')
  await page.locator('tr.open[aria-rowindex="4"]').waitFor()
  await look(page, `list-beside-${lang}`)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => !document.querySelector('.panel'))
  await page.locator('[data-beside-mode]').click()

  // Three densities.
  for (const [density, px] of [['compact', 28], ['relaxed', 42], ['normal', 34]]) {
    await page.evaluate((one) => localStorage.setItem('heyi.density', JSON.stringify(one)), density)
    await page.reload()
    await page.locator('.table .lead').first().waitFor()
    const height = await page.locator('tbody tr[aria-rowindex="2"]').evaluate((row) => row.getBoundingClientRect().height)
    must(Math.abs(height - px) < 1, `${density} rows are ${px} px high, not ${height}`)
  }
}

/** On a phone: chosen by the button, one value for all of them by the menu, and the way back. */
async function cards(page, lang) {
  const mark = `Many${Date.now().toString(36)}`
  const made = []
  for (const letter of ['A', 'B', 'C']) made.push((await ask(page, 'POST', '/party', { name: `${mark} ${letter}`, code: `${mark}${letter}`.toUpperCase(), phone: '0571 1', is_customer: true })).record.id)
  const phones = async () => (await ask(page, 'GET', `/party?search=${mark}&fields=phone`)).rows.map((row) => row.phone).join()
  await page.goto(`/party?search=${mark}`)
  await page.locator('.cards .card').nth(2).waitFor()
  await page.locator('[data-select-mode]').click()
  await page.locator('[data-select-all]').click()
  await page.locator('[data-selection-menu]').click()
  await page.locator('[data-mass-action=change]').click()
  await page.locator('.ant-modal .ant-cascader').click()
  await page.keyboard.type(lang === 'zh' ? '电话' : 'Phone')
  await page.locator('.ant-cascader-menu-item', { hasText: lang === 'zh' ? /^电话$/ : /^Phone$/ }).click()
  await page.locator('[data-mass] input').last().fill('0571 9999')
  await page.locator('.ant-modal .hint.good').waitFor()
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the question fits the screen')
  await look(page, `list-many-phone-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-job-over="done"]').waitFor()
  must((await phones()) === '0571 9999,0571 9999,0571 9999', 'all of them have it')
  await page.locator('[data-job-over="done"] [data-undo]').click()
  // The way back is work in the background as well.
  for (let tries = 0; tries < 40 && (await phones()).includes('9999'); tries += 1) await page.waitForTimeout(150)
  must((await phones()) === '0571 1,0571 1,0571 1', 'all of them have what they had')
  for (const id of made) await ask(page, 'DELETE', `/party/${id}`)
}
