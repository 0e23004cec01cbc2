//! What an action would post, before it does: entries, moves, and what goods of later days are worth then.
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Action, Would } from '@/api/types.ts'
import { formatDay } from '@/lib/dates.ts'
import { formatMoney, sum } from '@/lib/decimal.ts'
import { Go } from '@/lib/go.tsx'
import { useScene } from '@/meta/meta.ts'
import { Entries, Moves } from './Books.tsx'
import './form.css'

export default function WouldPost({ action, would, asked, onCancel, onRun }: { action: Action; would: Would; asked: boolean; onCancel: () => void; onRun: () => void }) {
  const { t } = useTranslation()
  const { meta, locale, companyCurrency } = useScene()
  const money = (value: string): string => formatMoney(value, locale, companyCurrency, 'none')
  const { entries, moves, differences } = would
  return (
    <Modal open width={720} title={t(asked ? 'form.would_change' : 'form.would_post')} okText={meta.say(action.label)} cancelText={t('form.cancel')} onCancel={onCancel} onOk={onRun} okButtonProps={{ autoFocus: true }} destroyOnHidden>
      <div className="books wide" data-would>
        {differences.length > 0 && (
          <section>
            <p>{t('form.would_differ')}</p>
            <div className="books-scroll">
              <table>
                <thead><tr><th>{meta.say(meta.entity('product')?.label)}</th><th className="num">{t('form.would_value')}</th></tr></thead>
                <tbody>
                  {differences.map((one, index) => (
                    <tr key={index}>
                      <td>{one.product.label}<div className="faint">{one.moved_on && formatDay(one.moved_on, locale)} {one.document && <Go to={`/${one.document.entity}/${one.document.id}`}>{one.document.label}</Go>}</div></td>
                      <td className="num">{one.value ? money(one.value) : ''}</td>
                    </tr>
                  ))}
                </tbody>
                <tfoot><tr><th>{t('aside.sum')}</th><th className="num">{differences.every((one) => one.value) ? money(sum(differences.map((one) => one.value ?? '0'))) : ''}</th></tr></tfoot>
              </table>
            </div>
          </section>
        )}
        {!entries.length && !moves.length && <p className="faint">{t('form.would_nothing')}</p>}
        <Entries entries={entries} planned />
        <Moves moves={moves} planned />
      </div>
    </Modal>
  )
}
