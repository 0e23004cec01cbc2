// A list is its address: sorting, filters, columns and the way back; and all that match go out as a file, whatever is shown.
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { ask, enter, look, must } from '../lib.mjs'

export const sizes = ['desk', 'phone']

/** The rows of the first sheet of a workbook, read as any unpacker would. */
function sheetRows(file) {
  for (let at = file.lastIndexOf('PK\x05\x06'), entry = file.readUInt32LE(at + 16); entry < at;) {
    const [packed, name, extra, note, local] = [file.readUInt32LE(entry + 20), file.readUInt16LE(entry + 28), file.readUInt16LE(entry + 30), file.readUInt16LE(entry + 32), file.readUInt32LE(entry + 42)]
    if (file.toString('utf8', entry + 46, entry + 46 + name) === 'xl/worksheets/sheet1.xml') {
      const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
      return inflateRawSync(file.subarray(from, from + packed)).toString().split('<row ').length - 1
    }
    entry += 46 + name + extra + note
  }
  return 0
}

export async function run({ page, lang, phone, size }) {
  const words = lang === 'zh' ? { confirmed: '已确认', condition: '条件', country: '国家', number: '编号', customer: '客户', margin: '毛利', germany: '德国' } : { confirmed: 'Confirmed', condition: 'Condition', country: 'Country', number: 'Number', customer: 'Customer', margin: 'Margin', germany: 'Germany' }
  const first = page.locator('.table .lead, .cards .card').first()
  const chips = page.locator('.search-box .chip')
  const filter = async () => {
    await page.locator('.control .anticon-filter').click()
    await page.locator('.filter-builder').waitFor()
  }
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  await enter(page, 'admin')
  await page.goto('/sales_order')
  await first.waitFor()

  // A filter of one click, and one that is built: orders to another country, found through the customer.
  await filter()
  await page.locator('.chip.pickable', { hasText: words.confirmed }).click()
  await page.waitForURL('**filter=*')
  await chips.first().waitFor()
  await filter()
  await page.locator('.filter-builder .ant-btn', { hasText: words.condition }).first().click()
  await page.locator('.condition .ant-cascader').last().click()
  await page.keyboard.type(words.country)
  await page.locator('.ant-cascader-menu-item', { hasText: words.country }).first().click()
  await page.locator('.condition').last().locator('.condition-value input').fill('DE')
  await page.locator('.ant-select-item-option-active', { hasText: words.germany }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.condition-value .ant-select-selection-item', { hasText: words.germany }).waitFor()
  await page.locator('.ant-select-dropdown:visible').waitFor({ state: 'hidden' })
  await fits('the filter')
  await look(page, `lists-builder-${size}-${lang}`)
  await page.locator('.filter-builder [type=submit]').click()
  await page.waitForFunction(() => document.querySelectorAll('.search-box .chip').length === 2)
  await page.locator('.list-body:not(.stale)').waitFor()
  await first.waitFor()
  const address = page.url()
  const asked = new URL(address).searchParams.get('filter')
  const german = await ask(page, 'GET', `/sales_order?limit=200&filter=${encodeURIComponent(asked)}`)
  must(german.rows.length > 0 && german.rows.every((row) => row.stage === 'confirmed'), `confirmed orders to Germany: ${asked}`)
  must((await page.locator('.table tbody tr[aria-rowindex], .cards .card').count()) === german.rows.length, 'the list shows those the server finds')
  await first.click()
  await page.locator('.form-head h1').waitFor()
  await page.goBack()
  await first.waitFor()
  must(page.url() === address, 'back is where one was')
  await page.locator('.chip-x').first().click()
  await page.locator('.chip-x').first().click()
  await page.waitForFunction(() => document.querySelectorAll('.search-box .chip').length === 0)
  if (!phone) await columns(page, words, size, lang)

  // All that match, not only those that are loaded, go out as they were chosen: in the columns of the list, in its order.
  const wanted = '["stage","=","confirmed"]'
  await page.goto(`/sales_order?sort=number&filter=${encodeURIComponent(wanted)}`)
  await first.waitFor()
  const { count } = await ask(page, 'GET', `/sales_order?count=true&limit=1&filter=${encodeURIComponent(wanted)}`)
  must(count > 80, `more than one page: ${count}`)
  if (phone) {
    await page.locator('[data-select-mode]').click()
    await page.locator('[data-select-all]').click()
  } else await page.locator('thead .pick input').click()
  await page.locator('[data-everything]').click()
  await page.waitForFunction((all) => document.querySelector('.selection b')?.textContent.replace(/\D/g, '') === String(all), count)
  await look(page, `lists-everything-${size}-${lang}`)
  const chosen = async (format) => {
    await page.locator(phone ? '[data-selection-menu]' : '[data-chosen-files]').click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) [data-chosen-file=${format}]`).click()])
    return readFileSync(await file.path())
  }
  const lines = (await chosen('csv')).toString().trim().split(/\r?\n/)
  must(lines.length === count + 1, `the file has all ${count} and its heads, not ${lines.length} lines`)
  must(lines[0].includes(words.number) && lines[0].includes(words.customer), `its heads are those of the list: ${lines[0]}`)
  const numbers = lines.slice(1).map((line) => line.match(/SO-\d{4}-\d+/)?.[0])
  must(numbers.every(Boolean) && numbers.join() === [...numbers].sort().join() && new Set(numbers).size === count, 'every order once, in the order of the list')
  must(sheetRows(await chosen('xlsx')) === count + 1, 'the workbook has as many rows')
  await page.locator(phone ? '[data-select-done]' : '.selection .ant-btn-text').click()

  // Without choosing, the whole list goes out as it is filtered.
  await page.goto(address)
  await first.waitFor()
  await page.locator(phone ? '[data-list-menu]' : '[data-export-open]').click()
  await look(page, `lists-files-${size}-${lang}`)
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.ant-dropdown:not(.ant-dropdown-hidden) [data-export=csv]').click()])
  const out = readFileSync(await file.path(), 'utf8').trim().split(/\r?\n/).slice(1)
  must(out.length === german.rows.length && german.rows.every((row) => out.some((line) => line.includes(row.number))), `the file has what the list shows: ${out.length} of ${german.rows.length}`)

  // Nothing there is an answer as well.
  await page.goto('/sales_order?search=zzzz')
  await page.locator('.empty').waitFor()
  await page.goto('/nowhere')
  await page.locator('.empty').waitFor()
  await page.goto('/sales_order/so_zzzzz')
  await page.locator('.empty').waitFor()
  await fits('what is not there')
  await look(page, `lists-lost-${size}-${lang}`)
}

/** Sorted by a head; one more column, remembered. */
async function columns(page, words, size, lang) {
  await page.locator('th[data-column="total"] button').first().click()
  await page.waitForURL('**sort=total')
  await page.locator('.control .anticon-setting').click()
  await page.locator('.column-picker .ant-checkbox-wrapper', { hasText: words.margin }).click()
  const margin = page.locator('th', { hasText: words.margin })
  await margin.waitFor()
  await look(page, `lists-columns-${size}-${lang}`)
  await page.reload()
  await margin.waitFor()
}
