import { enter, launch, open, screenshot, field } from './lib.mjs'
const b=await launch()
const {page,context}=await open(b,'http://127.0.0.1:18103',{lang:'zh'}); page.setDefaultTimeout(15000)
const cdp = await context.newCDPSession(page)
const compose = (text) => cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
await enter(page,'admin')
for (const key of ['none','Enter','Escape']) {
 await page.goto('/party?filter='+encodeURIComponent('["name","contains","x"]')); await page.locator('.control .anticon-filter').click(); await page.locator('.filter-pop').waitFor(); await page.waitForTimeout(300)
 await page.locator('.filter-pop .box input').first().click()
 await page.evaluate(()=>addEventListener('keydown',e=>console.log('KEY',e.key,e.isComposing,e.keyCode),true)); page.on('console',m=>m.text().startsWith('KEY')&&console.log(m.text()))
 await compose('dan'); await page.waitForTimeout(500); console.log(key, 'after compose', await page.locator('.filter-pop').isVisible(), page.url().slice(22))
 if (key!=='none') await page.keyboard.press(key); await page.waitForTimeout(700)
 console.log(key, await page.locator('.filter-pop').isVisible(), page.url().slice(22))
}
await page.goto('/party'); await page.locator('.table .lead').first().click(); await page.locator('.form-tools').first().waitFor(); await page.waitForTimeout(800); await page.keyboard.press('Alt+m'); await page.waitForTimeout(800); await screenshot(page,'zz-note')
await b.close()
