/** Italy by province: each province is of one kind, told by colour and pattern, and by a table beside it. */
import italy from './italy-provinces.topo.json' with { type: 'json' }
import { shapesOf, type Topology } from './topology.ts'
import './pictures.css'

/** How a province is drawn: filled, hatched, dotted, or empty. */
export type Look = 'full' | 'some' | 'soon' | 'none'

const width = 360
const drawn = shapesOf(italy as unknown as Topology, width)

export default function ItalyMap({
  label,
  lookOf,
  wordsOf,
}: {
  label: string
  lookOf: (sign: string) => Look
  /** What is said of a province under the pointer. */
  wordsOf: (sign: string, name: string) => string
}) {
  return (
    <svg className="italy" viewBox={`-2 -2 ${width + 4} ${drawn.height + 4}`} role="img" aria-label={label}>
      <defs>
        <pattern id="italy-some" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className="italy-paper" />
          <rect width="2.5" height="5" className="italy-ink" />
        </pattern>
        <pattern id="italy-soon" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="5" className="italy-paper" />
          <circle cx="2.5" cy="2.5" r="1.3" className="italy-amber" />
        </pattern>
      </defs>
      {drawn.shapes.map(({ sign, name, path }) => (
        <path key={sign} d={path} className={`province ${lookOf(sign)}`}>
          <title>{wordsOf(sign, name)}</title>
        </path>
      ))}
    </svg>
  )
}
