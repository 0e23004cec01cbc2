// The program opens without a network, says so, and goes on when the network is back.
import { must, open, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

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
  await theirs.context.setOffline(true)
  await page.goto('/sales_order')
  await page.locator('[data-trouble]').waitFor()
  await screenshot(page, `offline-${lang}`)
  // Back in the network nobody has to press anything.
  await theirs.context.setOffline(false)
  await page.locator('.cards .card').first().waitFor()
  await theirs.context.close()
}
