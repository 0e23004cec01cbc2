// Codes read by the camera of a phone: a line for each, one more for the same again. The camera and what reads codes are played here.
import { choose, enter, look, must } from '../lib.mjs'

export const sizes = ['phone']

export async function run({ page, context, lang }) {
  await context.addInitScript(() => {
    globalThis.BarcodeDetector = class {
      async detect() {
        return globalThis.codeBefore ? [{ rawValue: globalThis.codeBefore }] : []
      }
    }
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: {
      getUserMedia: async () => {
        if (globalThis.noCamera) throw new DOMException('no', 'NotAllowedError')
        const canvas = document.createElement('canvas')
        canvas.getContext('2d').fillRect(0, 0, 1, 1)
        return canvas.captureStream(5)
      },
    } })
  })
  await enter(page, 'sales')
  await page.goto('/sales_order/new')
  await choose(page, 'customer', 'Hangzhou')
  const scan = async (code) => {
    await page.evaluate((shown) => {
      globalThis.codeBefore = ''
      setTimeout(() => {
        globalThis.codeBefore = shown
      }, 900)
    }, code)
    await page.locator('.line-cards [data-scan]').click()
  }
  await scan('AC-BELL')
  await page.locator('.scanner').waitFor()
  await look(page, `scan-${lang}`)
  await page.locator('.scanner').waitFor({ state: 'detached' })
  await page.waitForFunction(() => /bell|铃/i.test(document.querySelector('.line-card input')?.value ?? ''))
  await page.waitForTimeout(500)
  await scan('AC-BELL')
  await page.waitForFunction(() => [...document.querySelectorAll('.line-card input')].some((box) => box.value === '2'))
  must((await page.locator('.line-card').count()) === 1, 'the same again is no second line, but one more of it')
  await scan('NOTHING-HAS-THIS')
  await page.locator('.ant-message-error').first().waitFor()
  // Without leave to use the camera that is said.
  await page.evaluate(() => {
    globalThis.noCamera = true
  })
  await page.locator('.line-cards [data-scan]').click()
  await page.locator('.ant-modal [role=alert]').waitFor()
}
