/** One number: how it is answered, what is planned for it, what was decided and why. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NumberChange, OfficeNumberView } from '../../src/organisation/model.ts'
import { api, serverNow } from '../shared/api.ts'
import { longDay } from '../shared/time.ts'
import { Ago, Button, Card, classes, ErrorState, Loading, Notice, notify, phoneText } from '../shared/ui/index.ts'
import { Mode } from './mode.tsx'
import { ReasonDialog, ScheduleDialog } from './number-dialogs.tsx'

type Question = 'schedule' | 'reverse' | 'cancel' | null

export function NumberDetail({ number, mayPlan }: { number: string; mayPlan: boolean }) {
  const { t, i18n } = useTranslation('web-admin')
  const client = useQueryClient()
  const [opened, setOpened] = useState<Question>(null)
  const found = useQuery({
    queryKey: ['number', number],
    queryFn: ({ signal }) => api.get('/api/numbers/:number', { path: { number }, signal }),
    meta: { live: ['number.'] },
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const plan = found.data
  const keep = (changed: OfficeNumberView) => {
    client.setQueryData(['number', number], changed)
    void client.invalidateQueries({ queryKey: ['numbers'] })
    setOpened(null)
    notify(t('numbers.done'))
  }
  const why = mayPlan ? null : t('numbers.onlyPlanners')
  return (
    <article>
      <header className="row top wrap">
        <div className="grow">
          <h1 className="num">{phoneText(plan.number)}</h1>
          <small>{plan.unit.name}</small>
        </div>
        <Mode mode={plan.mode} />
      </header>
      <Card>
        <p>{t(`numbers.now.${plan.mode}`, { line: phoneText(plan.officeNumber) })}</p>
        {plan.fallback && <p className="small">{t('numbers.fallback', { line: phoneText(plan.fallback) })}</p>}
        {plan.next && (
          <Notice tone="wait">
            {t(`numbers.planned.${plan.next.mode}`, { day: longDay(Date.parse(plan.next.from), i18n.language, serverNow()) })}
          </Notice>
        )}
        <div className="row wrap" style={{ marginTop: 12 }}>
          {plan.next ? (
            <Button why={why} onPress={() => setOpened('cancel')}>
              {t('numbers.cancel')}
            </Button>
          ) : (
            <Button
              tone={plan.mode === 'direct' ? 'primary' : 'plain'}
              icon="calendar"
              why={why}
              onPress={() => setOpened('schedule')}
            >
              {t(plan.mode === 'direct' ? 'numbers.planChannelled' : 'numbers.planDirect')}
            </Button>
          )}
          <Button
            icon="restore"
            why={why ?? (plan.since === null ? t('numbers.neverChanged') : null)}
            onPress={() => setOpened('reverse')}
          >
            {t('numbers.reverse')}
          </Button>
        </div>
      </Card>
      <Card title={t('numbers.decisions')} level="h2">
        {plan.changes.length === 0 ? (
          <p className="muted">{t('numbers.noDecisions')}</p>
        ) : (
          <ol className="timeline">
            {plan.changes.map((change, index) => (
              <Decision key={change.id} change={change} isNewest={index === 0} />
            ))}
          </ol>
        )}
      </Card>
      <ScheduleDialog plan={plan} isOpen={opened === 'schedule'} onClose={() => setOpened(null)} onDone={keep} />
      <ReasonDialog act="reverse" plan={plan} isOpen={opened === 'reverse'} onClose={() => setOpened(null)} onDone={keep} />
      <ReasonDialog act="cancel" plan={plan} isOpen={opened === 'cancel'} onClose={() => setOpened(null)} onDone={keep} />
    </article>
  )
}

function Decision({ change, isNewest }: { change: NumberChange; isNewest: boolean }) {
  const { t, i18n } = useTranslation('web-admin')
  return (
    <li className={classes(isNewest && !change.cancelled && 'now')}>
      <b>{t(`numbers.modes.${change.mode}`)}</b>{' '}
      {t('numbers.fromDay', { day: longDay(Date.parse(change.from), i18n.language, serverNow()) })}
      <br />
      <small>
        {change.decidedBy} · <Ago at={change.decidedAt} /> · {change.reason}
      </small>
      {change.cancelled && (
        <p className="quote">
          {t('numbers.cancelledBy', { name: change.cancelled.by })}: {change.cancelled.reason}
        </p>
      )}
    </li>
  )
}
