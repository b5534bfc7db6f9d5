/** How the citizen of an appointment waits for an earlier time; what they say at the counter or at the telephone is done here. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '../../src/agenda/model.ts'
import type { OfferCallOutcome } from '../../src/telephony/events.ts'
import { api } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { clock, longDay, told } from '../shared/time.ts'
import { Button, Card, ErrorState, Phone, Pill, Problem, Time, type Tone } from '../shared/ui/index.ts'
import type { Step } from './appointments.ts'

export function WaitingCard({
  appointment: { id, waiting },
  why,
  run,
}: {
  appointment: Appointment
  /** Why nothing can be done; null when it can. */
  why: string | null
  run: (step: Step) => Promise<Appointment>
}) {
  const { t, i18n } = useTranslation('web-agency')
  const [problem, setProblem] = useState<unknown>(null)
  const [isPending, setPending] = useState(false)
  const press = (step: Step) => () => {
    setProblem(null)
    setPending(true)
    run(step)
      .then(() => goToStep('waiting'), setProblem)
      .finally(() => setPending(false))
  }
  const said = (instant: string) =>
    [longDay(Date.parse(instant), i18n.language), clock(Date.parse(instant), i18n.language)].join(', ')
  const offer = waiting?.offer
  const since = waiting && told(Date.parse(waiting.since), i18n.language, { day: 'numeric', month: 'long' })
  return (
    <Card title={t('waiting.title')}>
      <div className="col">
        <p>
          {offer
            ? t(offer.byTelephone ? 'waiting.offeredByTelephone' : 'waiting.offered', {
                time: said(offer.start),
                until: said(offer.until),
              })
            : waiting
              ? t('waiting.waits', { since })
              : t('waiting.none')}
        </p>
        <Problem error={problem} />
        <div className="row wrap" data-step="waiting">
          {offer && (
            <>
              <Button
                tone="primary"
                why={why}
                isPending={isPending}
                onPress={press({ name: 'accept', body: { offerId: offer.id } })}
              >
                {t('waiting.accept')}
              </Button>
              <Button why={why} isPending={isPending} onPress={press({ name: 'decline', body: { offerId: offer.id } })}>
                {t('waiting.decline')}
              </Button>
            </>
          )}
          {waiting ? (
            <Button why={why} isPending={isPending} onPress={press({ name: 'stop-waiting' })}>
              {t('waiting.leave')}
            </Button>
          ) : (
            <Button why={why} isPending={isPending} onPress={press({ name: 'wait' })}>
              {t('waiting.join')}
            </Button>
          )}
        </div>
        <OfferCalls appointmentId={id} />
      </div>
    </Card>
  )
}

/** When the citizen was called about what is offered, or was, and what came of it. */
function OfferCalls({ appointmentId }: { appointmentId: string }) {
  const { t, i18n } = useTranslation('web-agency')
  const calls = useQuery({
    queryKey: ['offer-calls', appointmentId],
    queryFn: ({ signal }) => api.get('/api/appointments/:appointmentId/offer-calls', { path: { appointmentId }, signal }),
    meta: { live: ['appointment.'] },
  })
  if (calls.isError) return <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />
  const items = calls.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section aria-label={t('waiting.calls')}>
      <h3>{t('waiting.calls')}</h3>
      <ul className="calls" aria-live="polite">
        {items.map(({ id, askedAt, number, outcome, stage }) => (
          <li key={id} className="row wrap">
            <Time at={askedAt}>
              {[longDay(Date.parse(askedAt), i18n.language), clock(Date.parse(askedAt), i18n.language)].join(', ')}
            </Time>
            <span className="grow">
              <Phone number={number} />
            </span>
            <Pill small tone={outcome === null ? 'info' : (tones[outcome] ?? 'late')}>
              {outcome === null ? t(`waiting.stage.${stage === 'ended' ? 'answered' : stage}`) : t(`waiting.outcome.${outcome}`)}
            </Pill>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Of what is settled; the rest is late. */
const tones: Readonly<Partial<Record<OfferCallOutcome, Tone>>> = {
  accepted: 'ok',
  kept: 'plain',
  'no-more': 'plain',
  over: 'plain',
}
