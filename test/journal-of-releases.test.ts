/**
 * The journal is for years: what any release wrote is read by this one. `fixtures/journal/` holds one file for each release, a line for each shape
 * that its types have, the optional fields once there and once not, each word of a closed list once. A file is never edited after its release;
 * a new type or version adds lines to `next.jsonl`, which takes the name of the release when there is one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readEntry } from '../src/platform/index.ts'
import { allEntries } from './support/entries.ts'

const folder = join(import.meta.dirname, 'fixtures', 'journal')
const Line = z.object({ type: z.string(), version: z.number().int().positive(), payload: z.record(z.string(), z.unknown()) })

const lines = readdirSync(folder).flatMap(file =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line, i) => ({ ...Line.parse(JSON.parse(line)), where: `${file}:${i + 1}` })),
)

test('every entry that a release has written is read', () => {
  const unread = lines.flatMap(line => {
    const reading = readEntry(line)
    return reading.is === 'read'
      ? []
      : [`${line.where} ${line.type}: ${reading.is === 'other' ? 'nobody defines it' : reading.reason}`]
  })
  expect(unread).toEqual([])
})

test('every type is there, in each version that it has had', () => {
  const there = new Set(lines.map(({ type, version }) => `${type} ${version}`))
  const missing = allEntries.flatMap(({ type, version }) =>
    Array.from({ length: version }, (_, i) => `${type} ${i + 1}`).filter(each => !there.has(each)),
  )
  expect(allEntries.length).toBeGreaterThan(100)
  expect(missing).toEqual([])
})
