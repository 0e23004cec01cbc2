import { ask, enter, launch, open, screenshot, field } from './lib.mjs'
const b=await launch()
const say=(...a)=>console.log(...a)
const {page,context,complaints}=await open(b,'http://127.0.0.1:18103',{lang:'zh'}); page.setDefaultTimeout(15000)
const cdp = await context.newCDPSession(page)
const compose = (text) => cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
const commit = (text) => cdp.send('Input.insertText', { text })
const block = async (name, work) => { try { await work() } catch (e) { say('!!', name, e.message.split('\n')[0]); await screenshot(page,`zz-${name}`) } }
await enter(page,'admin')
const overlay = () => page.evaluate(()=>[...document.querySelectorAll('.ant-modal-wrap:not([style*="display: none"]), .ant-popover:not(.ant-popover-hidden), .ant-drawer-open, .pop, .palette, .filter-pop, .quick-create')].map(e=>e.className.slice(0,40)).join(' | '))
const trial = async (name, input, keys=['Enter','Escape']) => {
  await input.click(); const u=page.url(), o=await overlay(), v=await input.inputValue()
  await compose('dan'); for (const k of keys) await page.keyboard.press(k)
  const o2=await overlay(); const there=await input.count()
  const foc = there ? await input.evaluate(e=>e===document.activeElement) : false
  if (there) await commit('单'); 
  say(name, 'url same', u===page.url(), 'overlay', o===o2?'same':`${o} -> ${o2}`, 'focused', foc, 'value', there ? await input.inputValue() : 'gone')
}
await block('listsearch', async()=>{ await page.goto('/party'); await page.locator('.table .lead').first().waitFor(); await trial('list search', page.locator('.control input').first()) })
await block('palette', async()=>{ await page.goto('/party'); await page.locator('.table .lead').first().waitFor(); await page.keyboard.press('Control+k'); await trial('palette', page.locator('.palette input')) })
await block('manual', async()=>{ await page.goto('/manual/'); const i=page.locator('.manual input[type=search]'); await i.waitFor(); await i.fill('订'); await trial('manual', i) })
await block('filter', async()=>{ await page.goto('/party?filter='+encodeURIComponent('["name","contains","x"]')); await page.locator('.control .anticon-filter').click(); await page.locator('.filter-pop').waitFor(); await trial('filter value', page.locator('.filter-pop .box input').first()) })
await block('quick', async()=>{ await page.goto('/quotation?look=board'); await page.locator('.lane').first().waitFor(); await page.locator('.lane [data-lane-add], .lane .anticon-plus').first().click(); await page.waitForTimeout(400); await trial('quick create', page.locator('.lane input').first()) })
await block('cell', async()=>{ await page.goto('/party'); await page.locator('.table .lead').first().waitFor(); await page.keyboard.press('Alt+e'); const at = await page.locator('thead th[data-column]').evaluateAll((all) => all.findIndex((one) => one.dataset.column === 'phone')); await page.locator(`.table-scroll.typing #cell-1-${at}`).click(); await trial('cell', page.locator('[data-typing] input').first()); await page.keyboard.press('Escape') })
await block('save view', async()=>{ await page.goto('/party?search=a'); await page.locator('.table .lead').first().waitFor(); await page.locator('[data-views], .page-head .anticon-down').first().click(); await page.waitForTimeout(400); await screenshot(page,'zz-views') })
await block('form', async()=>{ await page.goto('/party'); await page.locator('.table .lead').first().click(); await page.locator('.form-tools').first().waitFor(); 
  await trial('name', page.locator('[data-field="name"] input').first(), ['Enter','Escape','Control+s']) 
  await page.keyboard.press('Alt+m'); await page.waitForTimeout(500); await trial('note', page.locator('.note-box textarea, textarea').last(), ['Enter','Escape','Control+Enter'])
  await page.locator('[data-together=followers]').click(); await page.waitForTimeout(500); await trial('followers', page.locator('.ant-popover input').first()) })
await block('plan', async()=>{ await page.goto('/party'); await page.locator('.table .lead').first().click(); await page.locator('.form-tools').first().waitFor(); await page.keyboard.press('Alt+Shift+a'); await page.locator('.ant-modal').waitFor(); await trial('plan', page.locator('.ant-modal textarea, .ant-modal input[type=text]').last(), ['Enter','Escape','Control+Enter']) })
for (const c of new Set(complaints)) say(c)
await b.close()
