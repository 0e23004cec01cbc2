// A list on a phone: its cards are sorted, chosen by a held finger or in a row, and worked on as the rows of a table are.
import { ask, enter, look, must } from '../lib.mjs'

export const sizes = ['phone']

export async function run({ page, lang }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  const card = (id) => page.locator(`[data-card="${id}"]`)
  const order = () => page.locator('[data-card]').evaluateAll((all) => all.map((one) => one.dataset.card))
  const picked = () => page.locator('.card.picked').count()
  const touch = await page.context().newCDPSession(page)
  const hold = async (target) => {
    const box = await target.boundingBox()
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: box.x + 40, y: box.y + 20 }] })
    await page.locator('.selection').waitFor()
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  await enter(page, 'admin')
  const mark = `Card${Date.now().toString(36)}`
  const made = []
  for (const letter of ['A', 'B', 'C', 'D']) made.push((await ask(page, 'POST', '/party', { name: `${mark} ${letter}`, code: `${mark}${letter}`.toUpperCase(), phone: `0571 ${letter.charCodeAt(0)}`, is_customer: true })).record.id)

  // Sorted without heads to click; one more to sort by; and as usual again.
  await page.goto(`/party?search=${mark}`)
  await card(made[3]).waitFor()
  await page.locator('[data-sort]').click()
  await page.locator('[data-sort-by=name]').click()
  await page.waitForURL(/sort=name/)
  await page.locator('[data-sort-by=name]').click()
  await page.waitForURL(/sort=-name/)
  await page.waitForFunction(([first]) => document.querySelector('[data-card]')?.dataset.card === first, [made[3]])
  must((await order()).join() === [...made].reverse().join(), 'the last name first')
  await page.locator('[data-sort-then=code]').click()
  await page.waitForURL(/sort=-name%2Ccode/)
  must((await page.locator('[data-sort-by][aria-pressed=true]').count()) === 2, 'two are sorted by')
  await fits('the order')
  await look(page, `list-phone-sort-${lang}`)
  await page.locator('[data-sort-usual]').click()
  await page.waitForFunction(() => !location.search.includes('sort='))
  await page.keyboard.press('Escape')

  // A finger that scrolls does not choose; one that rests does, and the card stays closed.
  await hold(card(made[0]))
  must((await picked()) === 1 && new URL(page.url()).pathname === '/party', 'a held card is chosen, not opened')
  await card(made[1]).tap()
  await page.waitForFunction(() => document.querySelectorAll('.card.picked').length === 2)
  must((await page.getByRole('checkbox', { name: `${mark} B` }).isChecked()), 'who cannot see hears which one is chosen')
  await page.getByRole('checkbox', { name: `${mark} B` }).uncheck()
  must((await picked()) === 1, 'and can put it back')
  await page.getByRole('checkbox', { name: `${mark} B` }).check()
  await fits('the selection')
  await look(page, `list-phone-selected-${lang}`)

  // The same work as in the table, with its way back.
  await page.locator('[data-selection-menu]').click()
  await look(page, `list-phone-menu-${lang}`)
  await page.locator('[data-mass-action=delete]').click()
  await page.locator('.ant-modal .hint.good').waitFor()
  await fits('the question')
  await look(page, `list-phone-mass-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-job-over="done"]').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 2)
  must((await page.locator('.selection').count()) === 0, 'what was done is chosen no more')
  await page.locator('[data-job-over="done"] [data-undo]').click()
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 4)

  // By the button: all that are shown, and none again.
  await page.locator('[data-select-mode]').click()
  must((await picked()) === 0 && (await page.locator('[data-selection-menu]').isDisabled()), 'nobody is chosen yet')
  await page.locator('[data-select-all]').click()
  must((await picked()) === 4, 'all that are shown')
  await page.locator('[data-select-done]').click()
  await page.locator('.card-pick').first().waitFor({ state: 'detached' })
  await card(made[0]).locator('a').tap()
  await page.waitForURL(/\/party\/pa_/)

  // Board, calendar and timeline are sorted by the same control, and keep it among them.
  await page.goto('/sales_order?look=board')
  await page.locator('.lane .card').first().waitFor()
  await page.locator('[data-sort]').click()
  await page.locator('[data-sort-by=total]').click()
  await page.waitForURL(/sort=total/)
  await page.keyboard.press('Escape')
  for (const face of ['calendar', 'timeline']) {
    await page.locator('[data-looks]').click()
    await page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) [data-look=${face}]`).click()
    await page.waitForURL((url) => url.searchParams.get('look') === face && url.searchParams.get('sort') === 'total')
    await page.locator('[data-sort].on').waitFor()
    await fits(face)
    await look(page, `list-phone-${face}-${lang}`)
  }
  for (const id of made) await ask(page, 'DELETE', `/party/${id}`)
}
