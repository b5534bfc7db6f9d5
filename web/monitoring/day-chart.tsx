/** Calls of today by half hours: a chart for the eye, and the same as a table. */
import { useTranslation } from 'react-i18next'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { DayFigures } from '../../src/monitoring/model.ts'
import { clock } from '../shared/time.ts'
import { Card, EmptyState } from '../shared/ui/index.ts'
import { drawn, peakOf } from './headline.ts'

const halfHourMs = 1_800_000

export default function DayChart({ figures }: { figures: DayFigures }) {
  const { t, i18n } = useTranslation('web-monitoring')
  const time = (instant: string | number) => clock(typeof instant === 'number' ? instant : Date.parse(instant), i18n.language)
  const hourOf = (instant: string) =>
    Number(
      new Intl.DateTimeFormat('en-GB', { timeZone: figures.timeZone, hour: '2-digit', hourCycle: 'h23' }).format(
        Date.parse(instant),
      ),
    )
  const slots = drawn(figures.slots, hourOf)
  const peak = peakOf(figures.slots)
  const title = peak
    ? t('day.title', {
        count: figures.total,
        from: time(peak.start),
        until: time(Date.parse(peak.start) + halfHourMs),
        peak: peak.arrivals,
      })
    : t('day.none')
  if (!peak)
    return (
      <Card>
        <EmptyState title={title} icon="chart-line">
          {t('day.noneText')}
        </EmptyState>
      </Card>
    )
  const rows = slots.map(slot => ({ ...slot, name: time(slot.start) }))
  return (
    <Card level="h2" title={title}>
      <small>{t('day.unit')}</small>
      <div className="day-chart" aria-hidden="true">
        <ResponsiveContainer width="100%" height={200}>
          <BarChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="name"
              tickLine={false}
              axisLine={{ stroke: 'var(--line)' }}
              interval={3}
              fontSize={12}
              stroke="var(--ink-3)"
            />
            <YAxis allowDecimals={false} width={34} tickLine={false} axisLine={false} fontSize={12} stroke="var(--ink-3)" />
            <Tooltip
              cursor={{ fill: '#eef2f5' }}
              formatter={value => [String(value), t('day.arrivals')]}
              labelFormatter={label => String(label)}
            />
            <Bar dataKey="arrivals" fill="var(--chart)" radius={[2, 2, 0, 0]} isAnimationActive={false} />
          </BarChart>
        </ResponsiveContainer>
      </div>
      <details>
        <summary className="small">{t('day.asTable')}</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('day.halfHour')}</th>
              <th scope="col" className="right">
                {t('day.arrivals')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.start}>
                <th scope="row" className="num">
                  {row.name}
                </th>
                <td className="right num">{row.arrivals}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  )
}
