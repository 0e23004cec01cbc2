// What every journey needs: a browser, a signed-in page, hands that type, and eyes that see every complaint of the console.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--lang=en-US']
export const shots = new URL('./shots/', import.meta.url).pathname

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })

/** What is wrong with the pages of a window, while it is open. */
const complaintsOf = new WeakMap()
/** Windows whose pages axe has seen, or will see, in the other language. */
const seenElsewhere = new WeakSet()

/** A page with a record of everything that went wrong on it, and on the pages opened from it. */
export async function open(browser, base, { width = 1440, height = 900, lang = 'en', theme = 'light', storage = {}, kept = false, axed = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, baseURL: base, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', reducedMotion: 'reduce', hasTouch: width < 768, serviceWorkers: kept ? 'allow' : 'block' })
  await context.addInitScript(([language, wish, more]) => {
    // A page that is none yet, and the frame a PDF is shown in, have nothing to keep.
    if (!location.protocol.startsWith('http') || !window.localStorage) return
    if (!localStorage.getItem('heyi.language')) localStorage.setItem('heyi.language', JSON.stringify(language))
    if (!localStorage.getItem('heyi.theme')) localStorage.setItem('heyi.theme', JSON.stringify(wish))
    for (const [key, value] of Object.entries(more)) localStorage.setItem(key, value)
  }, [lang, theme, storage])
  const complaints = []
  complaintsOf.set(context, complaints)
  if (!axed) seenElsewhere.add(context)
  context.on('weberror', (one) => complaints.push(`page: ${one.error().message}`))
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // Ours to block, so that nothing kept hides what the server says.
    if (/Service Worker registration blocked by Playwright/.test(message.text())) return
    // The browser reports each refused request itself; a refusal is an answer, not a fault.
    if (/Failed to load resource.*\b(401|403|404|409|412|422|429)\b/.test(message.text())) return
    // So is what is said of a file that is none.
    if (/\b400\b/.test(message.text()) && /\/import\//.test(message.location().url)) return
    complaints.push(`${message.type()}: ${message.text()}`)
  })
  context.on('requestfailed', (request) => {
    if (!/ERR_ABORTED/.test(request.failure()?.errorText ?? '')) complaints.push(`request: ${request.url()} ${request.failure()?.errorText}`)
  })
  context.on('request', (request) => {
    const url = request.url()
    // What the browser shows a PDF with is its own.
    if (!url.startsWith(base) && !/^(data|blob|chrome|chrome-extension):/.test(url)) complaints.push(`outside: ${url}`)
  })
  const page = await context.newPage()
  return { page, context, complaints }
}

/** Signs in as a demo user (by login), or with a name and password. */
export async function signIn(page, login, password) {
  await page.goto('/')
  const card = page.locator(`.demo-user[data-login="${login}"]`)
  if (password === undefined) await card.click()
  else {
    await page.locator('input[name=username]').fill(login)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
  }
  await page.locator('.frame').waitFor()
}

/** Is signed in, as if one had been here before: without the page to sign in at and the home behind it. */
export async function enter(page, login) {
  await ask(page, 'POST', '/session', { login, password: 'heyi-demo' })
}

/** By the menu, as a person would; at the bottom on a phone. */
export async function openModule(page, module, path) {
  const menu = page.locator(`[data-module="${module}"]`)
  if ((await menu.getAttribute('aria-expanded')) !== 'true') await menu.click()
  const link = page.locator(`.nav-subs a[href="${path}"]`)
  // A long menu is folded by its headings.
  const folded = page.locator(`[data-section^="${module}/"][aria-expanded="false"]`)
  while (!(await link.count()) && (await folded.count())) await folded.first().click()
  await link.click()
  await page.waitForURL(`**${path}*`)
  await page.locator('.page-head h1').waitFor()
}

export const field = (page, name) => page.locator(`[data-field="${name}"]`)

/** Types in a ref box and takes the first answer with Enter. */
export async function choose(page, name, text) {
  const input = field(page, name).locator('input').first()
  await input.fill(text)
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await input.press('Enter')
}
export const fill = (page, name, text) => field(page, name).locator('input, textarea').first().fill(text)

