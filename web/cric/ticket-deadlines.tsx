/** When a ticket is to be answered first, and solved; what the citizen was asked meanwhile; and why it is due when it is. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeadlineExplanation, TicketDeadline } from '../../src/cases/deadlines/model.ts'
import type { Ticket } from '../../src/cases/model.ts'
import { api } from '../shared/api.ts'
import { clock, dueTone, longDay, shortDay, told } from '../shared/time.ts'
import { Ago, Button, Card, classes, Dialog, ErrorState, Loading, Notice, Pill, useNow } from '../shared/ui/index.ts'
import { untilPhrase } from './until.ts'

type Kind = TicketDeadline['kind']

export function TicketDeadlines({
  ticket,
  onPrioritise,
  whyNotPriority,
}: {
  ticket: Ticket
  onPrioritise: () => void
  whyNotPriority: string | null
}) {
  const { t } = useTranslation('web-cric')
  const [explained, setExplained] = useState<Kind | null>(null)
  const isOpen = ticket.state !== 'closed'
  if (ticket.deadlines.length === 0) return null
  return (
    <Card
      title={t('clock.title')}
      aside={
        <div className="row">
          {ticket.priority === 'urgent' && <Pill tone="late">{t('priority.urgent')}</Pill>}
          {isOpen && (
            <Button tone="quiet" className="small-button" why={whyNotPriority} onPress={onPrioritise}>
              {t(ticket.priority === 'urgent' ? 'priority.change' : 'actions.prioritise')}
            </Button>
          )}
        </div>
      }
    >
      <ul className="ticket-deadlines">
        {ticket.deadlines.map(each => (
          <li key={each.kind} className="row wrap">
            <span className="deadline-kind">{t(`clock.kinds.${each.kind}`)}</span>
            <span className="grow">
              <When deadline={each} />
            </span>
            <ExplainButton deadline={each} onPress={() => setExplained(each.kind)} />
          </li>
        ))}
      </ul>
      {ticket.urgentReason && <p className="small">{ticket.urgentReason}</p>}
      {explained && <Explanation ticketId={ticket.id} kind={explained} onClose={() => setExplained(null)} />}
    </Card>
  )
}

/** "entro domani alle 12", "scaduto ieri alle 17", "data il 24 novembre". */
function When({ deadline: { dueAt, metAt, told: said } }: { deadline: TicketDeadline }) {
  const { t, i18n } = useTranslation('web-cric')
  const now = useNow()
  if (metAt !== null) return <span className="muted">{t('clock.met', { at: momentOf(metAt, i18n.language) })}</span>
  if (dueAt === null) return <Pill tone="info">{t('web:clockStands')}</Pill>
  const due = Date.parse(dueAt)
  const tone = dueTone(due, now)
  const { key, values } = untilPhrase(due, now, i18n.language)
  return (
    <>
      <b className={classes('num', tone === 'late' && 'is-late')}>
        <time dateTime={dueAt}>{t(`clock.${key}`, values)}</time>
      </b>{' '}
      {said !== 'none' && <small>{t(`clock.told.${said}`)}</small>}
    </>
  )
}

/** "Perché il 14?" */
function ExplainButton({ deadline, onPress }: { deadline: TicketDeadline; onPress: () => void }) {
  const { t, i18n } = useTranslation('web-cric')
  const kind = t(`clock.kinds.${deadline.kind}`)
  const why =
    deadline.dueAt === null
      ? t('clock.whyStands')
      : t('clock.why', { day: told(Date.parse(deadline.dueAt), i18n.language, { day: 'numeric' }) })
  return (
    <Button tone="quiet" className="small-button" label={`${why} ${kind}`} onPress={onPress}>
      {why}
    </Button>
  )
}

function Explanation({ ticketId, kind, onClose }: { ticketId: string; kind: Kind; onClose: () => void }) {
  const { t } = useTranslation('web-cric')
  const found = useQuery({
    queryKey: ['ticket', ticketId, 'deadline', kind],
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId/deadlines/:kind', { path: { ticketId, kind }, signal }),
    meta: { live: ['ticket.', 'unit.'] },
  })
  return (
    <Dialog title={t(`clock.explained.${kind}`)} isOpen onClose={onClose} wide toRead>
      {found.isPending && <Loading lines={4} />}
      {found.error && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Explained explanation={found.data} />}
    </Dialog>
  )
}

