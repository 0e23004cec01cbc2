// Some rows of a list: as a file, on paper, and done something to that asks for more than a click.
import { readFileSync } from 'node:fs'
import { ask, enter, look, must, open } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, lang, phone, size }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  // What an action asks for: here as if it could not do without.
  await page.route('**/api/meta', async (route) => {
    const response = await route.fetch()
    const meta = await response.json()
    meta.entities.activity.actions.find((action) => action.name === 'done').args[0].required = true
    await route.fulfill({ response, json: meta })
  })
  const choose = async (...names) => {
    if (phone) await page.locator('[data-select-mode]').click()
    for (const name of names) await page.getByRole('checkbox', { name }).check()
  }
  const menu = async (opens, item) => {
    await page.locator(phone ? '[data-selection-menu]' : opens).click()
    await page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) ${item}`).click()
  }
  await enter(page, 'admin')
  const mark = `Some${Date.now().toString(36)}`
  const made = {}
  for (const letter of ['A', 'B', 'C']) made[letter] = (await ask(page, 'POST', '/party', { name: `${mark} ${letter}`, code: `${mark}${letter}`.toUpperCase(), is_customer: true })).record.id
  await ask(page, 'POST', `/party/${made.C}/archive`, { version: 1 })
  const all = `/party?search=${mark}&filter=${encodeURIComponent('["or",["active","=",true],["active","=",false]]')}`

  // The file has those that were chosen, and what is archived is among them.
  await page.goto(all)
  await choose(`${mark} A`, `${mark} C`)
  const [file] = await Promise.all([page.waitForEvent('download'), menu('[data-chosen-files]', '[data-chosen-file=csv]')])
  const text = readFileSync(await file.path(), 'utf8')
  must(text.includes(`${mark} A`) && text.includes(`${mark} C`) && !text.includes(`${mark} B`), `the file has the chosen rows: ${text}`)
  must(text.trim().split('\n').length === 3, 'and no others')

  // So has the paper; the way back leads to the list as it was.
  await menu('[data-chosen-files]', '[data-chosen-print]')
  await page.locator('.paper-lines tbody tr').nth(1).waitFor()
  must((await page.locator('.paper-lines tbody tr').count()) === 2 && !(await page.locator('.paper').innerText()).includes(`${mark} B`), 'the paper has the chosen rows')
  await look(page, `chosen-paper-${size}-${lang}`)
  await page.locator('.print-bar .ant-btn').first().click()
  await page.waitForURL((url) => url.pathname === '/party' && !url.searchParams.has('ids') && url.searchParams.get('search') === mark)
  await page.locator(phone ? `[data-card="${made.B}"]` : 'tr[aria-rowindex="2"]').waitFor()

  // What an action must know is asked once and said of all.
  const kind = (await ask(page, 'GET', '/activity_type?limit=1')).rows[0].id
  const calls = []
  for (const letter of ['A', 'B', 'C']) calls.push((await ask(page, 'POST', '/activity', { activity_type: kind, summary: `${mark} call ${letter}`, due_on: '2026-11-27' })).record.id)
  await page.goto(`/activity?search=${mark}`)
  await choose(`${mark} call A`, `${mark} call B`)
  if (phone) await menu('', '[data-mass-action=done]')
  else await page.locator('[data-mass-action=done]').click()
  const run = page.locator('.ant-modal-footer .ant-btn-primary')
  await page.locator('.ant-modal [data-field=result] textarea').waitFor()
  must(await run.isDisabled(), 'nothing is done without what is asked for')
  await page.locator('.ant-modal [data-field=result] textarea').fill('Wants blue')
  await page.locator('.ant-modal .hint.good').waitFor()
  await fits('the question')
  await look(page, `chosen-asked-${size}-${lang}`)
  await run.click()
  await page.locator('[data-job-over="done"]').waitFor()
  const results = await Promise.all(calls.map(async (id) => (await ask(page, 'GET', `/activity/${id}`)).record))
  must(results.map((one) => one.result ?? '').join('|') === 'Wants blue|Wants blue|', `said of the chosen ones: ${results.map((one) => one.result)}`)
  must(results[2].stage === 'planned', 'the third still waits')

  await ask(page, 'POST', `/activity/${calls[2]}/cancel`, { version: results[2].version })
  for (const id of Object.values(made)) await ask(page, 'DELETE', `/party/${id}`)
}
