// Everybody begins with the numbers their role is judged by; who arranges a copy keeps it and goes back with a click;
// an administrator gives a role another dashboard.
import { ask, enter, look, must, open } from '../lib.mjs'

const ROLES = { admin: 'administrator', manager: 'manager', 'sales.lead': 'sales_manager', sales: 'sales_rep', warehouse: 'warehouse', accountant: 'accountant', auditor: 'auditor' }
const fits = async (page, what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
const item = (page, key) => page.locator(`.ant-dropdown:not(.ant-dropdown-hidden) [data-menu-id$="-${key}"]`)
const all = async (page) => (await ask(page, 'GET', '/dashboard?limit=200')).rows

/** Home has drawn its cards, each of them something. */
async function drawn(page, who) {
  await page.locator('.home .dash-card').first().waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.home .skeleton, .home [aria-busy=true]').length === 0)
  must((await page.locator('.home [data-trouble]').count()) === 0, `${who}: no card fails`)
}

export async function run({ page, base, lang, context }) {
  await enter(page, 'admin')
  const before = await all(page)
  try {
    await walk({ page, base, lang, context })
  } finally {
    const known = new Map(before.map((row) => [row.id, row]))
    for (const row of await all(page)) {
      if (!known.has(row.id)) await ask(page, 'DELETE', `/dashboard/${row.id}`)
      else if (row.for_role !== known.get(row.id).for_role) await ask(page, 'PATCH', `/dashboard/${row.id}`, { version: row.version, for_role: known.get(row.id).for_role })
    }
  }
}

async function walk({ page, base, lang, context }) {
  const browser = context.browser()
  // Another journey gave the auditor a password of their own.
  const { rows: [auditor] } = await ask(page, 'GET', '/user?filter=%5B%22login%22%2C%22%3D%22%2C%22auditor%22%5D')
  await ask(page, 'PUT', `/user/${auditor.id}/password`, { new: 'heyi-demo' })
  for (const [login, role] of Object.entries(ROLES)) {
    for (const [width, height] of login === 'sales' || login === 'accountant' ? [[1440, 900], [375, 812]] : [[1440, 900]]) {
      const other = await open(browser, base, { lang, width, height })
      await enter(other.page, login)
      // Of the others it is enough here that they may see all their cards.
      const looked = Boolean(process.env.SHOTS) || ['sales', 'accountant'].includes(login)
      if (looked) {
        await other.page.goto('/')
        await drawn(other.page, login)
      }
      const mine = (await all(other.page)).find((row) => row.for_role === role)
      const { cards } = (await ask(other.page, 'GET', `/dashboard/${mine.id}`)).record.layout
      if (looked) must((await other.page.locator('.home .dash-card').count()) === cards.length, `${login} sees all cards of ${role}`)
      const { meta, home } = { meta: await ask(other.page, 'GET', '/meta'), home: await ask(other.page, 'GET', '/home') }
      const names = [...home.figures, ...home.charts].map((one) => one.name)
      for (const card of cards) must(card.kind === 'home' ? names.includes(card.name) : meta.entities[card.entity]?.can.see, `${role} may see ${JSON.stringify(card)}`)
      if (looked) {
        await fits(other.page, `home of ${login}`)
        const bare = await other.page.locator('.home .figure').evaluateAll((all) => all.filter((one) => !one.querySelector('.figure-before')?.textContent || one.tagName !== 'A').map((one) => one.textContent))
        must(bare.length === 0, `each figure says which days it speaks of, and leads on: ${bare.join(', ')}`)
      }
      if (login === 'auditor') {
        await other.page.goto('/cash_rounding')
        const hint = (await other.page.locator('.empty [data-read-only]').textContent()) ?? ''
        must(hint.includes('Zhou Min'), `who may only look is told whom to ask: ${hint}`)
        must((await other.page.locator('.empty button').count()) === 0, 'and is offered no button that does nothing')
      }
      if (process.env.SHOTS || login === 'sales') await look(other.page, `role-home-${login}-${width}-${lang}`, { full: true })
      must(other.complaints.length === 0, `the console complained: ${other.complaints.join('\n')}`)
      await other.context.close()
    }
  }

  // A copy of one's own, arranged; the role's comes back with a click, and the copy is kept.
  const sales = await open(browser, base, { lang })
  await enter(sales.page, 'sales')
  await sales.page.goto('/')
  await drawn(sales.page, 'sales')
  const ofRole = await sales.page.locator('[data-switcher]').textContent()
  must(ofRole === (lang === 'zh' ? '销售员' : 'Salesperson'), `the dashboard of a role is called in one language: ${ofRole}`)
  await sales.page.locator('[data-switcher]').click()
  must((await item(sales.page, 'role').count()) === 0, 'there is no way back to where one is')
  await item(sales.page, 'own').click()
  await sales.page.locator('.dash-grid.arranging .dash-card').first().waitFor()
  const id = new URL(sales.page.url()).pathname.split('/').at(-1)
  await sales.page.locator('.dash-card').first().focus()
  await sales.page.keyboard.press('Delete')
  await sales.page.keyboard.press('Control+s')
  await sales.page.locator('[data-dashboard-edit]').waitFor()
  const count = (await ask(sales.page, 'GET', `/dashboard/${id}`)).record.layout.cards.length
  await sales.page.goto('/')
  await drawn(sales.page, 'sales')
  must((await sales.page.locator('.home .dash-card').count()) === count, 'home shows the copy')
  await sales.page.locator('[data-switcher]').click()
  await look(sales.page, `role-home-back-${lang}`)
  await item(sales.page, 'role').click()
  await sales.page.locator('[data-switcher]', { hasText: ofRole }).waitFor()
  await sales.page.waitForFunction((most) => document.querySelectorAll('.home .dash-card').length > most, count)
  await sales.page.locator('[data-switcher]').click()
  must((await item(sales.page, id).count()) === 1, 'the copy is kept')
  await sales.page.keyboard.press('Escape')
  const house = (await all(sales.page)).find((row) => row.for_role === 'sales_rep')
  const refused = await sales.page.evaluate(async ([path, version]) => (await fetch(path, { method: 'PATCH', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ version, name: 'x' }) })).status, [`/api/dashboard/${house.id}`, house.version])
  must(refused === 403, `what a role sees first is not a salesperson's to change (${refused})`)

  // An administrator puts another one in its place.
  const name = `Push ${lang} ${Date.now().toString(36)}`
  const { record } = await ask(page, 'POST', '/dashboard', { name, shared: true, layout: { cards: [{ id: 'c1', x: 0, y: 0, w: 6, h: 3, kind: 'text', text: 'Call first 先打电话' }] } })
  await page.goto(`/dashboard/${record.id}`)
  await page.locator('[data-dashboard-more]').click()
  await item(page, 'settings').click()
  await page.locator('.ant-modal .ant-select').click()
  await page.locator('.ant-select-item-option', { hasText: lang === 'zh' ? /^销售员$/ : /^Salesperson$/ }).click()
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('.ant-modal input[name=name]').waitFor({ state: 'detached' })
  must((await all(page)).filter((row) => row.for_role === 'sales_rep').map((row) => row.id).join() === record.id, 'the role has one, the new one')
  await sales.page.goto('/')
  await sales.page.locator('[data-switcher]', { hasText: name }).waitFor()
  await sales.page.locator('.dash-card', { hasText: 'Call first' }).waitFor()
  must(sales.complaints.length === 0, `the console complained: ${sales.complaints.join('\n')}`)
  await sales.context.close()
}
