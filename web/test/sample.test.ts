import { describe, expect, test } from 'vitest'
import { asText, kitOf } from '@/fields/kits.tsx'
import { KINDS } from '@/api/types.ts'
import { Meta, type Scene } from '@/meta/meta.ts'
import { firstSentence, samples } from '@/views/list/sample.ts'
import { meta as data } from '../dev/mock_meta.ts'

const scene = (lang: 'en' | 'zh'): Scene => ({ meta: new Meta(data, lang), lang, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', today: '2026-11-25', companyCurrency: 'CNY' })

describe('what an empty list will look like', () => {
  for (const lang of ['en', 'zh'] as const) {
    test(`every column of every list has something to show (${lang})`, () => {
      const { meta, today } = scene(lang)
      for (const entity of Object.values(data.entities)) {
        const columns = entity.list.flatMap((path) => {
          const field = meta.fieldAt(entity, path)
          return field && KINDS.some((kind) => kind === field.kind) && field.kind !== 'owned' && field.kind !== 'json' && field.kind !== 'id' ? [{ path, field, label: meta.say(field.label), width: kitOf(field.kind).width, own: false }] : []
        })
        for (const row of samples(entity, columns, 14, meta, today)) for (const { path, field } of columns) expect(asText(row[path], { field, record: row }, scene(lang)), `${entity.name}.${path}`).not.toBe('')
      }
    })
  }

  test('rows differ, and none lies in the future', () => {
    const { meta, today } = scene('zh')
    const entity = data.entities['sales_order']
    if (!entity) throw new Error('no sales order')
    const columns = ['number', 'ordered_on', 'customer'].flatMap((path) => {
      const field = meta.fieldAt(entity, path)
      return field ? [{ path, field, label: '', width: 100, own: false }] : []
    })
    const rows = samples(entity, columns, 8, meta, today)
    expect(new Set(rows.map((row) => JSON.stringify(row['number']))).size).toBe(8)
    expect(rows.every((row) => String(row['ordered_on']) <= today)).toBe(true)
    expect(rows[0]?.['customer']).toMatchObject({ label: expect.stringMatching(/[甲乙丙丁戊己庚辛]$/) })
  })

  test('what it is for is one sentence', () => {
    expect(firstSentence('A file that hangs on a record. What is in it is kept in the database.')).toBe('A file that hangs on a record.')
    expect(firstSentence('代表用户工作的程序密钥。密钥本身只在创建时显示一次。')).toBe('代表用户工作的程序密钥。')
    expect(firstSentence('Swiss francs by 0.05, for example')).toBe('Swiss francs by 0.05, for example')
  })
})
