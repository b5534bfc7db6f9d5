import { expect, test } from 'vitest'
import { axisOf } from './day-axis.ts'

const minutes = (at: string) => Number(at.slice(0, 2)) * 60 + Number(at.slice(3))
const lia = { id: '1', name: 'Lia Moro' }
const at = (start: string, end: string, officer: typeof lia | null = lia) => ({ start, end, officer })

test('each officer has a row; who has none comes last; what overlaps lies below', () => {
  const axis = axisOf(
    [at('09:00', '10:00', null), at('09:30', '10:30', null), at('10:00', '10:30', null), at('11:00', '12:00')],
    minutes,
    'Sportello',
  )
  expect(axis.rows.map(row => [row.name, row.lanes, row.blocks.map(block => block.lane)])).toEqual([
    ['Lia Moro', 1, [0]],
    ['Sportello', 2, [0, 1, 0]],
  ])
  expect([axis.hours[0], axis.hours.at(-1)]).toEqual([8, 14])
  expect(axis.rows[0]?.blocks[0]).toMatchObject({ left: 0.5, width: expect.closeTo(1 / 6) })
  expect([axis.placeOf(11 * 60), axis.placeOf(15 * 60)]).toEqual([0.5, null])
})

test('the axis reaches as far as somebody comes', () => {
  const { hours } = axisOf([at('07:30', '08:00'), at('16:00', '16:30')], minutes, '')
  expect([hours[0], hours.at(-1)]).toEqual([7, 17])
})
