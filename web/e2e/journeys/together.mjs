// Two colleagues work together on an order: a message with a name in it, an activity that leads to the next, a file.
import { must, open, screenshot, signIn } from '../lib.mjs'

export const real = true
export const langs = ['en', 'zh']

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

export async function run({ page, base, lang, context }) {
  await signIn(page, 'admin')
  await page.goto('/sales_order')
  await page.locator('.table tbody .lead').first().click()
  await page.locator('.together-bar').waitFor()
  const address = page.url()

  await page.locator('[data-kind=message]').click()
  const box = page.locator('.composer textarea')
  await box.click()
  await page.keyboard.type(`${lang === 'zh' ? '请看' : 'Please look'} @Wang`)
  await page.locator('[class*=mentions-dropdown] li', { hasText: 'Wang' }).first().waitFor()
  await page.locator('[class*=mentions-dropdown] li', { hasText: 'Anna' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  const said = page.locator('.timeline li.note').first()
  await said.locator('.mention').waitFor()
  must(!(await said.innerText()).includes('us_'), 'a name is shown, not an id')

  await page.locator('[data-together=plan]').click()
  await page.locator('[data-plan] input').first().fill(lang === 'zh' ? '会议' : 'Meeting')
  await page.locator('.pop .pop-option[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-plan] input[name=summary]').fill('Colour')
  await screenshot(page, `together-plan-${lang}`)
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  const planned = page.locator('.activities li', { hasText: 'Colour' })
  await planned.waitFor()
  await planned.locator('[data-activity=done]').click()
  await page.locator('.ant-modal textarea[name=result]').fill('Blue')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  // A meeting suggests a mail the day after; it is planned as it stands.
  const next = page.locator('.ant-modal [data-plan]')
  await next.waitFor()
  must(/mail|邮件/i.test(await next.locator('input').first().inputValue()), 'the type says what comes next')
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await planned.waitFor({ state: 'detached' })
  await page.locator('.activities li', { hasText: /E-mail|邮件/ }).first().waitFor()

  await page.locator('input[type=file]').first().setInputFiles({ name: 'blue.png', mimeType: 'image/png', buffer: PICTURE })
  await page.locator('.files .thumb').first().waitFor()
  await page.locator('.files .thumb').first().click()
  await page.locator('.file-shown').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.file-shown').waitFor({ state: 'detached' })
  await screenshot(page, `together-${lang}`)

  const theirs = await open(context.browser(), base, { lang })
  await signIn(theirs.page, 'manager')
  await theirs.page.locator('[data-inbox]').click()
  await theirs.page.locator('.inbox li').first().waitFor()
  await screenshot(theirs.page, `together-inbox-${lang}`)
  await theirs.page.locator('.inbox li button').first().click()
  await theirs.page.locator('.together-bar').waitFor()
  must(theirs.page.url() === address, 'the notice leads to the order')
  await theirs.context.close()
}
