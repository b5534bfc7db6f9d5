/** The citizen would rather come earlier: joins the list, leaves it, or answers what is offered. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LinkedAppointment } from '../../src/agenda/links/model.ts'
import type { Waiting } from '../../src/agenda/waiting/model.ts'
import { api } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { clock, longDay } from '../shared/time.ts'
import { Button, Notice, Problem } from '../shared/ui/index.ts'

type Act = { what: 'join' | 'leave' } | { what: 'accept' | 'decline'; offerId: string }

function send(token: string, act: Act): Promise<LinkedAppointment> {
  const path = { token }
  if (!('offerId' in act))
    return act.what === 'join'
      ? api.post('/api/public/appointments/:token/waiting/join', { path })
      : api.post('/api/public/appointments/:token/waiting/leave', { path })
  const body = { offerId: act.offerId }
  if (act.what === 'accept') return api.post('/api/public/appointments/:token/offer/accept', { path, body })
  return api.post('/api/public/appointments/:token/offer/decline', { path, body })
}

export function Earlier({ token, waiting, queryKey }: { token: string; waiting: Waiting | null; queryKey: readonly string[] }) {
  const { t, i18n } = useTranslation('web-appointment')
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (what: Act) => send(token, what),
    onSuccess(now) {
      client.setQueryData(queryKey, now)
      goToStep('earlier')
    },
    // The time may have gone to somebody else meanwhile.
    onError: () => void client.invalidateQueries({ queryKey }),
  })
  const offer = waiting?.offer
  const press = (what: Act) => () => act.mutate(what)
  const told = (instant: string) => [
    longDay(Date.parse(instant), i18n.language, Date.now()),
    clock(Date.parse(instant), i18n.language),
  ]
  const [day, time] = offer ? told(offer.start) : []
  return (
    <section className="col" tabIndex={-1} {...stepAt('earlier')}>
      <Problem error={act.error} />
      {offer ? (
        <Notice tone="info" title={t('earlier.offerTitle', { day, time })}>
          {t('earlier.offerText', { until: told(offer.until).join(', ') })}
          <div className="row wrap earlier-answers">
            <Button tone="primary" isPending={act.isPending} onPress={press({ what: 'accept', offerId: offer.id })}>
              {t('earlier.accept')}
            </Button>
            <Button isPending={act.isPending} onPress={press({ what: 'decline', offerId: offer.id })}>
              {t('earlier.decline')}
            </Button>
          </div>
        </Notice>
      ) : waiting ? (
        <Notice
          tone="info"
          title={t('earlier.waits')}
          action={
            <Button isPending={act.isPending} onPress={press({ what: 'leave' })}>
              {t('earlier.leave')}
            </Button>
          }
        >
          {t('earlier.waitsText')}
        </Notice>
      ) : (
        <div className="row wrap">
          <small className="grow">{t('earlier.joinText')}</small>
          <Button isPending={act.isPending} onPress={press({ what: 'join' })}>
            {t('earlier.join')}
          </Button>
        </div>
      )}
    </section>
  )
}
