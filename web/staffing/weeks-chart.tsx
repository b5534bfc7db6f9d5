/** Arrivals, what was solved and the backlog, week by week. The same as a table lies below: the picture itself is silent. */
import { useTranslation } from 'react-i18next'
import { Bar, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { WorkloadWeek } from '../../src/staffing/model.ts'
import { dayWithMonth } from '../shared/time.ts'
import { Numbers } from '../shared/ui/number-table.tsx'
import { useFigures } from './figures.ts'

const grid = 'var(--line)'
const ink = 'var(--ink-3)'
const axis = { tickLine: false, fontSize: 12, stroke: ink } as const
const margin = { top: 8, right: 8, bottom: 0, left: 0 } as const
/** Words of a legend are read, and must not have the pale colour of what they name. */
const word = (name: string) => <span style={{ color: ink, fontSize: 13 }}>{name}</span>

export function WeeksChart({ weeks }: { weeks: readonly WorkloadWeek[] }) {
  const { t, i18n } = useTranslation('web-staffing')
  const { whole, percent, age } = useFigures()
  const rows = weeks.map(each => ({ ...each, label: dayWithMonth(each.week, i18n.language) }))
  return (
    <>
      <div className="chart" aria-hidden="true">
        <ResponsiveContainer width="100%" height={240}>
          <ComposedChart data={rows} margin={margin} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke={grid} />
            <XAxis dataKey="label" axisLine={{ stroke: grid }} interval="preserveStartEnd" minTickGap={24} {...axis} />
            <YAxis allowDecimals={false} width={44} axisLine={false} {...axis} />
            <Tooltip />
            <Legend formatter={word} />
            <Bar name={t('week.arrived')} dataKey="arrived" fill="var(--chart-3)" isAnimationActive={false} />
            <Bar name={t('week.closed')} dataKey="closed" fill="var(--chart)" isAnimationActive={false} />
            <Line
              name={t('week.backlog')}
              dataKey="backlog"
              stroke="var(--ink)"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
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
