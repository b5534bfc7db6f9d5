/** The planner's charts. Each has the same as a table below it: the picture itself is silent. */
import { useTranslation } from 'react-i18next'
import { Bar, BarChart, CartesianGrid, ComposedChart, Legend, Line, Tooltip, XAxis, YAxis } from 'recharts'
import { BarsAndLine, Chart, chartAxis, chartMargin, gridColour, legendWord } from '../shared/chart.tsx'
import { Numbers } from '../shared/ui/number-table.tsx'
import { useFigures } from './figures.ts'
import { levels, type SimulatedDayFigures, waits } from './model.ts'

/** Days that are drawn over each other, in this order; the keys are those of `results.*`. */
export type Series = Readonly<Partial<Record<'real' | 'before' | 'after', SimulatedDayFigures | null>>>

const looks = {
  real: { stroke: '#8aa0b4', strokeDasharray: '5 4', fill: '#c5d0da' },
  before: { stroke: 'var(--ink-3)', strokeDasharray: '0', fill: '#9db9d6' },
  after: { stroke: 'var(--chart)', strokeDasharray: '0', fill: 'var(--chart)' },
} as const
const names = ['real', 'before', 'after'] as const

function drawn(series: Series): { name: (typeof names)[number]; figures: SimulatedDayFigures }[] {
  return names.flatMap(name => {
    const figures = series[name]
    return figures ? [{ name, figures }] : []
  })
}

const byName = (list: ReturnType<typeof drawn>) => Object.fromEntries(list.map(({ name, figures }) => [name, figures]))

/** The share answered in time in each half hour, above the calls. */
export function LevelChart({ series, clock }: { series: Series; clock: readonly string[] }) {
  const { t } = useTranslation('web-planner')
  const { number, percent } = useFigures()
  const list = drawn(series)
  const rows = levels(byName(list), clock)
  const cell = (value: unknown) => (typeof value === 'number' ? percent(value / 100) : '–')
  return (
    <>
      <Chart height={220}>
        <ComposedChart data={rows} margin={chartMargin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke={gridColour} />
          <XAxis dataKey="at" axisLine={{ stroke: gridColour }} interval="preserveStartEnd" minTickGap={24} {...chartAxis} />
          <YAxis yAxisId="share" domain={[0, 100]} unit=" %" width={52} axisLine={false} {...chartAxis} />
          <YAxis yAxisId="calls" orientation="right" width={40} axisLine={false} allowDecimals={false} {...chartAxis} />
          <Tooltip formatter={(value, name) => (name === t('results.calls') ? number(Number(value)) : `${String(value)} %`)} />
          <Legend formatter={legendWord} />
          <Bar yAxisId="calls" name={t('results.calls')} dataKey="calls" fill="var(--chart-3)" isAnimationActive={false} />
          {list.map(({ name }) => (
            <Line
              key={name}
              yAxisId="share"
              name={t(`results.${name}`)}
              dataKey={name}
              stroke={looks[name].stroke}
              strokeDasharray={looks[name].strokeDasharray}
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
          ))}
        </ComposedChart>
      </Chart>
      <details>
        <summary className="small">{t('results.asTable')}</summary>
        <Numbers
          caption={t('results.byHalfHour')}
          head={[t('results.halfHour'), t('results.calls'), ...list.map(({ name }) => t(`results.${name}`))]}
          rows={rows.map((row, i) => ({
            key: `${row.at} ${i}`,
            cells: [row.at, number(row.calls), ...list.map(({ name }) => cell(row[name]))],
          }))}
        />
      </details>
    </>
  )
}

/** How long who was answered had waited. */
export function WaitsChart({ series }: { series: Series }) {
  const { t } = useTranslation('web-planner')
  const { percent, seconds } = useFigures()
  const list = drawn(series)
  const rows = waits(byName(list)).map(({ fromMs, belowMs, shares }) => ({
    span:
      belowMs === null
        ? t('results.longer', { than: seconds(fromMs) })
        : belowMs <= 1
          ? t('results.atOnce')
          : t('results.upTo', { to: seconds(belowMs) }),
    ...shares,
    shares,
  }))
  return (
    <>
      <Chart height={200}>
        <BarChart data={rows} margin={chartMargin} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke={gridColour} />
          <XAxis dataKey="span" axisLine={{ stroke: gridColour }} interval="preserveStartEnd" minTickGap={12} {...chartAxis} />
          <YAxis unit=" %" width={52} axisLine={false} {...chartAxis} />
          <Tooltip formatter={value => `${String(value)} %`} />
          <Legend formatter={legendWord} />
          {list.map(({ name }) => (
            <Bar key={name} name={t(`results.${name}`)} dataKey={name} fill={looks[name].fill} isAnimationActive={false} />
          ))}
        </BarChart>
      </Chart>
      <details>
        <summary className="small">{t('results.asTable')}</summary>
        <Numbers
          caption={t('results.waits')}
          head={[t('results.span'), ...list.map(({ name }) => t(`results.${name}`))]}
          rows={rows.map(row => ({
            key: row.span,
            cells: [row.span, ...list.map(({ name }) => percent((row.shares[name] ?? 0) / 100))],
          }))}
        />
      </details>
    </>
  )
}

/** People needed and on duty. */
export function StaffChart({ rows }: { rows: readonly { at: string; needed: number; onDuty: number }[] }) {
  const { t } = useTranslation('web-planner')
  return (
    <BarsAndLine
      rows={rows}
      x="at"
      bars={[{ key: 'onDuty', name: t('forecast.onDuty'), fill: 'var(--chart-4)' }]}
      line={{ key: 'needed', name: t('forecast.needed') }}
    />
  )
}
