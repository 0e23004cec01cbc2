// One list drawn in seven ways, by one key and by two; a click opens what stands behind; nothing overflows on a phone.
import { enter, look, must, open } from '../lib.mjs'

/** Waits for a drawing, and gives a point of it in the accent's colour, where its first series is. */
const filled = async (page) => (await page.waitForFunction(() => {
  const canvas = document.querySelector('.chart-body canvas')
  if (!canvas) return false
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
  const inked = []
  for (let at = 0; at < data.length; at += 4) if (data[at] < 40 && Math.abs(data[at + 1] - 110) < 12 && Math.abs(data[at + 2] - 111) < 12 && data[at + 3] === 255) inked.push(at / 4)
  let any = 0
  for (let at = 3; at < data.length; at += 4) if (data[at]) any += 1
  const point = inked[Math.floor(inked.length / 2)]
  return any > 500 && { x: ((point ?? 0) % canvas.width) * (canvas.clientWidth / canvas.width), y: Math.floor((point ?? 0) / canvas.width) * (canvas.clientHeight / canvas.height) }
})).jsonValue()
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('.list-body').scrollWidth <= document.querySelector('.list-body').clientWidth + 1)

export async function run({ page, base, lang, context }) {
  await enter(page, 'manager')
  await page.goto('/sales_order?look=chart&group=ordered_on:month,customer.country')
  for (const kind of ['line', 'area', 'pie', 'waterfall', 'bar']) {
    await page.locator(`[data-chart=${kind}]`).click()
    await page.locator(`[data-chart=${kind}][aria-pressed=true]`).waitFor()
    await filled(page)
    if (kind === 'area') {
      await page.locator('[data-chart=stacked] input, input[data-chart=stacked]').first().check()
      await page.waitForURL('**stacked=1*')
      await filled(page)
    }
    await look(page, `charts-${kind}-${lang}`)
  }
  must((await page.locator('.ant-checkbox-checked').count()) === 1, 'bars are stacked, too')

  // The table tells the same figures, and each leads to its rows.
  const cell = page.locator('.chart-table tbody tr').nth(1).locator('td a').nth(1)
  await cell.click()
  await page.waitForURL('**filter=*')
  await page.locator('.table tbody .lead').first().waitFor()
  const filter = JSON.parse(new URL(page.url()).searchParams.get('filter'))
  must(filter[0] === 'and' && filter[1][1] === 'between' && filter[2][0] === 'customer.country', `a cell is its month and its country: ${JSON.stringify(filter)}`)
  await page.goBack()

  // A click into the chart: on the tallest bar of a chart of one key.
  await page.goto('/sales_order?look=chart&group=stage&measure=%23')
  const point = await filled(page)
  const box = await page.locator('.chart-body canvas').boundingBox()
  await page.mouse.move(box.x + point.x - 40, box.y + point.y)
  await page.mouse.move(box.x + point.x, box.y + point.y, { steps: 3 })
  await page.mouse.click(box.x + point.x, box.y + point.y)
  await page.waitForURL('**filter=*')
  must(new URL(page.url()).searchParams.get('look') === null, 'a click opens the list')

  // A funnel goes by the stages as they follow each other.
  await page.goto('/quotation?look=chart&group=stage&chart=funnel')
  await filled(page)
  await look(page, `charts-funnel-${lang}`)
  const stages = await page.locator('.chart-table tbody td:first-child').allInnerTexts()
  const wanted = await page.evaluate(async (language) => (await (await fetch('/api/meta')).json()).choices['quotation.stage'].map((choice) => choice.label[language]), lang)
  must(stages.length > 2 && stages.join() === wanted.filter((name) => stages.includes(name)).join(), `in the order of the stages: ${stages}`)

  // A second key by the menu; the heat map by keyboard.
  await page.goto('/sales_order?look=chart&group=ordered_on:month&chart=heat')
  await page.locator('.heat').waitFor()
  await page.locator('[data-keys=group] > button').click()
  await page.locator('.key-menu > .ant-dropdown-menu-item', { hasText: lang === 'zh' ? '客户' : 'Customer' }).first().click()
  await page.waitForURL('**customer*')
  await page.waitForFunction(() => document.querySelectorAll('.heat thead th').length > 3)
  await look(page, `charts-heat-${lang}`)
  await page.locator('.heat [data-cell="0:0"]').focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'Home', 'ArrowDown']) await page.keyboard.press(key)
  must((await page.evaluate(() => document.activeElement.dataset.cell)) === '2:0', 'arrows walk the heat map')
  const filledCell = page.locator('.heat td > button').filter({ hasText: /\d/ }).first()
  await filledCell.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.searchParams.get('look') === null && url.searchParams.get('filter')?.includes('customer'))

  for (const [theme, width, height] of [['dark', 1440, 900], ['light', 375, 800]]) {
    const other = await open(context.browser(), base, { lang, theme, width, height })
    await enter(other.page, 'manager')
    for (const [name, address] of [['stacked', 'group=ordered_on:month,stage&stacked=1'], ['waterfall', 'group=ordered_on:month&chart=waterfall'], ['heat', 'group=customer,ordered_on:month&chart=heat']]) {
      await other.page.goto(`/sales_order?look=chart&${address}`)
      if (name === 'heat') await other.page.locator('.heat td > button').first().waitFor()
      else await filled(other.page)
      must(await fits(other.page), `${name} fits ${width} px`)
      await look(other.page, `charts-${name}-${theme}-${width}-${lang}`)
    }
    if (theme === 'dark') {
      await other.page.goto('/quotation?look=chart&group=stage&chart=funnel')
      await filled(other.page)
      await look(other.page, `charts-funnel-dark-${lang}`)
    }
    must(other.complaints.length === 0, other.complaints.join('\n'))
    await other.context.close()
  }
}
