/** Which time zones the check finds. */
import { expect, test } from 'vitest'
import { timeZones } from './time-zones.ts'

test('a zone that is written in is found; an example in a schema, a comment and a folder are none', () => {
  expect(timeZones("a()\nletterDay(now, language, 'Europe/Rome')")).toEqual([{ line: 2, zone: 'Europe/Rome' }])
  expect(timeZones("z.string().meta({ example: 'Europe/Rome' })")).toEqual([])
  expect(timeZones("// as in 'Europe/Rome'\nimport a from '../Europe/a.ts'")).toEqual([])
})
