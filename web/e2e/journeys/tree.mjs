// Categories under categories: opened by keyboard, searched with what stands above, moved by pointer and by command, and back again.
import { ask, enter, look, must, open } from '../lib.mjs'

const at = (page, id) => page.locator(`[data-row="${id}"]`)
const level = async (page, id) => Number(await at(page, id).getAttribute('aria-level'))

export async function run({ page, base, lang, context }) {
  await enter(page, 'manager')
  const word = `Tree ${lang} ${Date.now().toString(36)}`
  const create = async (name, parent) => (await ask(page, 'POST', '/product_category', { name: `${word} ${name}`, cost_method: 'average', parent })).record.id
  const made = { root: await create('root'), other: await create('other') }
  made.middle = await create('middle', made.root)
  made.leaf = await create('leaf', made.middle)
  try {
    await page.goto('/product_category')
    await page.locator('.table .lead').first().waitFor()
    await page.locator(`.looks [aria-label="${lang === 'zh' ? '树形' : 'Tree'}"]`).click()
    await page.waitForURL('**look=tree*')
    await at(page, made.root).waitFor()
    must((await at(page, made.middle).count()) === 0, 'children come when they are asked for')
    must((await at(page, made.root).locator('.tree-count').innerText()).startsWith('1'), 'how many stand below is told')

    // The keyboard: down to the root of ours, open, in, open, in, up, close.
    await page.locator('.tree > table').focus()
    await page.keyboard.press('Home')
    const ids = await page.locator('.tree [data-row]').evaluateAll((lines) => lines.map((line) => line.dataset.row))
    for (let step = 0; step < ids.indexOf(made.root); step += 1) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await at(page, made.middle).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await at(page, made.leaf).waitFor()
    await page.keyboard.press('ArrowRight')
    must((await page.locator('.tree tr.active').getAttribute('data-row')) === made.leaf, 'right goes in')
    must((await level(page, made.leaf)) === 3, 'three deep')
    must((await page.locator('.tree > table').getAttribute('aria-activedescendant'))?.endsWith(made.leaf), 'a reader is told where one is')
    await look(page, `tree-open-${lang}`)

    // A command moves it to the top, the key takes it back.
    await page.keyboard.press('m')
    await page.locator('.ant-modal .tree-move input').waitFor()
    await page.locator('.ant-modal .tree-move input').fill(`${word} other`)
    await page.locator('.pop .pop-option[role=option]').first().waitFor()
    await page.keyboard.press('Enter')
    await look(page, `tree-move-${lang}`)
    await page.locator('.ant-modal-footer .ant-btn-primary').click()
    await page.locator('.ant-modal').waitFor({ state: 'detached' })
    await page.waitForFunction((id) => document.querySelector(`[data-row="${id}"]`)?.getAttribute('aria-level') === '2', made.leaf)
    await page.locator('[data-undo]').last().waitFor()
    await look(page, `tree-moved-${lang}`)
    await page.locator('.tree > table').focus()
    await page.keyboard.press('z')
    await page.waitForFunction((id) => document.querySelector(`[data-row="${id}"]`)?.getAttribute('aria-level') === '3', made.leaf)
    await page.locator('[data-undo]').last().waitFor({ state: 'detached' })

    // By pointer: what is dropped stands below, and the snack bar takes it back.
    await at(page, made.other).dragTo(at(page, made.root))
    await page.waitForFunction((id) => document.querySelector(`[data-row="${id}"]`)?.getAttribute('aria-level') === '2', made.other)
    await page.locator('[data-undo]').last().click()
    await page.waitForFunction((id) => document.querySelector(`[data-row="${id}"]`)?.getAttribute('aria-level') === '1', made.other)
    // What stands above cannot go below.
    await at(page, made.root).dragTo(at(page, made.leaf))
    must((await level(page, made.root)) === 1, 'nothing goes under itself')
    // And to the top, on the strip that shows while one drags.
    const from = await at(page, made.leaf).locator('.lead').boundingBox()
    await page.mouse.move(from.x + 200, from.y + 6)
    await page.mouse.down()
    await page.mouse.move(from.x + 220, from.y + 30, { steps: 4 })
    await page.locator('[data-tree=top]').waitFor()
    const goal = await at(page, made.other).locator('.lead').boundingBox()
    await page.mouse.move(goal.x + 200, goal.y + 6, { steps: 4 })
    await page.mouse.move(goal.x + 204, goal.y + 8, { steps: 2 })
    must((await at(page, made.other).locator('[data-preview]').innerText()).includes(`${word} leaf`), 'where it would stand is shown')
    await look(page, `tree-preview-${lang}`)
    const strip = await page.locator('[data-tree=top]').boundingBox()
    await page.mouse.move(strip.x + strip.width / 2, strip.y + 10, { steps: 6 })
    await page.mouse.move(strip.x + strip.width / 2, strip.y + 14, { steps: 3 })
    await look(page, `tree-drag-${lang}`)
    await page.mouse.up()
    await page.waitForFunction((id) => document.querySelector(`[data-row="${id}"]`)?.getAttribute('aria-level') === '1', made.leaf)
    await page.locator('[data-undo]').last().click()
    await page.waitForFunction((id) => !document.querySelector(`[data-row="${id}"][aria-level="1"]`), made.leaf)

    // Left closes and goes up; a search keeps what stands above.
    await page.locator('.tree > table').focus()
    await page.keyboard.press('Home')
    for (let step = 0; step < ids.indexOf(made.root); step += 1) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await at(page, made.middle).waitFor({ state: 'detached' })
    await page.goto(`/product_category?look=tree&search=${encodeURIComponent(`${word} leaf`)}`)
    await at(page, made.leaf).waitFor()
    must((await level(page, made.leaf)) === 3 && (await level(page, made.root)) === 1, 'what was found stands under what stands above it')
    must((await at(page, made.root).getAttribute('class'))?.includes('above') && !(await at(page, made.leaf).getAttribute('class'))?.includes('above'), 'and is told apart from it')
    must((await at(page, made.other).count()) === 0, 'nothing else is there')
    await look(page, `tree-search-${lang}`)
    await page.locator('.tree > table').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/product_category/${made.leaf}*`)

    // Down to a level, and all of it.
    await page.goto('/product_category?look=tree')
    await at(page, made.root).waitFor()
    await page.locator('[data-level="2"]').click()
    await at(page, made.middle).waitFor()
    must((await at(page, made.leaf).count()) === 0 && (await at(page, made.middle).getAttribute('aria-expanded')) === 'false', 'two levels and no more')
    await page.locator('[data-level="40"]').click()
    await at(page, made.leaf).waitFor()
    await look(page, `tree-levels-${lang}`)
    await page.locator('[data-level="1"]').click()
    await at(page, made.middle).waitFor({ state: 'detached' })

    // What follows each other in a ring is told, and ends.
    const type = async (code, next) => (await ask(page, 'POST', '/activity_type', { name: `${word} ${code}`, code: `${code}${Date.now().toString(36)}`, ...(next ? { next_type: next } : {}) })).record.id
    const call = await type('call')
    const mail = await type('mail', call)
    await ask(page, 'PATCH', `/activity_type/${call}`, { version: 1, next_type: mail })
    await page.goto('/activity_type?look=tree')
    const ring = page.locator('.tree-ring')
    const head = page.locator(`[data-row="${call}"], [data-row="${mail}"]`).first()
    await head.waitFor()
    await head.locator('button').first().click()
    await page.locator(`[data-row="${call}"]`).and(page.locator('[aria-level]')).waitFor()
    await page.locator(`[data-row][aria-level="2"]`, { hasText: word }).locator('button').first().click()
    await ring.waitFor()
    must((await ring.count()) === 1 && (await ring.innerText()).includes(word), 'the ring is told once')
    await look(page, `tree-ring-${lang}`)
    await page.goto(`/activity_type?look=tree&search=${encodeURIComponent(word)}`)
    await ring.waitFor()
    await ask(page, 'PATCH', `/activity_type/${call}`, { version: 2, next_type: null })
    await ask(page, 'DELETE', `/activity_type/${mail}`)
    await ask(page, 'DELETE', `/activity_type/${call}`)

    // A long one: the accounts, which nobody here may change.
    await page.goto('/account?look=tree')
    await page.locator('.tree [data-row][aria-expanded=false]').first().waitFor()
    must((await page.locator('.tree [draggable=true]').count()) === 0, 'accounts are not for the manager to move')
    await page.locator('.tree > table').focus()
    await page.keyboard.press('*')
    // Only rows in view are drawn: down to the first that has others below it.
    const below = page.locator('.tree [data-row][aria-level="2"]')
    await page.locator('.tree [data-row]').nth(3).hover()
    for (let turn = 0; turn < 20 && (await below.count()) === 0; turn += 1) {
      await page.mouse.wheel(0, 300)
      await page.waitForTimeout(100)
    }
    await below.first().waitFor()
    await look(page, `tree-accounts-${lang}`)

    for (const [theme, width, height] of [['dark', 1440, 900], ['light', 375, 800]]) {
      const other = await open(context.browser(), base, { lang, theme, width, height })
      await enter(other.page, 'manager')
      await other.page.goto(`/product_category?look=tree&search=${encodeURIComponent(word)}`)
      await at(other.page, made.leaf).waitFor()
      must(await other.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('.tree').scrollWidth <= document.querySelector('.tree').clientWidth), `fits ${width} px`)
      await look(other.page, `tree-${theme}-${width}-${lang}`)
      if (width < 768) {
        await at(other.page, made.other).locator('.tree-move-button').click()
        await other.page.locator('.ant-modal .tree-move input').waitFor()
        await look(other.page, `tree-phone-move-${lang}`)
        // On a phone the looks are a menu.
        await other.page.locator('.ant-modal .ant-modal-close').click()
        await other.page.locator('.ant-modal').waitFor({ state: 'detached' })
        await other.page.locator('[data-looks]').click()
        await other.page.locator('.ant-dropdown [data-look=list]').click()
        await other.page.locator('.cards .card').first().waitFor()
      }
      must(other.complaints.length === 0, other.complaints.join('\n'))
      await other.context.close()
    }
  } finally {
    await page.evaluate(async (ids) => {
      for (const id of ids) await fetch(`/api/product_category/${id}`, { method: 'DELETE', headers: { 'x-heyi': '1' } })
    }, [made.leaf, made.middle, made.root, made.other])
  }
}
