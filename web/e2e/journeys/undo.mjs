// What was done by a slip is taken back from the snack bar: a saved form, an activity, a view, a favourite, a card.
import { ask, choose, enter, fillLine, look, must, save } from '../lib.mjs'

export async function run({ page, lang }) {
  await enter(page, 'admin')
  const undo = page.locator('[data-undo]').last()
  const takeBack = async () => {
    await undo.click()
    await undo.waitFor({ state: 'detached' })
  }
  const until = async (well, sentence) => {
    for (let tries = 0; tries < 40; tries += 1) {
      if (await well()) return
      await page.waitForTimeout(150)
    }
    must(false, sentence)
  }

  // A form: a field, and the lines of a document.
  const { rows: [party] } = await ask(page, 'GET', '/party?sort=code&limit=1')
  await page.goto(`/party/${party.id}`)
  const phone = page.locator('[data-field="phone"] input')
  const before = await phone.inputValue()
  await phone.fill('0571 7777')
  await page.keyboard.press('Control+s')
  await undo.waitFor()
  must((await ask(page, 'GET', `/party/${party.id}`)).record.phone === '0571 7777', 'it is saved')
  await look(page, `undo-form-${lang}`)
  await takeBack()
  await until(async () => (await phone.inputValue()) === before, 'the form shows what was there before')
  must(((await ask(page, 'GET', `/party/${party.id}`)).record.phone ?? '') === before, 'and so does the server')

  await page.goto('/quotation/new')
  await choose(page, 'customer', 'Blue')
  await fillLine(page, 0, 'helmet', { qty: 2 })
  await save(page)
  const address = new URL(page.url()).pathname
  const qty = page.locator('.lines-table tbody[data-row]').first().locator('td[data-column="qty"] input')
  await qty.fill('7')
  await page.keyboard.press('Control+s')
  await undo.waitFor()
  const lines = async () => (await ask(page, 'GET', address)).record.lines.map((line) => Number(line.qty)).join()
  must((await lines()) === '7', `the line is saved, not ${await lines()}`)
  await takeBack()
  await until(async () => (await lines()) === '2', 'the line is what it was')
  await ask(page, 'DELETE', address)

  // An activity that was finished, and one that was cancelled.
  // Of a type that asks for nothing to come next.
  const { rows: [kind] } = await ask(page, 'GET', `/activity_type?limit=1&filter=${encodeURIComponent('["chain","=","none"]')}`)
  const what = `Slip ${lang} ${Date.now() % 100000}`
  const { record: activity } = await ask(page, 'POST', '/activity', { about_doc: party.id, activity_type: kind.id, summary: what, due_on: new Date().toISOString().slice(0, 10) })
  await page.goto(`/party/${party.id}`)
  const item = page.locator('.activities li', { hasText: what })
  await item.locator('[data-activity=done]').click()
  await page.locator('.ant-modal-footer .ant-btn-primary').click()
  await undo.waitFor()
  await item.waitFor({ state: 'detached' })
  await takeBack()
  await item.waitFor()
  await item.locator('[data-activity=cancel]').click()
  await undo.waitFor()
  await item.waitFor({ state: 'detached' })
  await takeBack()
  await item.waitFor()
  await ask(page, 'DELETE', `/activity/${activity.id}`)

  // A view.
  const name = `Slip ${lang} ${Date.now() % 100000}`
  const { record: view } = await ask(page, 'POST', '/saved_view', { entity: 'party', name, query: { params: { search: 'a' } } })
  await page.goto('/party')
  await page.locator('[data-views=open]').click()
  await page.locator(`[data-view="${name}"]`).click()
  await page.locator('[data-views=open]', { hasText: name }).click()
  await page.locator(`[data-view-remove="${name}"]`).click()
  await undo.waitFor()
  await page.waitForFunction((text) => !document.querySelector('[data-views=open]')?.textContent?.includes(text), name)
  await takeBack()
  await page.locator('[data-views=open]', { hasText: name }).waitFor()
  await ask(page, 'DELETE', `/saved_view/${view.id}`)

  // A favourite keeps its folder.
  const { record: favourite } = await ask(page, 'POST', '/favourite', { name, about_doc: party.id, folder: name })
  await page.goto(`/party/${party.id}`)
  await page.locator('[data-star][aria-pressed=true]').click()
  await undo.waitFor()
  await takeBack()
  await page.locator('[data-star][aria-pressed=true]').waitFor()
  await page.locator(`.side [data-folder="${name}"]`).waitFor()
  await ask(page, 'DELETE', `/favourite/${favourite.id}`)

  // A card of a dashboard, also after it was saved without it.
  const text = (id, y) => ({ id, kind: 'text', text: id, x: 0, y, w: 4, h: 3 })
  const { record: board } = await ask(page, 'POST', '/dashboard', { name, shared: false, layout: { cards: [text('one', 0), text('two', 3)] } })
  await page.goto(`/dashboard/${board.id}?edit=1`)
  const card = page.locator('[data-card="one"]')
  await card.focus()
  await page.keyboard.press('Delete')
  await card.waitFor({ state: 'detached' })
  await takeBack()
  await card.waitFor()
  await card.focus()
  await page.keyboard.press('Delete')
  await card.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+s')
  await page.waitForURL((url) => !url.searchParams.has('edit'))
  await undo.click()
  await card.waitFor()
  await ask(page, 'DELETE', `/dashboard/${board.id}`)
}
