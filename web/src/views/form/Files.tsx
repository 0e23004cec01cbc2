//! The files of a record. Pictures and PDF are shown in place, the rest is downloaded.
import { DeleteOutlined, FilePdfOutlined, PaperClipOutlined } from '@ant-design/icons'
import { App, Button, Modal } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/client.ts'
import { useSession } from '@/api/queries.ts'
import type { Rec } from '@/api/types.ts'
import { idOf, textOf } from '@/meta/meta.ts'
import { useDoing, useTold, type TogetherProps } from './doing.ts'

const size = (bytes: number): string => (bytes < 1024 ? `${bytes} B` : bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`)
const address = (row: Rec): string => `/api/attachment/${textOf(row['id'])}/content`
const isPicture = (row: Rec): boolean => textOf(row['media_type']).startsWith('image/')
const isPdf = (row: Rec): boolean => textOf(row['media_type']) === 'application/pdf'

export function Files(props: TogetherProps) {
  const { entity, id } = props
  const { t } = useTranslation()
  const session = useSession()
  const doing = useDoing()
  const { modal } = App.useApp()
  const told = useTold(props)
  const [shown, setShown] = useState<Rec | null>(null)
  const answer = useQuery({
    queryKey: ['aside', entity.name, id, 'files'],
    queryFn: () => api.list('attachment', { filter: JSON.stringify(['about_doc', '=', id]), limit: 50 }),
  })
  const rows = answer.data?.rows ?? []
  if (rows.length === 0) return null
  // What was in a file is gone with it: this is asked for.
  const remove = (row: Rec): void => void modal.confirm({
    title: t('together.remove', { what: textOf(row['name']) }), okText: t('form.remove'), cancelText: t('form.cancel'), okButtonProps: { danger: true },
    onOk: () => doing(() => api.remove('attachment', textOf(row['id']))).then(told),
  })
  return (
    <>
      <ul className="files" aria-label={t('together.files')}>
        {rows.map((row) => {
          const name = textOf(row['name'])
          return (
            <li key={textOf(row['id'])}>
              {isPicture(row) ? <button type="button" className="thumb" aria-label={t('together.show', { what: name })} onClick={() => setShown(row)}><img src={`${address(row)}?inline=true`} alt="" loading="lazy" /></button>
              : isPdf(row) ? <button type="button" className="thumb" aria-label={t('together.show', { what: name })} onClick={() => setShown(row)}><FilePdfOutlined /></button>
              : <PaperClipOutlined className="faint" />}
              <a className="clip" href={address(row)} download={name}><bdi>{name}</bdi></a>
              <span className="faint num">{size(Number(row['size']))}</span>
              {(idOf(row['owner']) === session.user.id || session.roles.includes('administrator')) && <button type="button" className="quiet" data-file="remove" aria-label={t('together.remove', { what: name })} onClick={() => remove(row)}><DeleteOutlined /></button>}
            </li>
          )
        })}
      </ul>
      {shown && (
        <Modal open title={textOf(shown['name'])} width={960} footer={<Button href={address(shown)}>{t('together.download')}</Button>} onCancel={() => setShown(null)}>
          {isPdf(shown) ? <iframe className="file-shown pdf" src={`${address(shown)}?inline=true`} title={textOf(shown['name'])} /> : <img className="file-shown" src={`${address(shown)}?inline=true`} alt={textOf(shown['name'])} />}
        </Modal>
      )}
    </>
  )
}
