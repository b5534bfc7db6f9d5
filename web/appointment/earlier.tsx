/** The citizen would rather come earlier: joins the list, leaves it, or answers what is offered. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { LinkedAppointment } from '../../src/agenda/links/model.ts'
import type { Waiting } from '../../src/agenda/waiting/model.ts'
import { filled } from '../../src/platform/filled.ts'
import { api, serverNow } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { clock, longDay } from '../shared/time.ts'
import { Button, Notice } from '../shared/ui/index.ts'
import { type CitizenLanguage, citizenWords, problemIn } from './words.ts'

type Act = { what: 'join' | 'leave' } | { what: 'accept' | 'decline'; offerId: string }

function send(token: string, act: Act, language: CitizenLanguage): Promise<LinkedAppointment> {
  const path = { token }
  const query = { language }
  if (!('offerId' in act))
    return act.what === 'join'
      ? api.post('/api/public/appointments/:token/waiting/join', { path, query })
      : api.post('/api/public/appointments/:token/waiting/leave', { path, query })
  const body = { offerId: act.offerId }
  if (act.what === 'accept') return api.post('/api/public/appointments/:token/offer/accept', { path, query, body })
  return api.post('/api/public/appointments/:token/offer/decline', { path, query, body })
}

export function Earlier({
  token,
  waiting,
  language,
  queryKey,
}: {
  token: string
  waiting: Waiting | null
  language: CitizenLanguage
  queryKey: readonly unknown[]
}) {
  const { earlier: words } = citizenWords[language]
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (what: Act) => send(token, what, language),
    onSuccess(now) {
      client.setQueryData(queryKey, now)
      goToStep('earlier')
    },
    // The time may have gone to somebody else meanwhile.
    onError: () => void client.invalidateQueries({ queryKey }),
  })
  const offer = waiting?.offer
  const press = (what: Act) => () => act.mutate(what)
  const told = (instant: string) => [longDay(Date.parse(instant), language, serverNow()), clock(Date.parse(instant), language)]
  const [day = '', time = ''] = offer ? told(offer.start) : []
  return (
    <section className="col" tabIndex={-1} {...stepAt('earlier')}>
      {act.isError && <Notice tone="late" live title={problemIn(language, act.error)} />}
      {offer ? (
        <Notice tone="info" title={filled(words.offerTitle, { day, time })}>
          {filled(words.offerText, { until: told(offer.until).join(', ') })}
          <div className="row wrap earlier-answers">
            <Button tone="primary" isPending={act.isPending} onPress={press({ what: 'accept', offerId: offer.id })}>
              {words.accept}
            </Button>
            <Button isPending={act.isPending} onPress={press({ what: 'decline', offerId: offer.id })}>
              {words.decline}
            </Button>
          </div>
        </Notice>
      ) : waiting ? (
        <Notice
          tone="info"
          title={words.waits}
          action={
            <Button isPending={act.isPending} onPress={press({ what: 'leave' })}>
              {words.leave}
            </Button>
          }
        >
          {words.waitsText}
        </Notice>
      ) : (
        <div className="row wrap">
          <small className="grow">{words.joinText}</small>
          <Button isPending={act.isPending} onPress={press({ what: 'join' })}>
            {words.join}
          </Button>
        </div>
      )}
    </section>
  )
}
