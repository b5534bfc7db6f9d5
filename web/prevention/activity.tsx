/** One activity: when and for whom, how it stands, its materials, its effect, and what was done. */
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Activity, ActivityState } from '../../src/prevention/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { goToStep, stepAt } from '../shared/focus.ts'
import { Ago, Button, Card, EmptyState, ErrorState, Loading, notify, PagedList, Pill } from '../shared/ui/index.ts'
import { ActivityDialog } from './activity-dialog.tsx'
import { daysOf } from './days.ts'
import { EffectCard } from './effect.tsx'
import { Materials } from './materials.tsx'
import { useActivity, useHistory, useTakeIn } from './queries.ts'
import { StepDialog } from './step-dialog.tsx'
import { toneOf } from './tones.ts'

export function ActivityDetail({ activityId }: { activityId: string }) {
  const activity = useActivity(activityId)
  if (activity.data) return <ActivityPage activity={activity.data} />
  if (activity.error) return <ErrorState error={activity.error} onRetry={() => void activity.refetch()} />
  return <Loading />
}

function ActivityPage({ activity }: { activity: Activity }) {
  const { t, i18n } = useTranslation('web-prevention')
  const takeIn = useTakeIn()
  const [changing, setChanging] = useState(false)
  const [step, setStep] = useState<ActivityState | null>(null)
  const undo = useMutation({
    mutationFn: (version: number) => api.post('/api/prevention/:activityId/undo', { path: { activityId: activity.id }, version }),
    onSuccess(saved) {
      takeIn(saved)
      notify(t('undone', { state: t(`states.${saved.state}`) }))
      goToStep('activity-steps')
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const [main, ...others] = activity.steps
  return (
    <article className="activity">
      <header className="row top wrap">
        <div className="grow">
          <h2>{activity.title}</h2>
          <small>
            <span className="num">#{activity.number}</span> · {t(`kinds.${activity.kind}`)} · {activity.region ?? t('country')}
          </small>
          <div>
            <small>
              {activity.unit.name} · {t('changedBy', { name: activity.changedBy })} <Ago at={activity.changedAt} />
            </small>
          </div>
        </div>
        <Pill tone={toneOf[activity.state]}>{t(`states.${activity.state}`)}</Pill>
      </header>
      {(activity.change.allowed || activity.undo) && (
        <div className="row wrap" {...stepAt('activity-steps')}>
          {main !== undefined && (
            <Button tone="primary" icon="check" onPress={() => setStep(main)}>
              {t(`take.${main}`)}
            </Button>
          )}
          {others.map(each => (
            <Button key={each} onPress={() => setStep(each)}>
              {t(`take.${each}`)}
            </Button>
          ))}
          {activity.change.allowed && (
            <Button icon="pencil" onPress={() => setChanging(true)}>
              {t('change')}
            </Button>
          )}
          {activity.undo && (
            <Button tone="quiet" icon="restore" isPending={undo.isPending} onPress={() => undo.mutate(activity.version)}>
              {t('undoStep')}
            </Button>
          )}
        </div>
      )}
      {activity.reason !== '' && (
        <Card title={t(`reasons.${activity.state === 'refused' ? 'refused' : 'cancelled'}`)}>
          <p className="prose">{activity.reason}</p>
        </Card>
      )}
      <Card title={t('plan')}>
        <dl className="activity-facts">
          <Fact label={t('when')}>{daysOf(activity, i18n.language, days => t('span', days)) ?? t('noDay')}</Fact>
          {activity.place !== '' && <Fact label={t('fields.place')}>{activity.place}</Fact>}
          <Fact label={t('fields.addresseeIds')}>{namesOf(activity.addressees) || t('nobodyYet')}</Fact>
          <Fact label={t('fields.personIds')}>{namesOf(activity.people) || t('nobodyYet')}</Fact>
          <Fact label={t('fields.typologyIds')}>{namesOf(activity.typologies) || t('noTypologies')}</Fact>
          {activity.participants !== null && (
            <Fact label={t('fields.participants')}>
              <span className="num">{activity.participants}</span>
            </Fact>
          )}
        </dl>
        <p className="prose">{activity.aim}</p>
      </Card>
      {activity.assessment !== '' && (
        <Card title={t('fields.assessment')}>
          <p className="prose">{activity.assessment}</p>
        </Card>
      )}
      {activity.outcome !== '' && (
        <Card title={t('fields.outcome')}>
          <p className="prose">{activity.outcome}</p>
        </Card>
      )}
      {activity.state === 'done' && <EffectCard activity={activity} />}
      <Materials activity={activity} />
      <History activityId={activity.id} />
      {activity.change.allowed && (
        <ActivityDialog
          activity={activity}
          isOpen={changing}
          onClose={() => setChanging(false)}
          onSaved={() => setChanging(false)}
        />
      )}
      {step !== null && <StepDialog activity={activity} to={step} onClose={() => setStep(null)} />}
    </article>
  )
}

const namesOf = (named: readonly { name: string }[]): string => named.map(({ name }) => name).join(', ')

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function History({ activityId }: { activityId: string }) {
  const { t } = useTranslation('web-prevention')
  const history = useHistory(activityId)
  return (
    <Card title={t('history')}>
      <PagedList query={history} empty={<EmptyState title={t('noHistory')} icon="clock" />}>
        {items => (
          <ol className="activity-history">
            {items.map(({ id, what, text, by, at }) => (
              <li key={id}>
                {what}
                {text !== '' && `: ${text}`}{' '}
                <small>
                  {by} · <Ago at={at} />
                </small>
              </li>
            ))}
          </ol>
        )}
      </PagedList>
    </Card>
  )
}
