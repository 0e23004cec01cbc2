// One's own password: a wrong old one is refused, a new one ends the session and opens the next.
import { look, must, signIn } from '../lib.mjs'

export async function run({ page, lang }) {
  await signIn(page, 'sales2')
  await page.locator('.side-foot .nav-item').click()
  await page.locator('.ant-dropdown-menu-item:has(.anticon-key)').click()
  const change = page.locator('.ant-modal-footer .ant-btn-primary')
  await page.locator('.ant-modal input[name=old]').fill('not it')
  await page.locator('.ant-modal input[name=new]').fill('a longer pass phrase 7')
  await change.click()
  await page.locator('.ant-modal .hint.bad').waitFor()
  await look(page, `password-${lang}`)
  await page.locator('.ant-modal input[name=old]').fill('heyi-demo')
  await change.click()
  await page.locator('.ant-modal-confirm-success .ant-btn-primary').click()
  await page.locator('.demo-user').first().waitFor()
  await signIn(page, 'sales2', 'a longer pass phrase 7')
  must(await page.locator('.frame').isVisible(), 'the new password opens the door')
}