function Explained({ explanation }: { explanation: DeadlineExplanation }) {
  const { t, i18n } = useTranslation('web-cric')
  const { measure, amount, counted, stretches, unit, typology, priority } = explanation
  const isDays = measure === 'days'
  /** The last moment of a stretch of days is the midnight of the day after. */
  const dayIn = (at: string, ms = 0) => shortDay(Date.parse(at) + ms, i18n.language)
  const target = t('clock.target', {
    amount: t(`clock.amounts.${measure}`, { count: amount }),
    unit,
    rule: typology === null ? t('clock.ruleOfAll') : t('clock.ruleOf', { typology }),
    priority: t(`priority.${priority}`).toLowerCase(),
  })
  return (
    <div className="col">
      <p>{target}</p>
      <p className="small">{t('clock.soFar', { counted: t(`clock.amounts.${measure}`, { count: Math.floor(counted) }) })}</p>
      <table className="stretches">
        <caption className="sr">{t('clock.stretches')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('clock.from')}</th>
            <th scope="col">{t('clock.to')}</th>
            <th scope="col">{t('clock.because')}</th>
            <th scope="col" className="counted">
              {t(`clock.counted.${measure}`)}
            </th>
          </tr>
        </thead>
        <tbody>
          {stretches.map(stretch => (
            <tr key={stretch.from} className={classes(stretch.counted > 0 && 'counts')}>
              <td className="num">{isDays ? dayIn(stretch.from) : momentOf(stretch.from, i18n.language)}</td>
              <td className="num">{isDays ? dayIn(stretch.until, -1) : momentOf(stretch.until, i18n.language)}</td>
              <td>
                {t(`clock.reasons.${isDays && stretch.because === 'counted' ? 'worked-days' : stretch.because}`, {
                  name: stretch.name ?? '',
                })}
              </td>
              <td className="num counted">{stretch.counted > 0 ? `+${Math.floor(stretch.counted)}` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {explanation.dueAt && (
        <p>
          <b>
            {t('clock.so', {
              at: `${longDay(Date.parse(explanation.dueAt), i18n.language)}, ${clock(Date.parse(explanation.dueAt), i18n.language)}`,
            })}
          </b>
        </p>
      )}
    </div>
  )
}

const momentOf = (at: string, language: string): string =>
  `${shortDay(Date.parse(at), language)}, ${clock(Date.parse(at), language)}`

/** What the citizen was asked last, as long as it is open, with the way to say that there is a reply. */
export function WaitingForCitizen({ ticket, onReplied, busy }: { ticket: Ticket; onReplied: () => void; busy: boolean }) {
  const { t, i18n } = useTranslation('web-cric')
  const [question] = ticket.questions
  if (ticket.waiting === null || !question) return null
  return (
    <Notice tone="info" title={t('waiting.title', { at: momentOf(question.askedAt, i18n.language) })}>
      <p className="prose">{question.text}</p>
      <div className="row wrap">
        <small className="grow">{t(`waiting.by.${question.channel}`, { name: question.askedBy })}</small>
        {ticket.actions['ask-citizen'].allowed && (
          <Button isPending={busy} onPress={onReplied}>
            {t('waiting.replied')}
          </Button>
        )}
      </div>
    </Notice>
  )
}

/** What was asked before, and how it ended. */
export function EarlierQuestions({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('web-cric')
  const ended = ticket.questions.filter(question => question.endedAt !== null)
  if (ended.length === 0) return null
  return (
    <Card title={t('waiting.earlier')}>
      <ol className="col">
        {ended.map(question => (
          <li key={question.id}>
            <small>
              <b>{question.askedBy}</b> · <Ago at={question.askedAt} />
              {question.endedBy && ` · ${t(`waiting.ended.${question.endedBy}`)}`}
            </small>
            <p className="prose">{question.text}</p>
          </li>
        ))}
      </ol>
    </Card>
  )
}
