/** A past day as it was, of one section or of all. */
import { useTranslation } from 'react-i18next'
import { serverNow } from '../shared/api.ts'
import { useExpected } from '../shared/expected.ts'
import { worthDrawing } from '../shared/pictures/half-hours.ts'
import { HalfHours } from '../shared/pictures/half-hours.tsx'
import { longDay } from '../shared/time.ts'
import { Card, EmptyState } from '../shared/ui/index.ts'
import { LevelChart, WaitsChart } from './charts.tsx'
import { useFigures } from './figures.ts'
import { everySection, figuresOf, type PastDay, type SimulatedDayFigures } from './model.ts'
import { Tiles } from './numbers.tsx'

export default function DayAsItWas({ past, section, of }: { past: PastDay; section: string; of: string }) {
  const { t, i18n } = useTranslation('web-planner')
  const { number, percent, seconds } = useFigures()
  const figures = figuresOf(past.asItWas, section)
  const day = longDay(Date.parse(`${past.day}T12:00:00Z`), i18n.language, serverNow())
  if (figures.arrived === 0)
    return (
      <Card>
        <EmptyState title={capital(t('day.none', { day, of }))} icon="calendar">
          {t('day.noneText')}
        </EmptyState>
      </Card>
    )
  return (
    <Card level="h2" title={capital(t('day.title', { day, of, level: percent(figures.serviceLevel) }))}>
      <Tiles
        tiles={[
          { name: t('results.calls'), value: number(figures.arrived) },
          { name: t('results.level'), value: percent(figures.serviceLevel) },
          { name: t('results.wait'), value: seconds(figures.averageSpeedOfAnswerMs) },
          { name: t('results.longest'), value: seconds(figures.longestWaitMs) },
          { name: t('results.abandoned'), value: percent(figures.abandonment) },
          { name: t('results.occupancy'), value: percent(figures.occupancy) },
        ]}
      />
      <Against past={past} section={section} figures={figures} />
      <div className="pair">
        <div>
          <h3>{t('results.byHalfHour')}</h3>
          <LevelChart series={{ real: figures }} clock={past.halfHours} />
        </div>
        <div>
          <h3>{t('results.waits')}</h3>
          <WaitsChart series={{ real: figures }} />
        </div>
      </div>
    </Card>
  )
}

/** What came against what the weeks before let expect. */
function Against({ past, section, figures }: { past: PastDay; section: string; figures: SimulatedDayFigures }) {
  const { t } = useTranslation('web-planner')
  const expected = useExpected(past.day, section === everySection ? undefined : section)
  if (!expected) return null
  const halves = figures.halfHours.map((half, i) => {
    const at = past.halfHours[i] ?? ''
    return { at, arrived: half.arrived, expected: expected.get(at) ?? null, over: 1 }
  })
  return (
    <div>
      <h3>{t('day.against')}</h3>
      <HalfHours halves={worthDrawing(halves)} />
    </div>
  )
}

/** A title begins large, also where it begins with the name of a day. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
