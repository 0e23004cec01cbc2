// An administrator gives a colleague a password, makes a key for a program and shuts it out again.
import { choose, enter, field, look, must, open, save, signIn } from '../lib.mjs'

/** What a program with this key is answered. */
const knock = (base, key) => fetch(`${base}/api/party?limit=1`, { headers: { authorization: `Bearer ${key}` } }).then((answer) => answer.status)

export async function run({ page, base, lang, context }) {
  // Nobody else's journey is theirs: the password stays a new one.
  const other = 'auditor'
  await enter(page, 'admin')
  await page.goto('/user')
  await page.locator('.table tr', { hasText: other }).locator('.lead').click()
  await page.locator('[data-credential=password]').click()
  const fresh = page.locator('.ant-modal input[name=new]')
  const give = page.locator('.ant-modal-footer .ant-btn-primary')
  await fresh.fill('short')
  await give.click()
  await page.locator('.ant-modal .hint.bad').waitFor()
  await page.locator('.ant-modal .box .quiet').click()
  const password = await fresh.inputValue()
  must(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/.test(password), `a password that can be told: ${password}`)
  await look(page, `accounts-password-${lang}`)
  await give.click()
  await page.locator('.ant-message-success').waitFor()
  await page.locator('.timeline li.note').first().waitFor()
  must(!(await page.locator('.timeline').innerText()).includes(password), 'the timeline tells that, not what')

  const theirs = await open(context.browser(), base, { lang })
  await signIn(theirs.page, other, password)
  must(await theirs.page.locator('.frame').isVisible(), 'the new password opens the door')
  await theirs.context.close()

  await page.goto('/api_key/new')
  await field(page, 'name').locator('input').fill(`Web shop ${lang}`)
  await choose(page, 'user', other)
  await save(page)
  await page.locator('[data-credential=issue]').click()
  await page.locator('.ant-modal-confirm-btns .ant-btn-primary').click()
  const key = await page.locator('[data-key]').innerText()
  await look(page, `accounts-key-${lang}`)
  must((await knock(base, key)) === 200, 'the key opens')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await page.locator('[data-key]').waitFor({ state: 'detached' })
  await page.locator('[data-credential=revoke]').click()
  await page.locator('.ant-modal-confirm-btns .ant-btn-dangerous').click()
  await page.locator('[data-credential=restore]').waitFor()
  await look(page, `accounts-revoked-${lang}`)
  must((await knock(base, key)) === 401, 'a revoked key opens nothing')
}
