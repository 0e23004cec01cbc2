// A wrong password says so; too many wrong ones close the door for a while, and say for how long.
import { look, must } from '../lib.mjs'

const TRIES = 25

export async function run({ page, lang }) {
  await page.goto('/')
  const name = page.locator('input[name=username]')
  const password = page.locator('input[name=password]')
  const said = page.locator('.sign-in-form .hint.bad')
  await name.fill('auditor')
  await password.fill('wrong')
  await page.keyboard.press('Enter')
  await said.waitFor()
  const first = await said.innerText()
  let status = 401
  for (let tries = 0; tries < TRIES && status !== 429; tries += 1) {
    const answer = page.waitForResponse((one) => one.url().endsWith('/api/session') && one.request().method() === 'POST')
    await password.fill(`wrong${tries}`)
    await password.press('Enter')
    status = (await answer).status()
    must(status === 401 || status === 429, `a wrong password is refused, not ${status}`)
  }
  must(status === 429, 'after too many tries the door is closed')
  await page.waitForFunction((before) => document.querySelector('.sign-in-form .hint.bad')?.textContent !== before, first)
  must(/\d/.test(await page.locator('.sign-in-form button').innerText()), 'and it says for how long')
  await look(page, `locked-${lang}`)
}
