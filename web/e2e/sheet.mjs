// Lays pictures side by side to look at them at once: node e2e/sheet.mjs out.png a.png b.png …
import { readFileSync } from 'node:fs'
import { launch } from './lib.mjs'

const [out, ...files] = process.argv.slice(2)
const browser = await launch()
const page = await browser.newPage({ viewport: { width: 1600, height: 100 } })
await page.setContent(`<body style="margin:8px;display:flex;gap:8px;flex-wrap:wrap;background:#777;align-items:start">${files.map((file) => `<img style="max-width:${process.env.EACH ?? 375}px" src="data:image/png;base64,${readFileSync(file).toString('base64')}">`).join('')}</body>`)
await page.screenshot({ path: out, fullPage: true })
await browser.close()
