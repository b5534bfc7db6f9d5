/** How charts look, and the one that more than one area draws. The picture itself is silent: each chart has the same as a table below it. */
import type { ReactElement } from 'react'
import { Bar, CartesianGrid, ComposedChart, Legend, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

const ink = 'var(--ink-3)'
export const gridColour = 'var(--line)'
export const chartAxis = { tickLine: false, fontSize: 12, stroke: ink } as const
export const chartMargin = { top: 8, right: 8, bottom: 0, left: 0 } as const

/** Words of a legend are read, and must not have the pale colour of what they name. */
export const legendWord = (name: string) => <span style={{ color: ink, fontSize: 13 }}>{name}</span>

/** @param height in pixels; it is as wide as there is room */
export function Chart({ height, children }: { height: number; children: ReactElement }) {
  return (
    <div className="chart" aria-hidden="true">
      <ResponsiveContainer width="100%" height={height}>
        {children}
      </ResponsiveContainer>
    </div>
  )
}

interface Shown<T> {
  key: keyof T & string
  name: string
}

/** Figures of each step of time as bars beside each other, and one as a line across them. @param x the key of what stands below a step */
export function BarsAndLine<T extends object>({
  rows,
  x,
  bars,
  line,
}: {
  rows: readonly T[]
  x: keyof T & string
  bars: readonly (Shown<T> & { fill: string })[]
  line: Shown<T>
}) {
  // Recharts knows keys as mere strings.
  const named = (key: keyof T & string): string => key
  return (
    <Chart height={240}>
      <ComposedChart data={[...rows]} margin={chartMargin} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke={gridColour} />
        <XAxis dataKey={named(x)} axisLine={{ stroke: gridColour }} interval="preserveStartEnd" minTickGap={24} {...chartAxis} />
        <YAxis allowDecimals={false} width={44} axisLine={false} {...chartAxis} />
        <Tooltip />
        <Legend formatter={legendWord} />
        {bars.map(({ key, name, fill }) => (
          <Bar key={key} name={name} dataKey={named(key)} fill={fill} isAnimationActive={false} />
        ))}
        <Line
          name={line.name}
          dataKey={named(line.key)}
          stroke="var(--ink)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
      </ComposedChart>
    </Chart>
  )
}
