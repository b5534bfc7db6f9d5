import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { about, actorOf, defineEvent, payloadOf, readEntry } from './event.ts'
import { writtenOf } from './journal.ts'

const moved = defineEvent('test.moved', about('program'), {
  version: 3,
  payload: z.object({ to: z.string(), reason: z.enum(['wish', 'rule']) }),
  from: { 1: ({ section }) => ({ to: section }), 2: old => ({ reason: 'rule', ...old }) },
})
const other = defineEvent('test.other', about('program'), z.object({}))
const written = (version: number, payload: unknown, type = 'test.moved') => writtenOf({ type, version, payload })

describe('an entry is read', () => {
  test('as it was written, when it is of the version of now', () => {
    expect(payloadOf(moved, written(3, { to: 'pensions', reason: 'wish' }))).toEqual({ to: 'pensions', reason: 'wish' })
  })

  test('step by step, when it is of an older one', () => {
    expect(payloadOf(moved, written(2, { to: 'pensions' }))).toEqual({ to: 'pensions', reason: 'rule' })
    expect(payloadOf(moved, written(1, { section: 'pensions' }))).toEqual({ to: 'pensions', reason: 'rule' })
  })

  test('by its own type only', () => {
    expect(moved.read(written(1, {}, 'test.other'))).toEqual({ is: 'other' })
    expect(readEntry(written(1, {}, 'test.nobody-defines'))).toEqual({ is: 'other' })
    expect(payloadOf(other, written(1, {}, 'test.other'))).toEqual({})
  })
})

describe('reading never throws: an entry is unreadable', () => {
  test('and newer, when a newer release wrote it', () => {
    expect(readEntry(written(4, {}))).toMatchObject({
      is: 'unreadable',
      why: 'newer',
      reason: expect.stringContaining('version 4'),
    })
  })

  test.each<[string, number, unknown]>([
    ['a field that is missing', 3, { to: 'pensions' }],
    ['a word that is not in the list', 3, { to: 'pensions', reason: 'mood' }],
    ['an older shape that was wrong already', 1, { section: 7 }],
    ['a version that never was', 0, { section: 'pensions' }],
    ['null', 3, null],
    ['a list', 3, []],
    ['a text', 3, 'pensions'],
    ['a number', 3, 7],
  ])('and damaged: %s', (_what, version, payload) => {
    expect(readEntry(written(version, payload))).toMatchObject({ is: 'unreadable', why: 'damaged' })
    expect(payloadOf(moved, written(version, payload))).toBeUndefined()
  })

  test('and damaged, though its type has no fields, when it is no object', () => {
    expect(readEntry(written(1, null, 'test.other'))).toMatchObject({ is: 'unreadable', why: 'damaged' })
  })

  test('without telling in the reason what stands in it', () => {
    expect(JSON.stringify(readEntry(written(3, { to: 393331234567, reason: 'wish' })))).not.toContain('393331234567')
  })
})

test('a type whose older version nobody can read is refused where it is defined', () => {
  const payload = z.object({ a: z.string() })
  expect(() => defineEvent('test.gap', about('program'), { version: 3, payload, from: { 1: old => old } })).toThrow('version 2')
})

test('an actor of an unknown kind is somebody unknown', () => {
  expect(actorOf({ kind: 'citizen', channel: 'telephone' })).toEqual({ kind: 'citizen', channel: 'telephone' })
  for (const garbage of [null, 7, [], {}, { kind: 'machine' }, { kind: 'person' }])
    expect(actorOf(garbage)).toEqual({ kind: 'system', name: 'unknown' })
})
