/** The tickets of an incident, with how the answer of each stands; linked and parted by hand, several at once. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketLine } from '../../src/cases/model.ts'
import type { Answering, Incident, LinkedTicket } from '../../src/incidents/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { spokenCode } from '../shared/time.ts'
import {
  Ago,
  Button,
  Card,
  CheckBox,
  EmptyState,
  FormDialog,
  Link,
  Loading,
  notify,
  PagedList,
  Pill,
  type Tone,
} from '../shared/ui/index.ts'
import { useCandidates, useIncidentTickets } from './queries.ts'

export const answeringTone: Readonly<Record<Answering, Tone>> = {
  waiting: 'wait',
  sent: 'ok',
  'to-call': 'info',
  left: 'late',
}

export function IncidentTickets({ incident, onAnswer }: { incident: Incident; onAnswer: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const tickets = useIncidentTickets(incident.id)
  const [linking, setLinking] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const part = useMutation({
    mutationFn: () =>
      api.post('/api/incidents/:incidentId/tickets/unlink', {
        path: { incidentId: incident.id },
        body: { ticketIds: [...chosen] },
      }),
    onSuccess() {
      setChosen(new Set())
      void client.invalidateQueries({ queryKey: ['incident-tickets', incident.id] })
      void client.invalidateQueries({ queryKey: ['incident', incident.id] })
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const mayLink = incident.link.allowed
  return (
    <Card
      title={t('linked', { count: incident.tickets })}
      aside={
        mayLink && (
          <div className="row wrap">
            {chosen.size > 0 && (
              <Button tone="quiet" icon="close" isPending={part.isPending} onPress={() => part.mutate()}>
                {t('unlink', { count: chosen.size })}
              </Button>
            )}
            <Button icon="plus" onPress={() => setLinking(true)}>
              {t('link')}
            </Button>
            <Button icon="comment" onPress={onAnswer}>
              {t('answer')}
            </Button>
          </div>
        )
      }
    >
      <PagedList
        query={tickets}
        empty={
          <EmptyState title={t('noTickets')} icon="inbox">
            {t(mayLink ? 'noTicketsText' : 'noTicketsForReader')}
          </EmptyState>
        }
      >
        {items => (
          <ul className="incident-tickets">
            {items.map(each => (
              <li key={each.ticket.id}>
                <LinkedLine
                  linked={each}
                  {...(mayLink
                    ? { checked: chosen.has(each.ticket.id), onCheck: () => setChosen(toggled(chosen, each.ticket.id)) }
                    : {})}
                />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
      {mayLink && <LinkDialog incident={incident} isOpen={linking} onClose={() => setLinking(false)} />}
    </Card>
  )
}

export function toggled(chosen: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  return next
}

function LinkedLine({
  linked: { ticket, answering, leftBecause },
  checked,
  onCheck,
}: {
  linked: LinkedTicket
  checked?: boolean
  onCheck?: () => void
}) {
  const { t } = useTranslation('web-incidents')
  return (
    <div className="row top">
      {onCheck && (
        <CheckBox isSelected={checked ?? false} onChange={onCheck} label={t('chooseTicket', { name: ticket.contact.name })} />
      )}
      <div className="grow incident-words">
        <Link to="/cric/tickets/{-$ticketId}" params={{ ticketId: ticket.id }}>
          {ticket.contact.name}
        </Link>{' '}
        <small className="num">{spokenCode(ticket.code)}</small>
        <div className="clip small">{ticket.excerpt}</div>
        {leftBecause && <small>{leftBecause}</small>}
      </div>
      <div className="incident-state">
        {answering ? (
          <Pill small tone={answeringTone[answering]}>
            {t(`answering.${answering}`)}
          </Pill>
        ) : (
          <Pill small>{t(`web-cric:states.${ticket.state}`)}</Pill>
        )}
      </div>
    </div>
  )
}

/** Tickets that may have the same cause, to be ticked. */
function LinkDialog({ incident, isOpen, onClose }: { incident: Incident; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const found = useCandidates(incident.id, isOpen)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const items = found.data?.items ?? []
  const ticketIds = items.filter(({ id }) => !left.has(id)).map(({ id }) => id)
  const link = useMutation({
    mutationFn: () => api.post('/api/incidents/:incidentId/tickets', { path: { incidentId: incident.id }, body: { ticketIds } }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['incident-tickets', incident.id] })
      void client.invalidateQueries({ queryKey: ['incident', incident.id] })
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('link')}
      act={t('linkThese', { count: ticketIds.length })}
      isOpen={isOpen}
      onClose={onClose}
      wide
      sending={link.isPending}
      why={ticketIds.length === 0 ? t('tickOne') : null}
      error={link.error}
      onSubmit={() => link.mutate()}
    >
      {found.isPending ? (
        <Loading lines={3} />
      ) : items.length === 0 ? (
        <EmptyState title={t('noCandidates')} icon="inbox">
          {t(incident.procedureId === null ? 'noCandidatesWithoutProcedure' : 'noCandidatesText')}
        </EmptyState>
      ) : (
        <TickedTickets items={items} left={left} onChange={setLeft} />
      )}
    </FormDialog>
  )
}

/** Tickets with a box each; all ticked at first. */
export function TickedTickets({
  items,
  left,
  onChange,
}: {
  items: readonly TicketLine[]
  left: ReadonlySet<string>
  onChange: (left: ReadonlySet<string>) => void
}) {
  return (
    <ul className="incident-tickets">
      {items.map(ticket => (
        <li key={ticket.id}>
          <CheckBox isSelected={!left.has(ticket.id)} onChange={() => onChange(toggled(left, ticket.id))}>
            <span className="grow incident-words">
              <b>{ticket.contact.name}</b>{' '}
              <small>
                <span className="num">{spokenCode(ticket.code)}</span> · <Ago at={ticket.openedAt} />
              </small>
              <span className="clip small block">{ticket.excerpt}</span>
            </span>
          </CheckBox>
        </li>
      ))}
    </ul>
  )
}
