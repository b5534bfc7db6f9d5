/** Whether fewer tickets came after an activity than before it, with what the answer stands on. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { effectWeeks } from '../../src/prevention/choices.ts'
import type { Activity, ActivityEffect } from '../../src/prevention/model.ts'
import { CountBars } from '../shared/pictures/count-bars.tsx'
import { dayWithMonth } from '../shared/time.ts'
import { Card, ErrorState, Loading, Pill, Select } from '../shared/ui/index.ts'
import { useEffectOf } from './queries.ts'
import { toneOfVerdict } from './tones.ts'

const longest = 'longest'

export function EffectCard({ activity }: { activity: Activity }) {
  const { t } = useTranslation('web-prevention')
  const [weeks, setWeeks] = useState<number | null>(null)
  const effect = useEffectOf(activity.id, weeks)
  return (
    <Card
      title={t('effect.title')}
      aside={
        <Select
          label={t('effect.weeks')}
          hideLabel
          value={weeks === null ? longest : String(weeks)}
          onChange={id => setWeeks(id === null || id === longest ? null : Number(id))}
          choices={[
            { id: longest, label: t('effect.longest') },
            ...effectWeeks.map(count => ({ id: String(count), label: t('effect.weekCount', { count }) })),
          ]}
        />
      }
    >
      {effect.data && <Effect effect={effect.data} activity={activity} />}
      {effect.isPending && <Loading lines={2} />}
      {effect.error && !effect.data && <ErrorState error={effect.error} onRetry={() => void effect.refetch()} />}
    </Card>
  )
}

function Effect({ effect, activity }: { effect: ActivityEffect; activity: Activity }) {
  const { t, i18n } = useTranslation('web-prevention')
  const { verdict, before, after, ratio, low, high, elsewhere, dispersion, daysLeftOut } = effect
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 })
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  const change = (of: number) => percent.format(of - 1)
  return (
    <div className="activity-effect">
      <p>
        <Pill tone={toneOfVerdict[verdict]}>{t(`effect.verdicts.${verdict}`)}</Pill>
      </p>
      <p>{t(`effect.verdictTexts.${verdict}`)}</p>
      {before && after && (
        <>
          <CountBars
            title={t('effect.tickets', { territory: activity.region ?? t('country') })}
            bars={[
              { id: 'before', label: t('effect.before'), count: before.tickets, tone: 'calm' },
              { id: 'after', label: t('effect.after'), count: after.tickets, tone: 'calm' },
            ]}
          />
          <p className="small">
            {t('effect.spans', { before: spanOf(before, i18n.language), after: spanOf(after, i18n.language) })}
          </p>
          {ratio !== null && low !== null && (
            <p>
              {t('effect.change', { change: change(ratio) })}{' '}
              {high === null
                ? t('effect.intervalOpen', { low: change(low) })
                : t('effect.interval', { low: change(low), high: change(high) })}
            </p>
          )}
          {elsewhere !== null && <p>{t('effect.elsewhere', { change: change(elsewhere) })}</p>}
          <details>
            <summary>{t('effect.how')}</summary>
            <p className="small">
              {t('effect.howText', { confidence: percent.format(effect.confidence).replace('+', '') })}{' '}
              {dispersion > 1 && t('effect.dispersion', { factor: number.format(dispersion) })}{' '}
              {daysLeftOut > 0 && t('effect.holidays', { count: daysLeftOut })}
            </p>
          </details>
        </>
      )}
    </div>
  )
}

const spanOf = ({ from, until }: { from: string; until: string }, language: string): string =>
  `${dayWithMonth(from, language)} – ${dayWithMonth(until, language)}`
