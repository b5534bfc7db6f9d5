/** A small line of values through a day; its words are said by whoever draws it. */
import './pictures.css'

const width = 96
const height = 24

export function Sparkline({
  values,
  most,
  label,
}: {
  /** In order, at equal distances; null where there is none. */
  values: readonly (number | null)[]
  /** The height of the picture, so that several can be held against each other. */
  most: number
  label: string
}) {
  const step = width / Math.max(1, values.length - 1)
  const y = (value: number) => height - 2 - ((height - 4) * Math.min(value, most)) / most
  const points = values.flatMap((value, i) => (value === null ? [] : [`${round(i * step)} ${round(y(value))}`]))
  const [x = '0', last = '0'] = points.at(-1)?.split(' ') ?? []
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} focusable="false">
      <title>{label}</title>
      <line className="base" x1="0" x2={width} y1={height - 1} y2={height - 1} />
      <path d={`M${points.join('L')}`} />
      <circle cx={x} cy={last} r="2.2" />
    </svg>
  )
}

const round = (value: number): number => Math.round(value * 10) / 10
