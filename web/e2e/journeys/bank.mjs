// A bank account is made, the file of the bank hung on it and read: once, and what is wrong with it is said.
import { ask, choose, enter, faults, fill, look, must, save } from '../lib.mjs'

export const sizes = ['desk', 'phone']

const statement = (number, closing) => [':20:S', `:25:37040044/${number}`, ':28C:7/1', ':60F:C260302CNY100,00', ':61:2603020302C1130,NTRFNONREF//B1', ':86:166?00GUTSCHRIFT?20Invoice 7?32Blue Lamps Ltd', ':61:2603030303D30,NMSCNONREF', ':86:Monthly fee', `:62F:C260303CNY${closing}`, ''].join('\n')

export async function run({ page, lang, size, phone }) {
  await enter(page, 'admin')
  const number = `${lang === 'zh' ? 8 : 7}${phone ? 2 : 1}${Date.now() % 1000000}`
  const code = `10${number.slice(-6)}`
  const { record: ledger } = await ask(page, 'POST', '/account', { code, name: `Bank ${number}`, kind: 'asset', used_for: 'bank' })
  await page.goto('/bank_account/new')
  await fill(page, 'name', `Giro ${number}`)
  await fill(page, 'account_number', number)
  await choose(page, 'ledger_account', code)
  await save(page)
  const wrong = await faults(page, 'a bank account')
  await look(page, `bank-account-${lang}-${size}`)
  const id = page.url().split('/').pop().split('?')[0]
  must((await ask(page, 'GET', `/bank_account/${id}`)).record.ledger_account.id === ledger.id, 'it is kept in its ledger account')

  const read = async (name, text) => {
    await page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await page.getByText(name).first().waitFor()
    await page.locator('[data-action="read_statement"]').click()
    await page.locator('.ant-modal').waitFor()
    await choose(page, 'file', name)
    await look(page, `bank-read-${name}-${lang}-${size}`)
    await page.locator('.ant-modal .ant-btn-primary').click()
  }
  const all = async () => (await ask(page, 'GET', `/bank_statement?filter=${encodeURIComponent(JSON.stringify(['bank_account', '=', id]))}`)).rows
  await read('broken.sta', statement(number, '1201,00'))
  await page.locator('.ant-modal').getByText(lang === 'zh' ? '不平' : 'does not add up').first().waitFor()
  await look(page, `bank-refused-${lang}-${size}`)
  must((await all()).length === 0, 'nothing of a broken file is read')
  await page.locator('.ant-modal-close').click()
  await page.locator('.ant-modal').waitFor({ state: 'hidden' })
  await read('march.sta', statement(number, '1200,00'))
  await page.locator('.ant-modal').waitFor({ state: 'hidden' })
  const [one] = await all()
  must(one?.closing === '1200.00' && one.line_count === 2, 'the statement is read')
  await page.goto(`/bank_statement/${one.id}`)
  await page.getByText('Blue Lamps Ltd').first().waitFor()
  wrong.push(...(await faults(page, 'a bank statement')))
  await look(page, `bank-statement-${lang}-${size}`)
  await page.goto('/bank_statement')
  await page.locator('.table .lead, .card').first().waitFor()
  await look(page, `bank-statements-${lang}-${size}`)
  must(wrong.length === 0, wrong.join('\n'))
}
