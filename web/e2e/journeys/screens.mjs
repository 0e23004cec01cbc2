// Every screen the menu names: its list or report draws, its first record opens, and a new one can be begun; nothing complains.
import { must, screenshot, signIn } from '../lib.mjs'

export const real = true

export async function run({ page, lang, shots }) {
  await signIn(page, 'admin')
  await page.locator('.figure').first().waitFor()
  const meta = await page.evaluate(async () => (await fetch('/api/meta')).json())
  const faults = []
  const problem = page.locator('.trouble, .crash, [role=alert]')
  const look = async (path, ready, picture) => {
    await page.goto(path)
    try {
      await page.locator(ready).first().waitFor({ timeout: 6000 })
      if (await problem.count()) faults.push(`${path}: ${(await problem.first().innerText()).slice(0, 200)}`)
    } catch {
      faults.push(`${path} never drew`)
    }
    if (shots) await screenshot(page, `${shots}-${lang}-${picture}`)
  }
  for (const module of meta.modules) for (const item of module.menu) {
    if (item.report) {
      await look(`/report/${item.report}`, '.table.report tbody tr, .empty', `r-${item.report}`)
      continue
    }
    const entity = meta.entities[item.entity]
    await look(`/${entity.name}`, '.table tbody tr[aria-rowindex], .cards .card, .empty', `l-${entity.name}`)
    const first = page.locator('.table tbody .lead, .cards .card').first()
    if (await first.count()) {
      const rows = await page.evaluate(async (name) => (await (await fetch(`/api/${name}?limit=1`)).json()).rows, entity.name)
      if (rows[0]) await look(`/${entity.name}/${rows[0].id}`, '.form-head h1', `f-${entity.name}`)
    }
    if (entity.can.add && entity.kind !== 'ledger') await look(`/${entity.name}/new`, '[data-save]', `n-${entity.name}`)
  }
  must(faults.length === 0, `every screen draws:\n  ${faults.join('\n  ')}`)
}
