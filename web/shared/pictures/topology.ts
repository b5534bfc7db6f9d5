/** Reads a TopoJSON of areas (the TopoJSON Format Specification, version 1) and makes paths of it for an SVG. Pure. */

/** A line as differences of whole numbers. */
type Arc = readonly (readonly number[])[]

interface Area {
  type: string
  properties: { sign: string; name: string }
  /** Rings of numbers of arcs; those below zero are arcs backwards. One level more for areas of several parts. */
  arcs: readonly (readonly number[] | readonly (readonly number[])[])[]
}

export interface Topology {
  arcs: readonly Arc[]
  transform: { scale: readonly number[]; translate: readonly number[] }
  objects: { provinces: { geometries: readonly Area[] } }
}

export interface Shape {
  sign: string
  name: string
  /** Of an SVG path. */
  path: string
}

type Point = readonly [x: number, y: number]

/**
 * The areas as paths in a picture of the given width, the north above. Degrees are drawn as they lie in the middle of the country, which for Italy
 * deceives nobody.
 */
export function shapesOf(topology: Topology, width: number): { shapes: Shape[]; height: number } {
  const { scale, translate } = topology.transform
  const points = topology.arcs.map(arc => absolute(arc, scale, translate))
  const all = points.flat()
  const xs = all.map(([x]) => x)
  const ys = all.map(([, y]) => y)
  const [west, east] = [Math.min(...xs), Math.max(...xs)]
  const [south, north] = [Math.min(...ys), Math.max(...ys)]
  const across = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const factor = width / ((east - west) * across)
  const drawn = points.map(arc =>
    arc.map(([x, y]): Point => [Math.round((x - west) * across * factor * 10) / 10, Math.round((north - y) * factor * 10) / 10]),
  )
  const shapes = topology.objects.provinces.geometries.map(({ type, properties, arcs }) => {
    const rings = (type === 'MultiPolygon' ? arcs.flat(1) : arcs) as readonly (readonly number[])[]
    return { ...properties, path: rings.map(ring => pathOf(ring, drawn)).join('') }
  })
  return { shapes, height: Math.ceil((north - south) * factor) }
}

/** The picture around some shapes: its corner, width and height. */
export function boxOf(shapes: readonly Shape[]): { x: number; y: number; width: number; height: number } {
  const numbers = shapes.flatMap(({ path }) => [...path.matchAll(/[\d.]+/g)].map(([text]) => Number(text)))
  const xs = numbers.filter((_, i) => i % 2 === 0)
  const ys = numbers.filter((_, i) => i % 2 === 1)
  const [x, y] = [xs.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.min(a, b))]
  return { x, y, width: xs.reduce((a, b) => Math.max(a, b)) - x, height: ys.reduce((a, b) => Math.max(a, b)) - y }
}

function absolute(arc: Arc, scale: readonly number[], translate: readonly number[]): Point[] {
  let [x, y] = [0, 0]
  return arc.map(([dx = 0, dy = 0]) => {
    x += dx
    y += dy
    return [x * (scale[0] ?? 1) + (translate[0] ?? 0), y * (scale[1] ?? 1) + (translate[1] ?? 0)]
  })
}

/** A ring of arcs; of points that fall together only the first is drawn. */
function pathOf(ring: readonly number[], arcs: readonly (readonly Point[])[]): string {
  const points = ring.flatMap(number => (number < 0 ? (arcs[~number] ?? []).toReversed() : (arcs[number] ?? [])))
  const apart = points.filter(([x, y], i) => i === 0 || x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1])
  return apart.length < 4 ? '' : `M${apart.map(([x, y]) => `${x} ${y}`).join('L')}Z`
}
