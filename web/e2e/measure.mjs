// How quick the client is, in a real browser: BASE_URL=http://127.0.0.1:8080 node e2e/measure.mjs
// Give it a release build; with a million orders (see docs/performance.md) it tells of long lists, too.
import { launch, open, signIn } from './lib.mjs'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080'
const browser = await launch()
const rows = []
const tell = (what, figure, aim) => {
  rows.push([what, figure, aim])
  process.stdout.write(`${what.padEnd(56)} ${String(figure).padStart(12)}   ${aim}\n`)
}
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const ROUNDS = 5

/** Bytes on the wire, and how long until something is on the screen. */
async function firstLoad(path, selector) {
  const times = []
  let bytes = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page, context } = await open(browser, base, {})
    await signIn(page, 'admin')
    // The same person in a browser that has nothing yet.
    const state = await context.storageState()
    await context.close()
    const fresh = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' })
    const cold = await fresh.newPage()
    const client = await fresh.newCDPSession(cold)
    await client.send('Network.enable')
    bytes = 0
    client.on('Network.loadingFinished', (event) => {
      bytes += event.encodedDataLength
    })
    const started = Date.now()
    await cold.goto(`${base}${path}`, { waitUntil: 'commit' })
    await cold.locator(selector).first().waitFor()
    times.push(Date.now() - started)
    await fresh.close()
  }
  return { ms: middle(times), bytes }
}

const home = await firstLoad('/', '.home .figure, .home .card, .home main')
tell('first load: home, nothing kept', `${home.ms} ms`, '< 1500 ms')
tell('first load: home, on the wire', `${Math.round(home.bytes / 1024)} KB`, '< 500 KB')
const list = await firstLoad('/sales_order', '.table tbody .lead')
tell('first load: list of orders, nothing kept', `${list.ms} ms`, '< 1500 ms')
tell('first load: list of orders, on the wire', `${Math.round(list.bytes / 1024)} KB`, '< 500 KB')

const { page } = await open(browser, base, {})
await signIn(page, 'admin')
await page.goto('/party')
await page.locator('.table tbody .lead').first().waitFor()
await page.waitForTimeout(2500)
const go = async (path, selector) => {
  const times = []
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push(await page.evaluate(async ([to, what]) => {
      const link = document.createElement('a')
      link.href = to
      const started = performance.now()
      history.pushState({}, '', to)
      dispatchEvent(new PopStateEvent('popstate'))
      while (!document.querySelector(what)) await new Promise((next) => requestAnimationFrame(next))
      return performance.now() - started
    }, [path, selector]))
    await page.evaluate(() => {
      history.pushState({}, '', '/unit')
      dispatchEvent(new PopStateEvent('popstate'))
    })
    await page.locator('.page-head h1', { hasText: /Unit|计量/ }).waitFor()
    await page.waitForTimeout(150)
  }
  return Math.round(middle(times))
}
const count = await page.evaluate(async () => (await (await fetch('/api/sales_order?limit=1&count=true')).json()).count)
tell(`list of ${count.toLocaleString('en')} orders, until rows are read`, `${await go('/sales_order', '.table tbody a.lead[href^="/sales_order/"]')} ms`, '< 300 ms')
const order = await page.evaluate(async () => (await (await fetch('/api/sales_order?limit=1&sort=number')).json()).rows[0].id)
tell('an order, until it is read', `${await go(`/sales_order/${order}`, '.form-head .actions')} ms`, '< 300 ms')

/** The longest time between two frames while something goes on. */
const frames = async (during) => {
  await page.evaluate(() => {
    window.gaps = []
    let last = performance.now()
    const look = (now) => {
      window.gaps.push(now - last)
      last = now
      if (!window.enough) requestAnimationFrame(look)
    }
    window.enough = false
    requestAnimationFrame(look)
  })
  await during()
  return page.evaluate(() => {
    window.enough = true
    const gaps = window.gaps.slice(2).sort((a, b) => a - b)
    return { longest: Math.round(gaps.at(-1) ?? 0), usual: Math.round(gaps[Math.floor(gaps.length * 0.95)] ?? 0), frames: gaps.length }
  })
}
await page.goto('/sales_order')
await page.locator('.table tbody .lead').first().waitFor()
const scrolled = await frames(async () => {
  await page.mouse.move(700, 500)
  for (let at = 0; at < 60; at += 1) {
    await page.mouse.wheel(0, 240)
    await page.waitForTimeout(16)
  }
})
tell('scrolling a list: 95 of 100 frames within', `${scrolled.usual} ms`, '< 20 ms')

// Orders of ten and of a hundred lines, typed in the middle.
const documentOf = (size) => page.evaluate(async (count) => {
  const read = async (path) => (await fetch(`/api${path}`)).json()
  const customer = (await read('/party?limit=1&filter=%5B%22is_customer%22%2C%22%3D%22%2Ctrue%5D')).rows[0].id
  const product = (await read('/product?limit=1')).rows[0].id
  const lines = Array.from({ length: count }, () => ({ product, qty: '1' }))
  return (await (await fetch('/api/sales_order', { method: 'POST', headers: { 'content-type': 'application/json', 'x-heyi': '1' }, body: JSON.stringify({ customer, lines }) })).json()).record.id
}, size)
page.on('dialog', (dialog) => dialog.accept())
for (const size of [10, 100]) {
  await page.goto(`/sales_order/${await documentOf(size)}`)
  // Lines out of view are not drawn: one goes there first, as a person does.
  const line = page.locator(`tbody[data-row] tr[aria-rowindex="${size / 2 + 2}"]`)
  await page.locator('tbody[data-row]').first().hover()
  while (!(await line.isVisible())) await page.mouse.wheel(0, 300)
  await line.locator('td[data-column="description"] input, td[data-column="qty"] input').first().click()
  const typed = await frames(() => page.keyboard.type('12345678901234567890', { delay: 60 }))
  tell(`typing in a line of ${size}: longest frame`, `${typed.longest} ms`, '< 20 ms')
  tell(`typing in a line of ${size}: 95 of 100 frames within`, `${typed.usual} ms`, '< 20 ms')
}
await page.goto('/party')
await page.locator('.table tbody .lead').first().waitFor()
await page.keyboard.press('Alt+e')
await page.locator('#cell-3-1').click()
const sheet = await frames(() => page.keyboard.type('abcdefghijklmnopqrst', { delay: 60 }))
tell('typing in a cell of a list: longest frame', `${sheet.longest} ms`, '< 20 ms')
await page.keyboard.press('Escape')
await browser.close()
