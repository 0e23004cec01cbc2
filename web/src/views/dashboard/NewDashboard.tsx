//! A new dashboard: a name, and what it begins with.
import { Button, Input, Radio } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '@/api/queries.ts'
import { useGo } from '@/lib/go.tsx'
import { homeCards } from './cards.ts'
import { useDashboardWork } from './work.ts'

export function NewDashboard({ fromHome = false }: { fromHome?: boolean }) {
  const { t } = useTranslation()
  const go = useGo()
  const work = useDashboardWork()
  const [name, setName] = useState('')
  const [begin, setBegin] = useState<'home' | 'empty'>(fromHome ? 'home' : 'empty')
  const [busy, setBusy] = useState(false)
  const home = useQuery(queries.home())
  const able = name.trim() !== '' && (begin === 'empty' || home.data !== undefined)
  const make = async (): Promise<void> => {
    if (!able || busy) return
    setBusy(true)
    const id = await work.create(name.trim(), begin === 'home' && home.data ? homeCards(home.data) : [])
    setBusy(false)
    if (id) go(`/dashboard/${id}?edit=1`, { replace: true })
  }
  return (
    <div className="dash-page">
      <header className="page-head"><h1>{t('dashboard.new')}</h1></header>
      <form className="dash-sheet card-form" style={{ maxWidth: 520 }} onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}>
        <label>{t('dashboard.name')}<Input dir="auto" autoFocus name="name" size="large" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></label>
        <Radio.Group value={begin} onChange={(event) => setBegin(event.target.value as 'home' | 'empty')} options={[{ value: 'empty', label: t('dashboard.begin_empty') }, { value: 'home', label: t('dashboard.begin_home') }]} />
        <div className="row-flex">
          <Button type="primary" htmlType="submit" data-save disabled={!able} loading={busy}>{t('form.create')}</Button>
          <Button onClick={() => history.back()}>{t('form.cancel')}</Button>
        </div>
      </form>
    </div>
  )
}
