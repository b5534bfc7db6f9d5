/** Calls of today by half hours against what was expected: a picture for the eye, and the same as a table. */
import { useTranslation } from 'react-i18next'
import type { DayFigures } from '../../src/monitoring/model.ts'
import { useExpected } from '../shared/expected.ts'
import { against, soFar, worthDrawing } from '../shared/pictures/half-hours.ts'
import { HalfHours } from '../shared/pictures/half-hours.tsx'
import { clock } from '../shared/time.ts'
import { Card, EmptyState, useNow } from '../shared/ui/index.ts'
import { peakOf } from './headline.ts'

const halfHourMs = 1_800_000

export function DayChart({ figures }: { figures: DayFigures }) {
  const { t, i18n } = useTranslation('web-monitoring')
  const expected = useExpected(figures.day)
  const time = (instant: number) => clock(instant, i18n.language)
  // The forecast writes 09:30 in every language.
  const halves = against(figures.slots, expected, instant => clock(instant, 'en-GB').padStart(5, '0'), useNow())
  const peak = peakOf(figures.slots)
  const { arrived, expected: expectedByNow } = soFar(halves)
  const { expected: expectedInAll } = soFar(halves.map(half => ({ ...half, over: 1 })))
  if (!peak && !expectedInAll)
    return (
      <Card>
        <EmptyState title={t('day.none')} icon="chart-line">
          {t('day.noneText')}
        </EmptyState>
      </Card>
    )
  const title =
    expectedByNow !== null
      ? t('day.against', { count: arrived, expected: expectedByNow })
      : peak
        ? t('day.title', {
            count: figures.total,
            from: time(Date.parse(peak.start)),
            until: time(Date.parse(peak.start) + halfHourMs),
            peak: peak.arrivals,
          })
        : t('day.none')
  return (
    <Card level="h2" title={title}>
      <HalfHours halves={worthDrawing(halves)} />
    </Card>
  )
}
