/** Arrivals, what was solved and the backlog, week by week. The same as a table lies below: the picture itself is silent. */
import { useTranslation } from 'react-i18next'
import type { WorkloadWeek } from '../../src/staffing/model.ts'
import { BarsAndLine } from '../shared/chart.tsx'
import { dayWithMonth } from '../shared/time.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { useFigures } from './figures.ts'

export function WeeksChart({ weeks }: { weeks: readonly WorkloadWeek[] }) {
  const { t, i18n } = useTranslation('web-staffing')
  const { whole, percent, age } = useFigures()
  const rows = weeks.map(each => ({ ...each, label: dayWithMonth(each.week, i18n.language) }))
  return (
    <>
      <BarsAndLine
        rows={rows}
        x="label"
        bars={[
          { key: 'arrived', name: t('week.arrived'), fill: 'var(--chart-3)' },
          { key: 'closed', name: t('week.closed'), fill: 'var(--chart)' },
        ]}
        line={{ key: 'backlog', name: t('week.backlog') }}
      />
      <details>
        <summary className="small">{t('asTable')}</summary>
        <Numbers
          caption={t('weeks')}
          head={[
            t('week.from'),
            t('week.arrived'),
            t('week.closed'),
            t('week.inTime'),
            t('week.backlog'),
            t('week.age'),
            t('week.worked'),
          ]}
          rows={rows.toReversed().map(row => ({
            key: row.week,
            cells: [
              row.label,
              whole(row.arrived),
              whole(row.closed),
              percent(row.closed === 0 ? null : row.inTime / row.closed),
              whole(row.backlog),
              age(row.ageHours),
              t('hours', { count: Math.round(row.workedHours) }),
            ],
          }))}
        />
      </details>
    </>
  )
}
