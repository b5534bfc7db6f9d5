/** What became of the tickets that an operator has sent to the second level, and those that came back. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SentTicket, SentView } from '../../src/cases/sent/model.ts'
import { api } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { spokenCode } from '../shared/time.ts'
import { Ago, Card, Due, EmptyState, Link, PagedList, Pill, Tabs } from '../shared/ui/index.ts'
import './desk.css'

const views = ['all', 'open', 'answered', 'sent-back'] as const

export default function SentPage() {
  const { t } = useTranslation('web-desk')
  const [view, setView] = useState<(typeof views)[number]>('all')
  const asked: SentView | undefined = view === 'all' ? undefined : view
  const sent = useInfiniteQuery({
    queryKey: ['sent-tickets', view],
    queryFn: ({ pageParam, signal }) =>
      api.get('/api/sent-tickets', { query: { view: asked, cursor: pageParam, limit: 30 }, signal }),
    ...pagedOptions,
    meta: { live: ['ticket.', 'interaction.'] },
  })
  return (
    <div className="padded sent">
      <header>
        <h1>{t('sent.title')}</h1>
        <p className="small">{t('sent.text')}</p>
      </header>
      <Tabs
        label={t('sent.title')}
        value={view}
        onChange={id => setView(views.find(each => each === id) ?? view)}
        tabs={views.map(id => ({ id, label: t(`sent.views.${id}`) }))}
      />
      <PagedList query={sent} empty={<EmptyState title={t(`sent.none.${view}`)} icon="check-circle" />}>
        {items => (
          <Card flush>
            <ul className="sent-list" aria-label={t('sent.title')}>
              {items.map(item => (
                <Sent key={item.ticket.id} item={item} />
              ))}
            </ul>
          </Card>
        )}
      </PagedList>
    </div>
  )
}

function Sent({ item: { ticket, answer, closedAt, sentBack } }: { item: SentTicket }) {
  const { t } = useTranslation('web-desk')
  return (
    <li>
      <div className="row wrap">
        <span className="grow">
          <Link to="/cases/$caseId" params={{ caseId: ticket.caseId }}>
            <b>{ticket.title}</b>
          </Link>{' '}
          <small>
            {ticket.contact.name} · <span className="num">{spokenCode(ticket.code)}</span> · <Ago at={ticket.openedAt} />
          </small>
        </span>
        {closedAt === null && <Due at={ticket.dueAt} />}
        <Pill small tone={sentBack ? 'late' : ticket.state === 'closed' ? 'ok' : 'info'}>
          {sentBack ? t('sent.back') : t(`sent.states.${ticket.state}`)}
        </Pill>
      </div>
      <small>
        {ticket.unit.name}
        {ticket.claimedBy && ` · ${ticket.claimedBy.name}`}
        {closedAt !== null && (
          <>
            {' · '}
            <Ago at={closedAt} />
          </>
        )}
      </small>
      {sentBack ? (
        <p>
          {t('sent.because', { name: sentBack.by })} {sentBack.reason} <b>{t('sent.yours')}</b>
        </p>
      ) : (
        answer !== null && <p className="sent-answer clip">{answer}</p>
      )}
    </li>
  )
}
