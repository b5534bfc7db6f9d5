import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  configTable,
  languages,
  notFound,
  preferredLanguage,
  readConfig,
  sentence,
  things,
  uuids,
  virtualClock,
} from './index.ts'

describe('configuration', () => {
  test('a wrong value is named, with what it should be', () => {
    expect(() => readConfig({ PORT: 'many', DATABASE_URL: 'mysql://x', TIME_ZONE: 'Roma' })).toThrow(
      /PORT is "many".*port to listen on[\s\S]*DATABASE_URL is "mysql:\/\/x": must begin with postgres:\/\/[\s\S]*TIME_ZONE is "Roma": must be an IANA time zone/,
    )
  })
  test('empty counts as not set', () => {
    expect(readConfig({ PORT: '' }).PORT).toBe(8080)
  })
  test('every variable says what it is for', () => {
    expect(configTable().filter(row => row.meaning === '')).toEqual([])
  })
})

describe('languages', () => {
  test('the preferred of ours, Italian when there is none', () => {
    expect(preferredLanguage('fr, en;q=0.8, it;q=0.5')).toBe('en')
    expect(preferredLanguage('en;q=0.3, it;q=0.9')).toBe('it')
    expect(preferredLanguage('fr')).toBe('it')
    expect(preferredLanguage(undefined)).toBe('it')
  })
  test('any header at all gives a language', () => {
    fc.assert(fc.property(fc.string(), header => ['it', 'en'].includes(preferredLanguage(header))))
  })
  test('a sentence has its values, an unknown code is shown as it is', () => {
    expect(sentence('en', 'platform.noAddress', { address: '/a' })).toBe('There is nothing at this address: /a.')
    expect(sentence('it', 'platform.neverWritten')).toBe('platform.neverWritten')
  })
  test('what is not there has its word in the reader’s language', () => {
    expect(sentence('it', 'platform.notFound', notFound('call').values)).toMatch(/^Non si trova la chiamata:/)
    for (const language of languages)
      for (const what of things) {
        const said = sentence(language, 'platform.notFound', { what })
        expect(said).not.toMatch(/thing|\$t|\{\{/)
        if (language === 'it') expect(said).toMatch(/^Non si trova (il |lo |la |l')/)
      }
  })
})

test('identifiers are UUIDs of version 7 and sort by time', () => {
  const clock = virtualClock()
  const id = uuids(clock)
  const first = id()
  clock.advance(1)
  const second = id()
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(first < second).toBe(true)
})

test('a virtual clock runs what is due in order, each at its instant, and not what was cancelled', () => {
  const clock = virtualClock(0)
  const seen: [string, number][] = []
  const note = (name: string) => () => seen.push([name, clock.now()])
  clock.after(20, note('b'))
  clock.after(10, () => {
    note('a')()
    clock.after(5, note('nested'))
  })
  clock.after(15, note('cancelled'))()
  clock.advance(30)
  expect(seen).toEqual([
    ['a', 10],
    ['nested', 15],
    ['b', 20],
  ])
  expect(clock.now()).toBe(30)
})