/** A line of a document: a row of the table, a card on a phone. */
export const lineOf = (page, index) => page.locator('.lines-table tbody[data-row], .line-card').nth(index)
export const cellOf = (page, index, column) => lineOf(page, index).locator(`[data-column="${column}"] input`).first()

/** One line as the keyboard does it: product, Enter takes it and goes on to the quantity. */
export async function fillLine(page, index, product, cells = {}) {
  const lead = cellOf(page, index, 'product')
  await lead.click()
  await lead.fill(product)
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await lead.press('Enter')
  for (const [name, value] of Object.entries(cells)) {
    const input = cellOf(page, index, name)
    await input.click()
    await input.fill(String(value))
  }
}

/** Waits for the answer to a write, and tells what it said when it is a refusal. */
async function answered(page, fits, click) {
  const [response] = await Promise.all([page.waitForResponse((one) => one.request().method() !== 'GET' && fits(new URL(one.url()).pathname)), click()])
  must(response.ok(), `${response.request().method()} ${new URL(response.url()).pathname} answered ${response.status()}: ${response.ok() ? '' : await response.text()}`)
}

export async function save(page) {
  const entity = new URL(page.url()).pathname.split('/')[1]
  await answered(page, (path) => path === `/api/${entity}` || (path.startsWith(`/api/${entity}/`) && !path.endsWith('/preview')), () => page.locator('[data-save]').click())
  await page.waitForURL((url) => !url.pathname.endsWith('/new'))
  await page.locator('.form-tools .actions').waitFor()
}

export async function act(page, name) {
  await page.locator('.form-tools .actions').waitFor()
  const button = page.locator(`[data-action="${name}"]`)
  await answered(page, (path) => path.endsWith(`/${name}`), async () => {
    if (await button.count()) return button.click()
    await page.locator('.actions .anticon-more').click()
    await page.locator(`.ant-dropdown-menu-item[data-menu-id$="-${name}"]`).click()
  })
}

export const stage = (page) => page.locator('.stages li.now, .form-tools > .tag').first()

/** Goes to a new document made from this one. */
export async function make(page, entity) {
  await page.locator('[data-make]').click()
  await page.locator(`.ant-dropdown-menu-item[data-menu-id$="-${entity}"]`).click()
  await page.waitForURL(`**/${entity}/new?*`)
}

/** Asks the server with the session of the page; a refusal stops the journey. */
export async function ask(page, method, path, data) {
  const response = await page.request.fetch(`/api${path}`, { method, headers: { 'x-heyi': '1' }, data })
  must(response.ok(), `${method} ${path} answered ${response.status()}: ${response.ok() ? '' : await response.text()}`)
  return response.json().catch(() => null)
}

/** Waits until nothing moves any more: what is half faded in has colours of its own. */
export const still = (page) => page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished)))

/** A picture in shots/. */
export async function screenshot(page, name, { full = false } = {}) {
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: full })
}

/** Eyes on the page: what axe finds wrong with it is complained of, in one of the languages it is walked in; with SHOTS a picture is kept, which takes its time. */
export async function look(page, name, { full = false } = {}) {
  let found = []
  // What is faulted is looked at twice: a notice may have begun to fade meanwhile.
  for (let looks = seenElsewhere.has(page.context()) ? 2 : 0; looks === 0 || (looks === 1 && found.length); looks += 1) {
    await still(page)
    found = await faults(page, name)
  }
  complaintsOf.get(page.context()).push(...found)
  if (process.env.SHOTS) await screenshot(page, name, { full })
}

export function must(truth, sentence) {
  if (!truth) throw new Error(`not so: ${sentence}`)
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What is carried at the moment, and where it may not go, is half transparent on purpose. */
const CARRIED = ['.pulled', '.lifted', '.card-ghost', 'tr.dragged', 'tr.busy', '[data-drop=cannot]']

/** What a page is faulted for, in one line each. */
export async function faults(page, where) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE)
  const found = await page.evaluate(async (carried) => {
    // Only what is wrong is asked for: to describe everything that is right takes most of the time.
    const { violations } = await globalThis.axe.run({ include: ['html'], exclude: carried }, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`).join(' | ')}`)
  }, CARRIED)
  return found.map((fault) => `${where}: ${fault}`)
}
