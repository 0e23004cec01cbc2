import { expect, test } from 'vitest'
import { amountEn, amountZh } from '@/lib/words.ts'

test('amounts are written out as on Chinese documents', () => {
  const cases: [string, string][] = [
    ['0', '人民币零元整'], ['1', '人民币壹元整'], ['10', '人民币壹拾元整'], ['105', '人民币壹佰零伍元整'], ['1409.50', '人民币壹仟肆佰零玖元伍角整'], ['6007.14', '人民币陆仟零柒元壹角肆分'],
    ['1680.32', '人民币壹仟陆佰捌拾元叁角贰分'], ['107000.53', '人民币壹拾万柒仟元伍角叁分'], ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'], ['325.04', '人民币叁佰贰拾伍元零肆分'], ['0.05', '人民币伍分'], ['0.50', '人民币伍角整'],
    ['100000000', '人民币壹亿元整'], ['100000001', '人民币壹亿零壹元整'], ['1000500', '人民币壹佰万零伍佰元整'], ['20000300', '人民币贰仟万零叁佰元整'], ['1000000000000', '人民币壹万亿元整'], ['-88', '人民币负捌拾捌元整'], ['1234567890123.45', '人民币壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分'],
  ]
  for (const [amount, words] of cases) expect(amountZh(amount), amount).toBe(words)
  expect(amountZh('1200', 'USD')).toBe('美元壹仟贰佰元整')
})

test('amounts are written out in English', () => {
  const cases: [string, string][] = [
    ['0', 'CNY zero only'], ['1', 'CNY one only'], ['21', 'CNY twenty-one only'], ['115', 'CNY one hundred fifteen only'], ['1200.50', 'CNY one thousand two hundred and 50/100'], ['1000000', 'CNY one million only'], ['2001015', 'CNY two million one thousand fifteen only'], ['-5.05', 'CNY minus five and 05/100'],
  ]
  for (const [amount, words] of cases) expect(amountEn(amount), amount).toBe(words)
  expect(amountEn('1500', 'JPY')).toBe('JPY one thousand five hundred only')
})
