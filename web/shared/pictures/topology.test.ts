import { expect, test } from 'vitest'
import italy from './italy-provinces.topo.json' with { type: 'json' }
import { boxOf, shapesOf, type Topology } from './topology.ts'

test('two squares side by side share an arc, drawn forwards in one and backwards in the other', () => {
  const squares: Topology = {
    transform: { scale: [1, 1], translate: [0, -0.5] },
    arcs: [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 1],
        [-1, 0],
        [0, -1],
        [1, 0],
      ],
      [
        [1, 0],
        [1, 0],
        [0, 1],
        [-1, 0],
      ],
    ],
    objects: {
      provinces: {
        geometries: [
          { type: 'Polygon', properties: { sign: 'AA', name: 'West' }, arcs: [[0, 1]] },
          { type: 'MultiPolygon', properties: { sign: 'BB', name: 'East' }, arcs: [[[2, ~0]]] },
        ],
      },
    },
  }
  const { shapes, height } = shapesOf(squares, 200)
  expect(height).toBe(100)
  expect(shapes.map(({ path }) => path)).toEqual(['M100 100L100 0L0 0L0 100L100 100Z', 'M100 100L200 100L200 0L100 0L100 100Z'])
  expect(boxOf(shapes.slice(1))).toEqual({ x: 100, y: 0, width: 100, height: 100 })
})

test('each of the 107 provinces has a shape and a sign of its own', () => {
  const { shapes } = shapesOf(italy as unknown as Topology, 400)
  expect(new Set(shapes.map(({ sign }) => sign)).size).toBe(107)
  expect(shapes.filter(({ path }) => path === '')).toEqual([])
})
