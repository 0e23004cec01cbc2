import { useTranslation } from 'react-i18next'
import { Go } from '@/lib/go.tsx'
import type { Crumb } from '@/lib/way.ts'

/** The pages one came by. */
export function Crumbs({ way }: { way: readonly Crumb[] }) {
  const { t } = useTranslation()
  return way.length > 0 && <nav className="crumb" aria-label={t('form.way')}>{way.map((crumb) => <Go key={crumb.to} to={crumb.to}>{crumb.title}</Go>)}</nav>
}
