// What is archived or deleted is out of sight, not gone: the filter shows it, and an empty list says that it is there.
import { ask, enter, look, must, open } from '../lib.mjs'

export const sizes = ['desk', 'phone']

export async function run({ page, lang, phone, size }) {
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  const lead = page.locator(phone ? '.cards .card' : '.table tbody tr[aria-rowindex]')
  const version = async (path) => (await ask(page, 'GET', path)).record.version
  const use = async (plan, active) => ask(page, 'PATCH', `/activity_plan/${plan}`, { version: await version(`/activity_plan/${plan}`), active })
  await enter(page, 'admin')
  const mark = `Use${Date.now().toString(36)}`
  const [used, old] = [`${mark} used`, `${mark} old`]
  const party = async (name) => (await ask(page, 'POST', '/party', { name, code: name.toUpperCase().replace(' ', ''), is_customer: true })).record.id
  const [other, id] = [await party(used), await party(old)]
  await ask(page, 'POST', `/party/${id}/archive`, { version: await version(`/party/${id}`) })

  // Searched for, and archived: it is told and shown.
  await page.goto(`/party?search=${encodeURIComponent(old)}`)
  await page.locator('[data-show-archived]').waitFor()
  await fits('what matches nothing')
  await look(page, `archived-match-${size}-${lang}`)
  await page.locator('[data-show-archived]').click()
  await lead.filter({ hasText: old }).waitFor()
  await page.locator('.search-box .chip', { hasText: lang === 'zh' ? '已归档' : 'Archived' }).waitFor()

  // By the filter: only those, or those as well.
  await page.goto(`/party?search=${mark}`)
  await lead.filter({ hasText: used }).waitFor()
  must((await lead.count()) === 1, 'what is archived is out of sight')
  const quick = async (words) => {
    await page.locator('.control .anticon-filter').click()
    await page.locator('.chip.pickable', { hasText: words }).click()
  }
  await quick(lang === 'zh' ? /^已归档$/ : /^Archived$/)
  await page.waitForURL(/filter=/)
  await lead.filter({ hasText: old }).waitFor()
  must((await lead.count()) === 1, 'only what is archived')
  await page.locator('.chip-x').click()
  await page.waitForFunction(() => !location.search.includes('filter='))
  await quick(lang === 'zh' ? '包含已归档' : 'With archived')
  await lead.filter({ hasText: old }).waitFor()
  must((await lead.count()) === 2, 'both')
  await look(page, `archived-with-${size}-${lang}`)

  // A list with nothing in use says what it hides. What others keep in it comes back in the end.
  const plans = (await ask(page, 'GET', '/activity_plan?limit=100')).rows.map((row) => row.id)
  for (const one of plans) await use(one, false)
  const steps = [{ activity_type: (await ask(page, 'GET', '/activity_type?limit=1')).rows[0].id, offset_days: 0, responsible: 'me' }]
  const kept = (await ask(page, 'POST', '/activity_plan', { name: `${mark} kept`, steps })).record.id
  const gone = (await ask(page, 'POST', '/activity_plan', { name: `${mark} gone`, steps })).record.id
  await use(kept, false)
  await ask(page, 'DELETE', `/activity_plan/${gone}`)
  await page.goto('/activity_plan')
  await page.locator('.ghosts [data-show-archived]').waitFor()
  must((await page.locator('.ghost-back .ghost-row, .ghost-back .card').count()) > 5, 'what it will look like is shown behind')
  await fits('what is empty')
  await look(page, `archived-all-${size}-${lang}`)
  await page.locator('[data-show-deleted]').click()
  await page.locator(`[data-bin="${gone}"] button`).click()
  await page.keyboard.press('Escape')
  await lead.filter({ hasText: `${mark} gone` }).waitFor()
  await ask(page, 'DELETE', `/activity_plan/${gone}`)
  await page.reload()
  await page.locator('[data-show-archived]').click()
  await lead.filter({ hasText: `${mark} kept` }).waitFor()
  await ask(page, 'DELETE', `/activity_plan/${kept}`)
  for (const one of plans) await use(one, true)
  for (const one of [id, other]) await ask(page, 'DELETE', `/party/${one}`)
}
