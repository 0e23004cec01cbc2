import { expect, test } from 'vitest'
import { addressLines } from '@/lib/address.ts'
import { parentsFit, parseRegions, searchRegions, splitAddress, childrenOf } from '@/fields/regions.ts'
import { readFileSync } from 'node:fs'

const china = parseRegions(readFileSync('src/fields/regions_cn.txt', 'utf8'))
const none = { line: '', region: '', city: '', district: '', postcode: '' }
const found = (text: string, near = {}): string => searchRegions(china, text, near, 3).map(({ region, city, district }) => [region, city, district].filter(Boolean).join(' ')).join(' | ')

test('an address is read as its country writes it', () => {
  expect(addressLines({ line: '科技园路1号', region: '广东省', city: '深圳市', district: '南山区', postcode: '518057' })).toEqual(['广东省深圳市南山区科技园路1号 518057'])
  // A municipality is its own city, and a street that says it all is left alone.
  expect(addressLines({ ...none, line: '建国路1号', region: '北京市', city: '北京市', district: '朝阳区' })).toEqual(['北京市朝阳区建国路1号'])
  expect(addressLines({ ...none, line: '上海市浦东新区世纪大道1号', region: '上海市', city: '上海市' })).toEqual(['上海市浦东新区世纪大道1号'])
  expect(addressLines({ ...none, line: 'Main St 1', city: 'Berlin', postcode: '10115' })).toEqual(['Main St 1', '10115 Berlin'])
  expect(addressLines({ ...none, line: '1 High Road', district: 'Soho', city: 'London', region: 'Greater London', postcode: 'W1' })).toEqual(['1 High Road', 'Soho', 'W1 London Greater London'])
  expect(addressLines(none)).toEqual([])
})

test('the map of China has all its provinces, and places where they belong', () => {
  expect(childrenOf(china, {}).length).toBe(34)
  expect(childrenOf(china, { region: '北京市' }).map((one) => one.name)).toEqual(['北京市'])
  expect(childrenOf(china, { region: '重庆市', city: '重庆市' }).length).toBe(38)
  expect(childrenOf(china, { region: '湖北省', city: '仙桃市' })).toEqual([])
  expect(childrenOf(china, { region: '广东省' }).length).toBe(21)
  expect(childrenOf(china, { region: 'Bavaria' })).toEqual([])
  expect([parentsFit(china, '广东省', '深圳市', '南山区'), parentsFit(china, '浙江省', '深圳市', '')]).toEqual([true, false])
})

test('a place is found by its signs, its pinyin and its initials', () => {
  for (const text of ['深圳', 'shenzhen', 'shen zhen', 'Shenzhen']) expect(found(text)).toContain('广东省 深圳市')
  expect(found('szs', { region: '广东省' }).split(' | ')[0]).toBe('广东省 深圳市')
  expect(found('gds')).toContain('广东省')
  expect(found('南山区', { region: '广东省' }).split(' | ')[0]).toBe('广东省 深圳市 南山区')
  expect(found('nsq', { region: '广东省', city: '深圳市' }).split(' | ')[0]).toBe('广东省 深圳市 南山区')
  expect(found('xyzzy')).toBe('')
  expect(found('')).toBe('')
})

test('an address that was pasted whole falls into its parts', () => {
  expect(splitAddress(china, '广东省深圳市南山区科技园路1号')).toEqual({ region: '广东省', city: '深圳市', district: '南山区', line: '科技园路1号' })
  // As people write it: without the province, or without its last sign.
  expect(splitAddress(china, '深圳市南山区科技园路1号')).toEqual({ region: '广东省', city: '深圳市', district: '南山区', line: '科技园路1号' })
  expect(splitAddress(china, '广东深圳南山区科技园路1号')).toEqual({ region: '广东省', city: '深圳市', district: '南山区', line: '科技园路1号' })
  expect(splitAddress(china, '北京市朝阳区建国路1号')).toEqual({ region: '北京市', city: '北京市', district: '朝阳区', line: '建国路1号' })
  expect(splitAddress(china, '中国 江苏省 苏州市 姑苏区 平江路9号')).toEqual({ region: '江苏省', city: '苏州市', district: '姑苏区', line: '平江路9号' })
  // A street named after a place is a street.
  for (const street of ['南京路100号', '人民路1号', 'Main St 1', '广东省深圳市']) expect(splitAddress(china, street)).toBeNull()
})
