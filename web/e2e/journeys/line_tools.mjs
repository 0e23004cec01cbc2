// Lines by the block, by the copy and from the catalogue; letters of buttons, and dialogs confirmed by the keyboard.
import { choose, enter, field, look, must } from '../lib.mjs'

const rows = (page) => page.locator('.lines-table tbody[data-row]')
const value = (page, at, column) => rows(page).nth(at).locator(`td[data-column="${column}"] input`).inputValue()

async function paste(page, text) {
  await page.evaluate((block) => {
    const data = new DataTransfer()
    data.setData('text/plain', block)
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

export async function run({ page, lang }) {
  await enter(page, 'admin')
  await page.goto('/sales_order/new')
  await field(page, 'customer').waitFor()
  await choose(page, 'customer', 'Hangzhou')

  // A block with names in its first row, one cell of which nobody understands.
  await rows(page).first().locator('td[data-column="product"] input').click()
  await paste(page, `${lang === 'zh' ? '数量\t产品\t折扣' : 'Qty\tProduct\tDiscount'}\r\n3\tAC-BELL\t5\r\nmany\tAC-HELM\t0\r\n12\tAC-LOCK\t\r\n`)
  await rows(page).nth(2).waitFor()
  must((await value(page, 0, 'product')).startsWith('AC-BELL') && (await value(page, 2, 'product')).startsWith('AC-LOCK'), 'each line has its product')
  must(Number(await value(page, 0, 'qty')) === 3 && Number(await value(page, 2, 'qty')) === 12, 'and its quantity')
  const told = rows(page).nth(1).locator('.line-remarks', { hasText: 'many' })
  await told.waitFor()
  must((await page.locator('.line-remarks .hint.bad').count()) === 1, 'only the cell that is not understood is told')
  await look(page, `lines-pasted-${lang}`)
  await rows(page).nth(1).locator('td[data-column="qty"] input').fill('7')
  await told.waitFor({ state: 'detached' })

  // The line again, below, and moved up, by keys.
  await rows(page).nth(2).locator('td[data-column="qty"] input').click()
  await page.keyboard.press('Control+d')
  await rows(page).nth(3).waitFor()
  must((await value(page, 3, 'product')).startsWith('AC-LOCK') && Number(await value(page, 3, 'qty')) === 12, 'the copy says the same')
  await page.keyboard.type('1')
  await page.keyboard.press('Control+ArrowUp')
  await page.waitForFunction(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') === '4')
  must(Number(await value(page, 2, 'qty')) === 1, 'it moved up with what was typed')

  // From the catalogue: two at once, one of which is there already.
  await page.locator('[data-catalogue-open]').click()
  const list = page.locator('[data-catalogue]')
  const option = (code) => list.locator(`li[data-option^="${code}"]`)
  await option('AC-BELL').locator('button').last().click()
  await option('AC-PUMP').locator('input').fill('4')
  await look(page, `catalogue-${lang}`)
  await page.keyboard.press('Control+Enter')
  await list.waitFor({ state: 'hidden' })
  await page.waitForFunction(() => [...document.querySelectorAll('td[data-column="product"] input')].some((box) => box.value.startsWith('AC-PUMP')))
  must(Number(await value(page, 0, 'qty')) === 4, 'of what was there it is one more')

  // Letters: Alt shows them, and Alt with one presses its button, also while one types.
  await page.keyboard.press('Alt+s')
  await page.waitForURL((url) => /\/sales_order\/so_/.test(url.pathname))
  await page.locator('[data-action="confirm"]').waitFor()
  const { lines } = await page.evaluate(async (path) => (await (await fetch(`/api${path}`)).json()).record, new URL(page.url()).pathname)
  must(lines.map((one) => Number(one.qty)).join() === '4,7,1,12,4', `what stands there is saved: ${lines.map((one) => Number(one.qty)).join()}`)
  await page.keyboard.down('Alt')
  await page.locator('.alt-letter').first().waitFor()
  const letters = await page.locator('.alt-letter').allInnerTexts()
  must(letters.length > 3 && new Set(letters).size === letters.length, `each button has its own letter: ${letters.join()}`)
  await look(page, `letters-${lang}`)
  await page.keyboard.up('Alt')
  await page.locator('.alt-letter').first().waitFor({ state: 'detached' })
  await page.evaluate(() => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'o', code: 'KeyO', altKey: true, bubbles: true, cancelable: true, isComposing: true })))
  must((await page.locator('.stages li.now').getAttribute('data-stage')) === 'draft', 'nothing is pressed while a word is being composed')
  await page.keyboard.press('Alt+x')
  await page.locator('.ant-dropdown:not(.ant-dropdown-hidden)').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.ant-dropdown:not(.ant-dropdown-hidden)').waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+o')
  await page.locator('.stages li.now[data-stage="confirmed"]').waitFor()

  await page.keyboard.press('Alt+1')
  await page.waitForURL((url) => !url.pathname.startsWith('/sales_order/so_'))

  // On a phone the catalogue makes lines as well.
  await page.setViewportSize({ width: 375, height: 812 })
  await page.goto('/sales_order/new')
  await page.locator('[data-catalogue-open]').click()
  await option('AC-PUMP').locator('button').last().click()
  await look(page, `catalogue-phone-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.waitForFunction(() => [...document.querySelectorAll('.line-card input')].some((box) => box.value.startsWith('AC-PUMP')))
  await look(page, `lines-phone-${lang}`)
  must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out on a phone')
}
