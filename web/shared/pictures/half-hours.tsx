/** Arrived against expected in each half hour: bars for what came, a stepped line for what was expected; the same as a table. */
import { useTranslation } from 'react-i18next'
import type { HalfHour } from './half-hours.ts'
import './pictures.css'

/** Every second hour has its name below the picture. */
const namedEvery = 4

export function HalfHours({ halves }: { halves: readonly HalfHour[] }) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 })
  const top = niceTop(Math.max(1, ...halves.map(half => Math.max(half.arrived, half.expected ?? 0))))
  const y = (calls: number) => 100 - (100 * calls) / top
  const hasExpected = halves.some(half => half.expected !== null)
  const now = halves.reduce((sum, half) => sum + half.over, 0)
  return (
    <div className="half-hours">
      <ul className="small legend-list">
        <li>
          <span className="swatch bar" aria-hidden="true" /> {t('pictures.arrived')}
        </li>
        {hasExpected && (
          <li>
            <span className="swatch step" aria-hidden="true" /> {t('pictures.expected')}
          </li>
        )}
      </ul>
      <div className="plot" aria-hidden="true">
        <span className="tiny num top">{top}</span>
        <span className="tiny num bottom">0</span>
        <svg viewBox={`0 0 ${halves.length} 100`} preserveAspectRatio="none" aria-hidden="true">
          <line className="rule" x1="0" x2={halves.length} y1="0" y2="0" />
          <line className="rule" x1="0" x2={halves.length} y1="50" y2="50" />
          {halves.map((half, i) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: half hours have nothing but their place; one hour of a year comes twice
              key={i}
              className="arrived"
              x={i + 0.14}
              width={0.72}
              y={y(half.arrived)}
              height={100 - y(half.arrived)}
            >
              <title>{`${half.at}: ${half.arrived}`}</title>
            </rect>
          ))}
          {hasExpected && <path className="expected" d={steps(halves, y)} />}
          {now > 0 && now < halves.length && <line className="now" x1={now} x2={now} y1="0" y2="100" />}
          <line className="base" x1="0" x2={halves.length} y1="100" y2="100" />
        </svg>
        <div className="hours">
          {halves.map((half, i) =>
            i % namedEvery === 0 ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <span key={i} className="tiny num" style={{ left: `${(100 * i) / halves.length}%` }}>
                {half.at}
              </span>
            ) : null,
          )}
        </div>
      </div>
      <details>
        <summary className="small">{t('pictures.asTable')}</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('pictures.halfHour')}</th>
              <th scope="col" className="right">
                {t('pictures.arrived')}
              </th>
              {hasExpected && (
                <th scope="col" className="right">
                  {t('pictures.expected')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {halves.map((half, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <tr key={i}>
                <th scope="row" className="num">
                  {half.at}
                </th>
                <td className="right num">{half.over === 0 ? '' : half.arrived}</td>
                {hasExpected && <td className="right num">{half.expected === null ? '' : number.format(half.expected)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}

/** One stair a half hour; a gap where nothing is expected. */
function steps(halves: readonly HalfHour[], y: (calls: number) => number): string {
  return halves
    .map(({ expected }, i) => {
      if (expected === null) return ''
      const begins = i === 0 || halves[i - 1]?.expected === null ? `M${i} ${y(expected)}` : `L${i} ${y(expected)}`
      return `${begins}L${i + 1} ${y(expected)}`
    })
    .join('')
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not below. */
function niceTop(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map(times => times * ten).find(top => top >= most) ?? 10 * ten
}
