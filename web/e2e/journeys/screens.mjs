// Every screen the menu names: its list or report draws, its first record opens, and a new one can be begun; nothing complains,
// and nothing is wider than the screen. At a desk in English, on a phone in Chinese.
import { must, open, screenshot, signIn } from '../lib.mjs'

export const real = true

export async function run({ page, context, base, lang, shots }) {
  const phone = await open(context.browser(), base, { lang: 'zh', width: 375, height: 812 })
  phone.page.setDefaultTimeout(15_000)
  const faults = (await Promise.all([sweep(page, lang, shots), sweep(phone.page, 'zh', shots && `${shots}-phone`)])).flat()
  faults.push(...phone.complaints.map((one) => `on the phone the console complained: ${one}`))
  await phone.context.close()
  must(faults.length === 0, `every screen draws:\n  ${faults.join('\n  ')}`)
}

async function sweep(page, lang, shots) {
  await signIn(page, 'admin')
  await page.locator('.figure').first().waitFor()
  const meta = await page.evaluate(async () => (await fetch('/api/meta')).json())
  const faults = []
  const fault = (path, what) => faults.push(`${path} (${lang}, ${page.viewportSize().width} px): ${what}`)
  const problem = page.locator('.trouble, .crash, [role=alert]')
  const look = async (path, ready, picture) => {
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
    if (shots) await screenshot(page, `${shots}-${lang}-${picture}`)
  }
  for (const module of meta.modules) for (const item of module.menu) {
    if (item.report) {
      await look(`/report/${item.report}`, '.table.report tbody tr, .empty', `r-${item.report}`)
      continue
    }
    const entity = meta.entities[item.entity]
    await look(`/${entity.name}`, '.table tbody tr[aria-rowindex], .cards .card, .empty', `l-${entity.name}`)
    const rows = await page.evaluate(async (name) => (await (await fetch(`/api/${name}?limit=1`)).json()).rows, entity.name)
    if (rows[0]) await look(`/${entity.name}/${rows[0].id}`, '.form-head h1, .dash-page h1', `f-${entity.name}`)
    if (entity.can.add && entity.kind !== 'ledger') await look(`/${entity.name}/new`, '[data-save]', `n-${entity.name}`)
  }
  return faults
}
