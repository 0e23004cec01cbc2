//! The first steps of a new company, ticked off by what is there.
import { CheckCircleFilled, CloseOutlined, RightOutlined } from '@ant-design/icons'
import { App } from 'antd'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { queries, useSession } from '@/api/queries.ts'
import type { Filter } from '@/api/types.ts'
import { Go } from '@/lib/go.tsx'
import { isFlag, recall, remember } from '@/lib/local.ts'
import { isEmpty, useMeta } from '@/meta/meta.ts'
import { useSay } from '@/ui/parts.tsx'
import { useWish } from '@/views/dashboard/home.ts'

interface Step {
  key: 'company' | 'accounts' | 'taxes' | 'product' | 'customer' | 'users' | 'sale' | 'import' | 'opening_books' | 'opening_stock'
  entity: string
  right: 'edit' | 'add' | 'import'
  to: string
  /** What is counted; there is more than `above` of one of them. */
  count?: { entity: string; filter?: Filter; above: number }[]
  /** What the company itself says: all of it. */
  facts?: readonly string[]
  optional?: true
}

const OWN = 'company'
const stage = (...codes: string[]): Filter => ['stage', 'in', codes]
const STEPS: readonly Step[] = [
  { key: 'company', entity: OWN, right: 'edit', to: '', facts: ['address', 'bank_details'] },
  { key: 'accounts', entity: 'account', right: 'add', to: '/account', count: [{ entity: 'account', above: 0 }] },
  { key: 'taxes', entity: OWN, right: 'edit', to: '', facts: ['sales_tax'], count: [{ entity: 'product', filter: ['sales_tax', 'not_empty'], above: 0 }] },
  { key: 'users', entity: 'user', right: 'add', to: '/user', count: [{ entity: 'user', filter: ['active', '=', true], above: 1 }] },
  { key: 'product', entity: 'product', right: 'add', to: '/product/new', count: [{ entity: 'product', above: 0 }] },
  { key: 'customer', entity: 'party', right: 'add', to: '/party/new?is_customer=true', count: [{ entity: 'party', filter: ['is_customer', '=', true], above: 0 }] },
  { key: 'import', entity: 'party', right: 'import', to: '/party?import=1', count: [{ entity: 'job', filter: ['and', ['kind', '=', 'import'], ['state', '=', 'done']], above: 0 }], optional: true },
  { key: 'opening_books', entity: 'journal_entry', right: 'add', to: '/journal_entry/new?journal=opening', count: [{ entity: 'journal_entry', filter: ['and', ['journal', '=', 'opening'], stage('posted')], above: 0 }], optional: true },
  { key: 'opening_stock', entity: 'stock_adjustment', right: 'add', to: '/stock_adjustment/new?kind=opening', count: [{ entity: 'stock_adjustment', filter: ['and', ['kind', '=', 'opening'], stage('posted')], above: 0 }], optional: true },
  { key: 'sale', entity: 'quotation', right: 'add', to: '/quotation/new', count: [{ entity: 'quotation', filter: stage('sent', 'accepted'), above: 0 }, { entity: 'sales_order', filter: stage('confirmed', 'done'), above: 0 }] },
]

/** For who sets the company up, until it is done or not wanted. */
export function Onboarding() {
  const meta = useMeta()
  const session = useSession()
  const { wish, ready } = useWish()
  const company = session.company.id
  const wanted = ready && (meta.entity(OWN)?.can.edit ?? false) && !wish.dismissed.includes(company) && !recall(`onboarding.${company}`, isFlag, false)
  return wanted ? <Steps key={company} company={company} /> : null
}

function Steps({ company }: { company: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const say = useSay()
  const meta = useMeta()
  const { wish, change } = useWish()
  const steps = STEPS.filter((step) => meta.entity(step.entity)?.can[step.right])
  const counts = steps.flatMap((step) => (step.count ?? []).filter((one) => meta.entity(one.entity)?.can.see))
  const own = useQuery(queries.record(OWN, company))
  const answers = useQueries({ queries: counts.map((one) => queries.count(one.entity, one.filter ? JSON.stringify(one.filter) : '')) })
  const isDone = ({ facts, count = [] }: Step): boolean => Boolean(facts?.every((name) => !isEmpty(own.data?.record[name]))) || count.some((one) => (answers[counts.indexOf(one)]?.data ?? 0) > one.above)
  const known = own.isSuccess && answers.every((answer) => answer.isSuccess)
  const done = steps.filter(isDone).length
  const ended = known && steps.every((step) => step.optional || isDone(step))
  useEffect(() => {
    if (ended) remember(`onboarding.${company}`, true)
  }, [ended, company])
  if (!known || ended) return null
  const next = steps.find((step) => !isDone(step) && !step.optional)
  return (
    <section className="first-steps" aria-label={t('onboarding.title')}>
      <header className="spread">
        <h2>{t('onboarding.title')}</h2>
        <span className="row-flex">
          <span className="faint num">{t('onboarding.done', { done, of: steps.length })}</span>
          <button type="button" className="quiet" data-onboarding-dismiss aria-label={t('onboarding.dismiss')} title={t('onboarding.dismiss')} onClick={() => void change({ dismissed: [...wish.dismissed, company] }).catch((problem: unknown) => message.error(say(problem)))}><CloseOutlined /></button>
        </span>
      </header>
      <ol>
        {steps.map((step) => {
          const ticked = isDone(step)
          return (
            <li key={step.key} className={ticked ? 'done' : step === next ? 'next' : undefined} data-step={step.key} data-done={ticked}>
              <Go to={step.to || `/${OWN}/${company}`}>
                <span className="tick" aria-hidden="true">{ticked && <CheckCircleFilled />}</span>
                <span><b>{t(`onboarding.${step.key}`)}</b>{ticked && <span className="sr">{t('onboarding.ticked')}</span>}<small>{t(`onboarding.${step.key}_text`)}</small></span>
                <RightOutlined className="faint" />
              </Go>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
