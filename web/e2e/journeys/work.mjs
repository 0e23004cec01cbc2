// A second factor is set up and taken away, an import works in the background, a webhook gets a secret.
import { createHmac } from 'node:crypto'
import { enter, field, look, must, save } from '../lib.mjs'

/** The code an app of the phone would show (RFC 6238). */
function codeOf(secret, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)))
  const mac = createHmac('sha1', key).update(step).digest()
  const from = mac[19] & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export const sizes = ['desk', 'phone']

const menu = async (page, name, phone) => {
  if (phone) await page.locator('.bottom button').last().click()
  else await page.locator('.side-foot .nav-item').click()
  await page.locator(`[data-menu-id$=-${name}]`).click()
}

export async function run({ page, lang, phone, size }) {
  const login = lang === 'zh' ? 'manager' : 'warehouse'
  const fits = async (what) => must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits the screen`)
  await enter(page, login)
  await page.goto('/')
  await menu(page, 'second', phone)
  await page.locator('.ant-modal input[name=password]').fill('wrong')
  await page.locator('.ant-modal [type=submit]').click()
  await page.locator('.ant-modal .hint.bad').waitFor()
  await page.locator('.ant-modal input[name=password]').fill('heyi-demo')
  await page.locator('.ant-modal [type=submit]').click()
  const secret = await page.locator('[data-secret]').innerText()
  must(await page.locator('.qr path').isVisible(), 'a square to scan')
  await fits('the square')
  await look(page, `work-second-${size}-${lang}`)
  await page.locator('.ant-modal input[name=code]').fill(codeOf(secret))
  await page.locator('.ant-modal [type=submit]').click()
  await page.locator('.papers li').first().waitFor()
  const papers = await page.locator('.papers li').allInnerTexts()
  must(papers.length === 10, 'ten codes for paper')
  await fits('the codes')
  await look(page, `work-papers-${size}-${lang}`)
  await page.locator('.ant-modal [type=submit]').click()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
  await menu(page, 'second', phone)
  await page.locator('.ant-modal input[name=password]').fill('heyi-demo')
  await page.locator('.ant-modal input[name=code]').fill(papers[0])
  await page.locator('.ant-modal [type=submit]').click()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE', headers: { 'X-Heyi': '1' } }))
  await page.goto('/')
  await page.locator('.demo-user').first().waitFor()

  await enter(page, 'admin')
  const mark = Date.now().toString(36)
  const rows = ['name,code,is_customer', ...Array.from({ length: 60 }, (_, at) => `Job ${mark} ${at},J${mark}${at},true`), `,J${mark}X,true`]
  const job = await page.evaluate((text) => fetch('/api/party/import?as=job', { method: 'POST', headers: { 'X-Heyi': '1', 'content-type': 'text/csv' }, body: text }).then((answer) => answer.json()), rows.join('\n'))
  must(job.job?.id, `a job was begun: ${JSON.stringify(job)}`)
  await page.goto(`/job/${job.job.id}`)
  await page.locator('.work .ant-progress-status-success').waitFor({ timeout: 20_000 })
  await page.locator('.work tbody tr').first().waitFor()
  must((await page.locator('.work tbody tr').count()) === 1, 'the row without a name is told')
  await fits('the work')
  await look(page, `work-job-${size}-${lang}`)
  const file = page.waitForEvent('download')
  await page.locator('[data-job=download]').click()
  must((await file).suggestedFilename() === `${job.job.id}.csv`, 'refused rows can be kept')

  await page.goto('/webhook/new')
  await field(page, 'name').locator('input').fill(`Shop ${lang}`)
  await field(page, 'url').locator('input').fill('https://hooks.example.com/heyi')
  await field(page, 'events').locator('input, textarea').first().fill('party')
  await save(page)
  await page.locator('[data-hook=issue]').click()
  await page.locator('.ant-modal-confirm-btns .ant-btn-primary').click()
  const hook = await page.locator('[data-key]').innerText()
  must(hook.length > 20, 'a secret is shown')
  await fits('the secret')
  await look(page, `work-webhook-${size}-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-key]').waitFor({ state: 'detached' })
  must(await page.locator('.work').isVisible(), 'what was sent is told below')
}
