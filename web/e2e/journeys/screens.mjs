// Every screen the menu names: its list or report draws, its first record opens, and a new one can be begun; nothing complains,
// axe finds nothing wrong, and nothing is wider than the screen. At a desk in English, on a phone in Chinese.
import { enter, look, must } from '../lib.mjs'

export const sizes = { en: ['desk'], zh: ['phone'] }

export async function run({ page, lang, size }) {
  await enter(page, 'admin')
  await page.goto('/')
  await page.locator('.figure').first().waitFor()
  const meta = await page.evaluate(async () => (await fetch('/api/meta')).json())
  const faults = []
  const fault = (path, what) => faults.push(`${path}: ${what}`)
  const problem = page.locator('.trouble, .crash, [role=alert]')
  const visit = async (path, ready) => {
    // As a link does it: the page stays, so what is left of the screen before must not count.
    await page.evaluate((to) => {
      document.querySelectorAll('.content-page *').forEach((old) => old.setAttribute('data-old', ''))
      window.history.pushState({}, '', to)
    }, path)
    try {
      await page.waitForFunction((selector) => [...document.querySelectorAll(selector)].some((one) => !one.hasAttribute('data-old')), ready, { timeout: 8000 })
      if (await problem.count()) fault(path, (await problem.first().innerText()).slice(0, 200))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) fault(path, `${wide} px wider than the screen`)
    } catch {
      fault(path, 'never drew')
    }
    await look(page, `screen${path.replaceAll('/', '-')}-${size}-${lang}`)
  }
  for (const module of meta.modules) for (const item of module.menu) {
    if (item.report) {
      await visit(`/report/${item.report}`, '.table.report tbody tr, .empty')
      continue
    }
    const entity = meta.entities[item.entity]
    await visit(`/${entity.name}`, '.table tbody tr[aria-rowindex], .cards .card, .empty')
    const rows = await page.evaluate(async (name) => (await (await fetch(`/api/${name}?limit=1`)).json()).rows, entity.name)
    if (rows[0]) await visit(`/${entity.name}/${rows[0].id}`, '.form-head h1, .dash-page h1')
    if (entity.can.add && entity.kind !== 'ledger') await visit(`/${entity.name}/new`, '[data-save]')
  }
  must(faults.length === 0, `every screen draws:\n  ${faults.join('\n  ')}`)
}
