// The program opens without a network, says so, and goes on when the network is back.
import { look, must, open, signIn } from '../lib.mjs'

export async function run({ base, lang, context }) {
  const theirs = await open(context.browser(), base, { lang, kept: true, width: 375, height: 812 })
  const { page } = theirs
  await signIn(page, 'sales')
  const kept = await page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready
    while (worker.active?.state !== 'activated') await new Promise((next) => setTimeout(next, 50))
    const names = await caches.keys()
    const files = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))
    return files.flat()
  })
  must(kept.includes('/') && kept.some((path) => /FormView.*js$/.test(path)), `the program is kept: ${kept.length} files`)
  must(!kept.some((path) => path.startsWith('/api')), 'nothing of the business is kept')
  const manifest = await page.evaluate(() => fetch('/manifest.webmanifest').then((answer) => answer.headers.get('content-type')))
  must(/manifest\+json/.test(manifest ?? ''), `a manifest: ${manifest}`)
  // A visit: the order is looked at while there is a network, a note is written where there is none.
  await page.goto('/sales_order')
  await page.locator('.cards .card').first().click()
  await page.locator('.composer textarea').waitFor()
  const order = new URL(page.url()).pathname
  const mark = `${lang} ${Date.now()}`
  await theirs.context.setOffline(true)
  await page.locator('.composer textarea').fill(`In the lift: ${mark}`)
  await page.locator('.composer textarea').press('Control+Enter')
  await page.locator('[data-queue="1"]').waitFor()
  // The program was closed on the way; it opens all the same.
  await page.goto('/sales_order')
  await page.locator('[data-trouble]').waitFor()
  await page.locator('[data-offline] textarea').fill(`In the train: ${mark}`)
  await page.locator('[data-offline] button[type=submit]').click()
  await page.locator('[data-offline] li').nth(1).waitFor()
  await look(page, `offline-${lang}`)
  // Back in the network nobody has to press anything, and what was written is sent, once.
  await theirs.context.setOffline(false)
  await page.locator('.cards .card').first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[data-queue]'))
  const said = await page.evaluate(async (to) => (await (await fetch(`/api${to}/timeline?kind=note`)).json()).items.map((item) => item.text), order)
  for (const where of ['lift', 'train']) must(said.filter((text) => text === `In the ${where}: ${mark}`).length === 1, `the note of the ${where} is there, once`)
  await silence(page, lang)
  await theirs.context.close()
}

/** There is a network, but no server behind it: that is said for as long as it lasts, and ends by itself. */
async function silence(page, lang) {
  const dead = (route) => route.abort('connectionrefused')
  await page.route('**/api/**', dead)
  await page.locator('.cards .card').first().click()
  await page.locator('[data-silent]').waitFor()
  await page.locator('[data-trouble]').waitFor()
  await look(page, `silent-${lang}`)
  await page.locator('[data-silent] button').click()
  must(await page.locator('[data-silent]').isVisible(), 'it stays while nobody answers')
  await page.unroute('**/api/**', dead)
  await page.locator('[data-silent]').waitFor({ state: 'detached' })
  await page.locator('.form-head h1').waitFor()
}
