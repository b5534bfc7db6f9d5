/** Whether every mail has become something: the sums of the last days, and by day and mailbox. For administrators and headquarters. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReconciledDay, Reconciliation } from '../../src/channels/inbox/reconciling.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { told } from '../shared/time.ts'
import { Card, EmptyState, Notice, PagedList, Select } from '../shared/ui/index.ts'
import './mail.css'

const periods = [1, 7, 31] as const
const columns = ['fetched', 'waiting', 'interactions', 'noted', 'toExamine', 'aside', 'missing', 'undone'] as const

export default function ReconciliationPage() {
  const { t } = useTranslation('web-mail')
  const [days, setDays] = useState<number>(7)
  const sums = useInfiniteQuery({
    queryKey: ['mail-reconciliation', days],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/mail-reconciliation', { query: { days, cursor: pageParam, limit: 50 }, signal }),
    ...pagedOptions,
    placeholderData: earlier => earlier,
  })
  const [newest] = sums.data?.pages ?? []
  return (
    <div className="padded reconciliation">
      <header>
        <h1>{t('reconciliation.title')}</h1>
        <p className="small">{t('reconciliation.text')}</p>
      </header>
      <div className="row wrap end">
        <Select
          label={t('reconciliation.period')}
          value={String(days)}
          onChange={id => setDays(Number(id))}
          choices={periods.map(count => ({ id: String(count), label: t('reconciliation.lastDays', { count }) }))}
        />
      </div>
      {newest && <Verdict sums={newest} />}
      <PagedList query={sums} empty={<EmptyState title={t('reconciliation.none')} icon="mail" />}>
        {items => <Days items={items} total={newest?.total} />}
      </PagedList>
    </div>
  )
}

function Verdict({ sums: { total, servers, isEven } }: { sums: Reconciliation }) {
  const { t } = useTranslation('web-mail')
  return (
    <>
      {isEven && <Notice tone="ok">{t('reconciliation.even')}</Notice>}
      {total.missing !== 0 && <Notice tone="late">{t('reconciliation.missing', { count: total.missing })}</Notice>}
      {servers.late > 0 && <Notice tone="wait">{t('reconciliation.late', { count: servers.late })}</Notice>}
      <Card title={t('reconciliation.servers')} level="h2">
        <p>{t('reconciliation.serversText', servers)}</p>
      </Card>
    </>
  )
}

type Sums = Reconciliation['total']

function Days({ items, total }: { items: readonly ReconciledDay[]; total: Sums | undefined }) {
  const { t, i18n } = useTranslation('web-mail')
  const number = new Intl.NumberFormat(i18n.language)
  const figures = (sums: Sums) =>
    columns.map(column => (
      <td key={column} className="num">
        {number.format(sums[column])}
      </td>
    ))
  return (
    <Card flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="sideways" aria-label={t('reconciliation.table')} tabIndex={0}>
        <table className="table">
          <caption className="sr">{t('reconciliation.table')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('reconciliation.columns.day')}</th>
              <th scope="col">{t('reconciliation.columns.mailbox')}</th>
              {columns.map(column => (
                <th key={column} scope="col" className="num">
                  {t(`reconciliation.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map(item => (
              <tr key={`${item.day} ${item.mailboxId}`}>
                <td className="num">{told(Date.parse(`${item.day}T12:00:00Z`), i18n.language, { dateStyle: 'short' })}</td>
                <td>{item.mailbox}</td>
                {figures(item)}
              </tr>
            ))}
          </tbody>
          {total && (
            <tfoot>
              <tr>
                <th scope="row" colSpan={2}>
                  {t('reconciliation.total')}
                </th>
                {figures(total)}
              </tr>
            </tfoot>
          )}
        </table>
      </section>
    </Card>
  )
}
