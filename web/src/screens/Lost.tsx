import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Go } from '@/lib/go.tsx'
import { Empty } from '@/ui/parts.tsx'

export function NotFound() {
  const { t } = useTranslation()
  const router = useRouter()
  return <Empty title={t('state.no_page')} text={t('state.no_page_text')}><Button onClick={() => router.history.back()}>{t('form.back')}</Button><Go to="/">{t('shell.home')}</Go></Empty>
}

/** A fault of ours: say so, and offer a way on. A chunk that is gone means a newer version is there. */
export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const outdated = error instanceof Error && /dynamically imported module|importing a module/i.test(error.message)
  return <Empty title={outdated ? t('state.new_version') : t('state.broken')} text={outdated ? t('state.new_version_text') : error instanceof Error ? error.message : ''}><Button type="primary" onClick={() => location.reload()}>{t('state.reload')}</Button></Empty>
}
