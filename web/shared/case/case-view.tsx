/** A case with its whole history: what desk, regional centre and agency see alike. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Case, Interaction } from '../../../src/cases/model.ts'
import { addressOf, api } from '../api.ts'
import { Level } from '../contact/level.tsx'
import { useMay } from '../session.tsx'
import { spokenCode } from '../time.ts'
import { Ago, Avatar, Card, Due, ErrorState, Link, Loading, Pill, phoneText } from '../ui/index.ts'
import { ViewersOf } from '../viewers/viewers.tsx'
import { CaseFiles } from './files.tsx'
import { CaseHistory } from './history.tsx'
import { CaseLinks, JoinedInto, SplitButton } from './links.tsx'
import { PersonLink } from './person.tsx'
import { ReferenceCard } from './reference.tsx'
import { RegisteredSteps } from './registered-line.tsx'
import './case.css'

/** A case; nothing is asked while there is none. */
export function useCase(caseId: string | null) {
  return useQuery({
    queryKey: ['case', caseId],
    queryFn: ({ signal }) => api.get('/api/cases/:caseId', { path: { caseId: caseId ?? '' }, signal }),
    enabled: caseId !== null,
    meta: {
      live: ['case.', 'ticket.', 'interaction.', 'appointment.', 'mail.', 'registered-mail.'],
      about: { case: caseId ?? '' },
    },
  })
}

/** Until when a ticket is answered first, and solved; and by a central directorate that was asked. */
function Deadlines({ ticket }: { ticket: Case['tickets'][number] }) {
  const { t } = useTranslation()
  if (ticket.deadlines.length === 0) return ticket.state === 'closed' ? null : <Due at={ticket.dueAt} />
  return (
    <ul className="case-deadlines">
      {ticket.deadlines.map(({ kind, dueAt, metAt }) => (
        <li key={kind} className="row wrap">
          <span className="grow">{t(`case.deadlines.${kind}`)}</span>
          {metAt === null ? (
            ticket.state !== 'closed' && <Due at={dueAt} />
          ) : (
            <small>
              {t('case.deadlineMet')} <Ago at={metAt} />
            </small>
          )}
        </li>
      ))}
    </ul>
  )
}

/** @param actions buttons for the head of the page */
export function CaseView({ caseId, actions }: { caseId: string; actions?: ReactNode }) {
  const { t } = useTranslation()
  const mayPrint = useMay('cases.export')
  const found = useCase(caseId)
  if (found.isPending) return <Loading />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const matter = found.data
  return (
    <article className="padded case-view">
      <header className="row top wrap">
        <div className="grow">
          <h1>{matter.title}</h1>
          <small>
            {t('case.title', { code: spokenCode(matter.code) })} · {t('case.openedAt')} <Ago at={matter.openedAt} />
            {matter.closedAt && (
              <>
                {' · '}
                {t('case.closedAt')} <Ago at={matter.closedAt} />
                {matter.outcome && ` ${t(`case.outcome.${matter.outcome}`)}`}
              </>
            )}
          </small>
          <ViewersOf kind="case" id={caseId} />
        </div>
        {matter.joinedInto ? (
          <Pill>{t('links.joined')}</Pill>
        ) : (
          <Pill tone={matter.status === 'open' ? 'info' : 'ok'}>{t(`case.status.${matter.status}`)}</Pill>
        )}
        {mayPrint && (
          <a
            className="button"
            href={addressOf('/api/cases/:caseId/print', { path: { caseId } })}
            target="_blank"
            rel="noreferrer"
          >
            {t('case.print')}
          </a>
        )}
        {actions}
      </header>
      <JoinedInto matter={matter} />
      <div className="case-columns">
        <div className="col">
          <Card title={t('case.contact')}>
            <div className="row">
              <Avatar name={matter.contact.name} />
              <PersonLink contact={matter.contact} />
              <Level level={matter.contact.level} />
            </div>
          </Card>
          <ReferenceCard matter={matter} />
          {matter.tickets.map(ticket => (
            <Card
              key={ticket.id}
              title={t('case.ticket')}
              aside={
                <Link to="/cric/tickets/$ticketId" params={{ ticketId: ticket.id }}>
                  {t('case.openTicket')}
                </Link>
              }
            >
              <div className="row wrap">
                <b>{ticket.unit.name}</b>
                {ticket.claimedBy && <small>{ticket.claimedBy.name}</small>}
              </div>
              <Deadlines ticket={ticket} />
            </Card>
          ))}
          <CaseLinks matter={matter} />
          <CaseFiles matter={matter} />
          <Card title={t('case.conversations')}>
            {matter.interactions.length === 0 ? (
              <p className="muted">{t('case.noConversations')}</p>
            ) : (
              <ol className="col">
                {matter.interactions.map(interaction => (
                  <Conversation key={interaction.id} matter={matter} interaction={interaction} />
                ))}
              </ol>
            )}
          </Card>
          {matter.messages.length > 0 && (
            <Card title={t('case.messages')}>
              <ol className="col">
                {matter.messages.map(message => (
                  <li key={message.id}>
                    <small>
                      {message.byName} · <Ago at={message.at} />
                    </small>
                    <p className="prose">{message.text}</p>
                    {message.registered && (
                      <RegisteredSteps
                        line={message.registered}
                        proof={addressOf('/api/cases/:caseId/messages/:messageId/proof', {
                          path: { caseId, messageId: message.id },
                        })}
                      />
                    )}
                  </li>
                ))}
              </ol>
            </Card>
          )}
          {matter.notes.length > 0 && (
            <Card title={t('case.notes')}>
              <ol className="col">
                {matter.notes.map(note => (
                  <li key={note.id}>
                    <small>
                      {t('case.by', { name: note.byName, unit: note.byUnit })} · <Ago at={note.at} />
                    </small>
                    <p className="prose">{note.text}</p>
                  </li>
                ))}
              </ol>
            </Card>
          )}
        </div>
        <Card title={t('history.title')}>
          <CaseHistory caseId={caseId} />
        </Card>
      </div>
    </article>
  )
}

function Conversation({ matter, interaction }: { matter: Case; interaction: Interaction }) {
  const { t } = useTranslation()
  const facts = [
    interaction.caseId !== matter.id && interaction.code && t('links.ofCase', { code: spokenCode(interaction.code) }),
    t(`channels.${interaction.channel}`),
    interaction.from && phoneText(interaction.from),
    interaction.operator?.name ?? t('case.nobodyYet'),
    interaction.office && t('case.office', { office: interaction.office.name }),
  ]
  return (
    <li>
      <small>
        {facts.filter(Boolean).join(' · ')} · <Ago at={interaction.openedAt} />{' '}
        {interaction.contact && <Level small level={interaction.contact.level} />}
      </small>
      {interaction.question && <p className="prose">{interaction.question}</p>}
      {interaction.answer && (
        <p className="quote prose">
          <span className="sr">{t('case.answer')}: </span>
          {interaction.answer}
        </p>
      )}
      <SplitButton matter={matter} interaction={interaction} />
    </li>
  )
}
