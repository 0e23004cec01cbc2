// What comes into a list and goes out of it: a file, paper, what was deleted. Two buttons at a desk, one menu on a phone.
import { DeleteOutlined, DownloadOutlined, MoreOutlined, PrinterOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Dropdown, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Entity } from '@/api/types.ts'
import { usePhone } from '@/lib/hooks.ts'
import { useScene } from '@/meta/meta.ts'

/** Whether its records have lines, which a file can name one by one. */
export const hasLines = (entity: Entity): boolean => entity.fields.some((field) => field.kind === 'owned' && !field.hidden)

export function FileMenu({ entity, fileOf, onPrint, onImport, onBin }: {
  entity: Entity
  fileOf: (format: 'csv' | 'xlsx', lines?: boolean) => string
  onPrint: () => void
  onImport: () => void
  /** Missing where nothing can be brought back. */
  onBin: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const { meta } = useScene()
  const phone = usePhone()
  const out: MenuProps['items'] = entity.can.export ? [
    ...(['csv', 'xlsx'] as const).map((format) => ({ key: format, icon: <DownloadOutlined />, label: <a href={fileOf(format)} data-export={format} download>{t('list.export', { format: format.toUpperCase() })}</a> })),
    ...(hasLines(entity) ? (['csv', 'xlsx'] as const).map((format) => ({ key: `${format}-lines`, icon: <DownloadOutlined />, label: <a href={fileOf(format, true)} data-export={`${format}-lines`} download>{t('list.export_lines', { format: format.toUpperCase() })}</a> })) : []),
    { key: 'print', icon: <PrinterOutlined />, label: t('list.print'), onClick: onPrint },
  ] : []
  if (!phone) return (
    <>
      {entity.can.import && <Button type="text" icon={<UploadOutlined />} data-import-open onClick={onImport}>{t('list.import')}</Button>}
      {out.length > 0 && <Dropdown menu={{ items: out }} trigger={['click']}><Button type="text" icon={<DownloadOutlined />} data-export-open>{t('list.export_button')}</Button></Dropdown>}
    </>
  )
  const items: MenuProps['items'] = [
    ...(entity.can.import ? [{ key: 'import', icon: <UploadOutlined />, label: <span data-import-open>{t('list.import')}</span>, onClick: onImport }] : []),
    ...out,
    ...(onBin ? [{ key: 'bin', icon: <DeleteOutlined />, label: <span data-bin-open>{t('bin.title', { what: meta.say(entity.plural) })}</span>, onClick: onBin }] : []),
  ]
  return items.length > 0 && <Dropdown menu={{ items }} trigger={['click']}><Button type="text" icon={<MoreOutlined />} data-list-menu aria-label={t('form.more')} /></Dropdown>
}
