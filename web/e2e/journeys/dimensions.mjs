// What an entry is about besides its account: a value is typed, another is added, one is split; the report tells what stands where.
import { ask, enter, look, must } from '../lib.mjs'

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const { rows: axes } = await ask(page, 'GET', '/dimension?limit=1')
  const accounts = await ask(page, 'GET', `/account?limit=2&filter=${encodeURIComponent('["and",["kind","=","expense"],["is_group","=",false],["used_for","=","none"]]')}`)
  const bank = await ask(page, 'GET', `/account?limit=1&filter=${encodeURIComponent('["used_for","=","bank"]')}`)
  const made = await ask(page, 'POST', '/journal_entry', {
    journal: 'general', memo: 'dimensions', lines: [{ account: accounts.rows[0].id, debit: '90.00' }, { account: bank.rows[0].id, credit: '90.00' }],
  })
  await page.goto(`/journal_entry/${made.record.id}`)
  const cell = page.locator('tr[aria-rowindex="2"] td[data-column="dimensions"]').first()
  await cell.locator('input').waitFor()

  // A value by its code, taken with Enter.
  await cell.locator('input').click()
  await page.keyboard.type('WORK')
  await page.locator('[role="option"]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /WORK/.test(document.querySelector('tr[aria-rowindex="2"] td[data-column="dimensions"] input')?.value ?? ''))

  // Split between two.
  await cell.locator('input').click()
  await page.locator('[data-foot=split]').click()
  const rows = page.locator('[data-split-rows] .split-row')
  await rows.first().locator('input').nth(1).fill('40')
  await page.locator('[data-split-rows] .warn').waitFor()
  must(await page.locator('.ant-modal .ant-btn-primary').isDisabled(), 'what is not whole is not taken')
  await page.locator('[data-split-rows] .ant-btn-dashed').click()
  must((await rows.nth(1).locator('input').nth(1).inputValue()) === '60', 'the rest is offered')
  await rows.nth(1).locator('input').first().click()
  await page.keyboard.type('OFFICE')
  await page.locator('[role="option"]').first().waitFor()
  await page.keyboard.press('Enter')
  await look(page, `dimension-split-${lang}`)
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.waitForFunction(() => /OFFICE 60% \+ WORK 40%/.test(document.querySelector('tr[aria-rowindex="2"] td[data-column="dimensions"] input')?.value ?? ''))
  await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok()), page.keyboard.press('Control+s')])
  const read = await ask(page, 'GET', `/journal_entry/${made.record.id}`)
  await ask(page, 'POST', `/journal_entry/${made.record.id}/post`, { version: read.record.version })
  const { rows: parts } = await ask(page, 'GET', `/dimension_line?sort=-posted_on&limit=2&fields=amount,value&filter=${encodeURIComponent(`["doc_entity","=","journal_entry"]`)}`)
  must(parts.length === 2, 'parts are there')

  // The report: departments, their accounts, what stands nowhere; a figure opens its lines.
  await page.goto(`/report/dimension_balances?dimension=${axes[0].id}`)
  await page.locator('.report tbody tr, table tbody tr').nth(2).waitFor()
  await look(page, `dimension-report-${lang}`)
}
