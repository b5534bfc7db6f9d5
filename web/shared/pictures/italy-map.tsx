/** Italy by province: each province is of one kind, told by colour and pattern, and by a table beside it. */
import italy from './italy-provinces.topo.json' with { type: 'json' }
import { boxOf, shapesOf, type Topology } from './topology.ts'
import './pictures.css'

/** How a province is drawn: filled, hatched, dotted, or empty; or as little to much of something, in four steps. */
export type Shade = 'full' | 'some' | 'soon' | 'none' | 'step-1' | 'step-2' | 'step-3' | 'step-4'

const width = 360
const drawn = shapesOf(italy as unknown as Topology, width)

export default function ItalyMap({
  label,
  lookOf,
  wordsOf,
  isShown,
}: {
  label: string
  lookOf: (sign: string) => Shade
  /** What is said of a province under the pointer. */
  wordsOf: (sign: string, name: string) => string
  /** Of a part of the country: the provinces that belong to it. */
  isShown?: (sign: string) => boolean
}) {
  const shapes = isShown ? drawn.shapes.filter(({ sign }) => isShown(sign)) : drawn.shapes
  const box = isShown && shapes.length > 0 ? boxOf(shapes) : { x: 0, y: 0, width, height: drawn.height }
  const edge = box.width / 180
  return (
    <svg
      className="italy"
      viewBox={`${box.x - edge} ${box.y - edge} ${box.width + 2 * edge} ${box.height + 2 * edge}`}
      role="img"
      aria-label={label}
    >
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
      {shapes.map(({ sign, name, path }) => (
        <path key={sign} d={path} className={`province ${lookOf(sign)}`}>
          <title>{wordsOf(sign, name)}</title>
        </path>
      ))}
    </svg>
  )
}
