/** A past day as it was, of one section or of all. */
import { useTranslation } from 'react-i18next'
import { longDay } from '../shared/time.ts'
import { Card, EmptyState } from '../shared/ui/index.ts'
import { LevelChart, WaitsChart } from './charts.tsx'
import { useFigures } from './figures.ts'
import { figuresOf, type PastDay } from './model.ts'
import { Tiles } from './numbers.tsx'

export default function DayAsItWas({ past, section, of }: { past: PastDay; section: string; of: string }) {
  const { t, i18n } = useTranslation('web-planner')
  const { number, percent, seconds } = useFigures()
  const figures = figuresOf(past.asItWas, section)
  const day = longDay(Date.parse(`${past.day}T12:00:00Z`), i18n.language, Date.now())
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

/** A title begins large, also where it begins with the name of a day. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
