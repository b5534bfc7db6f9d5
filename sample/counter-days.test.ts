/** What has gone on at the sample's counters: as the rules have it, and nothing after the instant at which the sample is loaded. */
import { expect, test } from 'vitest'
import { buildPeople, planner } from './accounts.ts'
import { buildCounterDays } from './counter-days.ts'
import { buildCounters } from './counters.ts'
import { buildOrganisation } from './organisation.ts'
import { readTerritory } from './territory.ts'

test('days of some dozens of visits, one at a desk at a time, and in the morning somebody waits', () => {
  const { units } = buildOrganisation(readTerritory(), planner)
  const counters = buildCounters(units)
  // Tuesday 24 November 2026, 11:00 in Rome.
  const now = Date.UTC(2026, 10, 24, 10)
  const visits = buildCounterDays(counters, buildPeople(units), { now, timeZone: 'Europe/Rome' })
  expect(visits.length).toBeGreaterThan(500)
  expect(new Set(visits.map(({ unit, day, code }) => `${unit.id} ${day} ${code}`)).size).toBe(visits.length)
  expect(visits.flatMap(({ entries }) => entries).filter(({ at }) => at > now)).toEqual([])
  expect(visits.filter(({ entries }) => entries.length === 1).length).toBeGreaterThan(0)
  const atDesks = Map.groupBy(
    visits.flatMap(({ entries }) => {
      const [called, ended] = [entries[1], entries.at(-1)]
      return called && ended?.kind === 'closed' ? [{ desk: called.deskId, from: called.at, until: ended.at }] : []
    }),
    ({ desk }) => desk,
  )
  for (const stays of atDesks.values()) {
    const inOrder = stays.toSorted((a, b) => a.from - b.from)
    expect(inOrder.filter((stay, n) => (inOrder[n + 1]?.from ?? Number.POSITIVE_INFINITY) < stay.until)).toEqual([])
  }
})
