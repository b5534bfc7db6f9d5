/**
 * The ticket that is offered to me. It stands for minutes, so it waits in a corner and takes no focus from who is writing: it is announced,
 * and a key leads to it. Whoever takes it claims it by the rules of every claim; when a colleague was quicker, that is said.
 */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketOffer } from '../../../src/cases/model.ts'
import { api, sentenceOf } from '../api.ts'
import { useIdempotencyKey } from '../forms.ts'
import { useShortcut } from '../shortcuts.ts'
import { Button, Countdown, Due, Kbd, notify } from '../ui/index.ts'
import { deskKey } from './service.ts'
import { Why } from './why.tsx'

const offeredKey = ['tickets', 'offered'] as const
const askAgainMs = 10_000

const useOffer = () =>
  useQuery({
    queryKey: offeredKey,
    queryFn: async ({ signal }) => (await api.get('/api/tickets/offered', { signal })).offered,
    refetchInterval: askAgainMs,
    refetchIntervalInBackground: true,
    meta: { live: ['work.', 'agent.state', 'ticket.'] },
  })

/** Why a ticket was offered to whom, as it stands now. */
export const ticketWhy = (ticketId: string) =>
  queryOptions({
    queryKey: ['ticket', ticketId, 'why'],
    queryFn: ({ signal }) => api.get('/api/tickets/:ticketId/why', { path: { ticketId }, signal }),
    meta: { live: ['work.', 'ticket.'] },
  })

export function OfferedTicket() {
  const offer = useOffer().data
  const { t } = useTranslation()
  return (
    <>
      {/* Here before the offer is, so that screen readers say it when it comes. */}
      <p className="sr" role="status">
        {offer && t('offered.announced', { title: offer.ticket.title, contact: offer.ticket.contact.name })}
      </p>
      {offer && <Offered key={offer.offer} offer={offer} />}
    </>
  )
}

function Offered({ offer: { ticket, until } }: { offer: TicketOffer }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const idempotency = useIdempotencyKey()
  const card = useRef<HTMLElement>(null)
  const renew = () => {
    for (const queryKey of [['tickets'], ['ticket-counts'], deskKey]) void client.invalidateQueries({ queryKey })
  }
  const show = () => void navigate({ to: '/cric/tickets/{-$ticketId}', params: { ticketId: ticket.id } })
  const take = useMutation({
    mutationFn: () =>
      api.post('/api/tickets/:ticketId/claim', { path: { ticketId: ticket.id }, key: idempotency.keyFor('claim') }),
    onSuccess(taken) {
      client.setQueryData(['ticket', ticket.id], taken)
      client.setQueryData(offeredKey, null)
      show()
    },
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: renew,
  })
  const decline = useMutation({
    mutationFn: () => api.post('/api/tickets/:ticketId/decline', { path: { ticketId: ticket.id } }),
    onSuccess: () => client.setQueryData(offeredKey, null),
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: renew,
  })
  useShortcut({ keys: 'F8', label: t('offered.go'), group: t('shortcuts.everywhere') }, () =>
    card.current?.querySelector('button')?.focus(),
  )
  // Who had the focus on the card when it went is not left nowhere.
  useEffect(() => {
    const own = card.current
    return () => {
      if (own?.contains(document.activeElement)) document.getElementById('page')?.focus()
    }
  }, [])
  return (
    <section ref={card} className="offer-card" aria-label={t('offered.title')} data-react-aria-top-layer="true">
      <div className="row">
        <b className="grow">{t('offered.title')}</b>
        <span className="tiny">
          {t('offered.left')} <Countdown until={until} />
        </span>
      </div>
      <h2>{ticket.title}</h2>
      <p className="excerpt">{ticket.excerpt}</p>
      <div className="row wrap">
        <small className="grow">
          {ticket.contact.name} · {ticket.unit.name}
        </small>
        <Due at={ticket.dueAt} />
      </div>
      <div className="row wrap">
        <Button tone="primary" isPending={take.isPending} onPress={() => take.mutate()}>
          {t('offered.take')} <Kbd keys="F8" />
        </Button>
        <Button isPending={decline.isPending} onPress={() => decline.mutate()}>
          {t('offered.decline')}
        </Button>
        <Button onPress={show}>{t('offered.read')}</Button>
      </div>
      <Why title={t('offered.why')} answer={ticketWhy(ticket.id)} />
    </section>
  )
}
