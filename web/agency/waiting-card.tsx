/** How the citizen of an appointment waits for an earlier time; what they say at the counter or at the telephone is done here. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Appointment } from '../../src/agenda/model.ts'
import { goToStep } from '../shared/focus.ts'
import { clock, longDay, told } from '../shared/time.ts'
import { Button, Card, Problem } from '../shared/ui/index.ts'
import type { Step } from './appointments.ts'

export function WaitingCard({
  appointment: { waiting },
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
            ? t('waiting.offered', { time: said(offer.start), until: said(offer.until) })
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
      </div>
    </Card>
  )
}
