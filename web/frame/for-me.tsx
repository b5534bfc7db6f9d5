/** What colleagues want of the reader, on every page: questions that wait for an answer, and notes in which they are named. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mention } from '../../src/cases/mentions/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { may, useSession } from '../shared/session.tsx'
import { spokenCode } from '../shared/time.ts'
import { Ago, Button, Icon, Link, notify, PagedList, Pill, Sheet } from '../shared/ui/index.ts'

const mentionsKey = ['mentions'] as const
const questionsKey = ['ticket-questions'] as const
const pageSize = 20
const questionsShown = 50

const useWaiting = () =>
  useQuery({
    queryKey: questionsKey,
    queryFn: ({ signal }) => api.get('/api/ticket-questions', { query: { limit: questionsShown }, signal }),
    meta: { live: ['ticket.question-asked', 'ticket.question-answered', 'ticket.question-withdrawn', 'ticket.closed'] },
  })

const useMentions = () =>
  useInfiniteQuery({
    queryKey: mentionsKey,
    queryFn: ({ pageParam: cursor, signal }) => api.get('/api/mentions', { query: { cursor, limit: pageSize }, signal }),
    ...pagedOptions,
    meta: { live: ['case.mentioned'] },
  })

export function ForMe() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const waiting = useWaiting().data?.items.length ?? 0
  const unread = useMentions().data?.pages[0]?.unread ?? 0
  const news = waiting + unread
  return (
    <>
      <button
        type="button"
        className="rail-entry"
        aria-label={news === 0 ? t('forMe.open') : t('forMe.some', { count: news })}
        onClick={() => setOpen(true)}
      >
        <Icon name="comment" size={22} />
        {t('forMe.open')}
        {news > 0 && <b className="news num">{news}</b>}
      </button>
      {isOpen && (
        <Sheet title={t('forMe.open')} isOpen onClose={() => setOpen(false)}>
          <Waiting onGo={() => setOpen(false)} />
          <Mentions onGo={() => setOpen(false)} />
        </Sheet>
      )}
    </>
  )
}

function Waiting({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation()
  const items = useWaiting().data?.items ?? []
  return (
    <section className="col" aria-label={t('forMe.asked')}>
      <h3>{t('forMe.asked')}</h3>
      {items.length === 0 ? (
        <p className="small">{t('forMe.noneAsked')}</p>
      ) : (
        <ul className="col">
          {items.map(({ question, ticket }) => (
            <li key={question.id}>
              <small>
                {t('forMe.asks', { name: question.askedBy.name })} · <Ago at={question.askedAt} />
              </small>
              <br />
              <About caseId={ticket.caseId} ticketId={ticket.id} title={ticket.title} code={ticket.code} onGo={onGo} />
              <p className="prose">{question.question}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Mentions({ onGo }: { onGo: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const mentions = useMentions()
  const shown = mentions.data?.pages.flatMap(page => page.items) ?? []
  const unread = shown.filter(each => each.readAt === null).map(each => each.noteId)
  const read = useMutation({
    mutationFn: (noteIds: string[]) => api.post('/api/mentions/read', { body: { noteIds } }),
    onError: error => notify(sentenceOf(error), 'late'),
    onSettled: () => void client.invalidateQueries({ queryKey: mentionsKey }),
  })
  const go = (mention: Mention) => {
    if (mention.readAt === null) read.mutate([mention.noteId])
    onGo()
  }
  return (
    <section className="col" aria-label={t('forMe.mentions')}>
      <div className="row">
        <h3 className="grow">{t('forMe.mentions')}</h3>
        {unread.length > 0 && (
          <Button isPending={read.isPending} onPress={() => read.mutate(unread.slice(0, 100))}>
            {t('forMe.read')}
          </Button>
        )}
      </div>
      <PagedList query={mentions} empty={<p className="small">{t('forMe.noMentions')}</p>}>
        {items => (
          <ul className="col">
            {items.map(each => (
              <li key={each.noteId}>
                <small>
                  {t('forMe.by', { name: each.byName, unit: each.byUnit })} · <Ago at={each.at} />
                </small>{' '}
                {each.readAt === null && (
                  <Pill small tone="info">
                    {t('forMe.unread')}
                  </Pill>
                )}
                <br />
                <About caseId={each.caseId} ticketId={each.ticketId} title={each.title} code={each.code} onGo={() => go(each)} />
                <p className="prose">{each.text}</p>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  )
}

/** The question, for who works on questions; for all others its case. */
function About({
  caseId,
  ticketId,
  title,
  code,
  onGo,
}: {
  caseId: string
  ticketId: string
  title: string
  code: string
  onGo: () => void
}) {
  const { acting } = useSession()
  const text = `${title} · ${spokenCode(code)}`
  const onQuestions = may(acting, 'tickets.work') || may(acting, 'tickets.advise')
  return (
    <Link
      to={onQuestions ? `/cric/tickets/${ticketId}` : `/cases/${caseId}`}
      search={onQuestions ? { view: 'all' } : {}}
      onClick={onGo}
    >
      <b>{text}</b>
    </Link>
  )
}
