/** The rules of the counters by themselves: who is next and for how long nobody is, what each entry does, what each duration means, what is expected. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationsOf } from './durations.ts'
import {
  type EntryDetail,
  effects,
  fitsState,
  type VisitEntry,
  type VisitEntryKind,
  visitEntryKinds,
  visitStandingOf,
} from './effects.ts'
import { expectedWait, type Measured, measuredAt, measuredOf, minSamples } from './expected.ts'
import { defaultRules as rules } from './model.ts'
import { boundsOfClasses, byCallBy, callByOf, chooseNext, overtakenWithinMs, type WaitingVisit } from './policy.ts'

const minute = 60_000
const desk = { id: 'desk 1', services: [] }

let numbers = 0
function visit(arrived: number, more: Partial<WaitingVisit> & { due?: number } = {}): WaitingVisit {
  const { due, ...rest } = more
  const arrival = {
    visitClass: due === undefined ? ('ordinary' as const) : ('appointment' as const),
    priority: null,
    arrivedAt: arrived * minute,
    dueAt: due === undefined ? null : due * minute,
    ...rest,
  }
  const id = `A${String(++numbers).padStart(4, '0')}`
  return {
    ...{ id, code: id, serviceId: 's', notBefore: null, onlyDeskId: null, hasReturned: false, wasTransferred: false },
    ...arrival,
    callBy: callByOf(arrival, rules),
    ...rest,
  }
}
const next = (waiting: readonly WaitingVisit[], at: number, at_ = desk) => chooseNext(waiting, at_, rules, at * minute)

describe('who is next', () => {
  test('whoever is to be called first, by the minutes of the class', () => {
    const ordinary = visit(0)
    const fast = visit(20, { visitClass: 'fast' })
    const due = visit(10, { due: 24 })
    const priority = visit(21, { priority: 'pregnancy' })
    // To be called by 40, 30, 29 and 26.
    const order = [priority, due, fast, ordinary]
    expect([ordinary, fast, due, priority].toSorted(byCallBy)).toEqual(order)
    expect(next([ordinary, fast, due, priority], 21)).toEqual({
      visit: priority,
      reason: { rule: 'priority', callBy: new Date(26 * minute).toISOString(), before: due.code },
    })
  })

  test('an appointment takes its turn from its due window on, and may be called earlier when there is nobody else', () => {
    const due = visit(0, { due: 60 })
    const ordinary = visit(40)
    expect(next([due, ordinary], 54)?.visit).toBe(ordinary)
    // Nobody who has time until minute 80 is called just before it.
    expect(next([due, ordinary], 55)?.visit).toBe(due)
    expect(next([due], 29)).toBeUndefined()
    expect(next([due], 30)).toMatchObject({ visit: due, reason: { rule: 'early' } })
  })

  test('who comes late keeps the right of the appointment for so many minutes, then waits like everybody', () => {
    const [inTime, tooLate, before] = [visit(25, { due: 10 }), visit(26, { due: 10 }), visit(1)]
    expect(inTime.callBy).toBe(30 * minute)
    expect(tooLate.callBy).toBe(66 * minute)
    expect(next([tooLate, before], 26)?.visit).toBe(before)
    expect(next([tooLate], 26)?.reason.rule).toBe('late')
  })

  test('the bound of each class is a number', () => {
    expect(boundsOfClasses(rules)).toEqual({ appointment: 0, fast: 5, ordinary: 35 })
  })

  test('not whoever was called in vain and has a pause, is for another desk, or wants what the desk does not serve', () => {
    expect(next([visit(0, { notBefore: 10 * minute })], 9)).toBeUndefined()
    expect(next([visit(0, { notBefore: 10 * minute })], 10)).toBeDefined()
    expect(next([visit(0, { onlyDeskId: 'desk 2' })], 9)).toBeUndefined()
    expect(next([visit(0)], 9, { id: 'desk 1', services: ['other'] as never })).toBeUndefined()
  })

  test('nobody is passed over by who comes later than the bound of the class, however dense the appointments', () => {
    const arrivals = fc.record({
      arrived: fc.integer({ min: 0, max: 480 }),
      kind: fc.constantFrom('ordinary', 'fast', 'priority', 'appointment', 'appointment', 'appointment'),
      ahead: fc.integer({ min: -20, max: 60 }),
    })
    fc.assert(
      fc.property(fc.array(arrivals, { minLength: 20, maxLength: 120 }), fc.integer({ min: 6, max: 15 }), (people, service) => {
        const visits = people.map(({ arrived, kind, ahead }) =>
          kind === 'appointment'
            ? visit(arrived, { due: arrived + ahead })
            : kind === 'priority'
              ? visit(arrived, { priority: 'age' })
              : visit(arrived, { visitClass: kind === 'fast' ? 'fast' : 'ordinary' }),
        )
        // One desk, never idle while somebody can be called; on average an appointment every few minutes.
        const called: { visit: WaitingVisit; at: number }[] = []
        for (let now = 0; called.length < visits.length; ) {
          const here = visits.filter(each => each.arrivedAt <= now * minute && !called.some(call => call.visit === each))
          const choice = next(here, now)
          if (choice) called.push({ visit: choice.visit, at: now })
          now += choice ? service : 1
        }
        for (const { visit: waited, at } of called) {
          const from = Math.max(waited.arrivedAt, waited.dueAt ?? 0)
          const bound = from + overtakenWithinMs(waited, rules)
          const passing = called.filter(
            other =>
              other.at < at && other.at * minute >= from && Math.max(other.visit.arrivedAt, other.visit.dueAt ?? 0) > bound,
          )
          expect(passing).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Entries of a visit, a minute each, the first at minute 0. */
function story(...steps: (readonly [VisitEntryKind, number, EntryDetail?])[]): VisitEntry[] {
  return steps.map(([kind, at, detail = {}]) => ({
    kind,
    at: at * minute,
    deskId: kind.startsWith('called') ? 'desk 1' : null,
    detail,
  }))
}
const arrived = ['arrived', 0, { callBy: 40 * minute }] as const

describe('what an entry does', () => {
  const minutes = (entries: VisitEntry[], now: number) =>
    Object.fromEntries(
      Object.entries(durationsOf(entries, now * minute)).map(([name, ms]) => [name, ms === null ? null : ms / minute]),
    )

  test('every kind leads from some state to another, and an arrival from none', () => {
    for (const kind of visitEntryKinds) expect(effects[kind].from.length > 0, kind).toBe(kind !== 'arrived')
    expect(fitsState('came', 'called')).toBe(true)
    expect(fitsState('came', 'waiting')).toBe(false)
  })

  test('called in vain: a pause, called again, missed, back: a new count, and the wait stays that of the first call', () => {
    const vain = story(arrived, ['called', 10], ['set-back', 12, { notBefore: 17 * minute }], ['called', 20])
    expect(visitStandingOf(vain.slice(0, 3))).toMatchObject({
      state: 'waiting',
      calls: 1,
      notBefore: 17 * minute,
      callBy: 40 * minute,
    })
    expect(visitStandingOf(vain)).toMatchObject({ state: 'called', calls: 2, notBefore: null, deskId: 'desk 1' })
    const back = [...vain, ...story(['missed', 22], ['returned', 30, { callBy: 40 * minute }])]
    expect(visitStandingOf(back)).toMatchObject({ state: 'waiting', calls: 0, hasReturned: true })
    expect(minutes([...back, ...story(['called', 33], ['came', 34])], 40)).toMatchObject({ wait: 10, way: 1, service: 6 })
  })

  test('a misclick takes the call back, with its repetitions: count, place and wait are as before', () => {
    const entries = story(arrived, ['called', 10], ['called-again', 11], ['misclicked', 12])
    expect(visitStandingOf(entries)).toMatchObject({
      state: 'waiting',
      calls: 0,
      firstCalledAt: null,
      deskId: null,
      callBy: 40 * minute,
    })
    expect(minutes(entries, 15)).toMatchObject({ wait: 15, way: null })
  })

  test('parked is neither wait nor service; the next call takes it up', () => {
    const entries = story(
      arrived,
      ['called', 5],
      ['came', 6, { officerId: 'o' }],
      ['parked', 16],
      ['called', 30],
      ['came', 31],
      ['closed', 36],
    )
    expect(visitStandingOf(entries.slice(0, 4))).toMatchObject({ state: 'parked', officerId: 'o', deskId: null })
    expect(minutes(entries, 90)).toEqual({ wait: 5, way: 2, service: 15, parked: 14, between: null, early: null, late: null })
  })

  test('transferred: one visit, its first wait and its place stay, the second wait has a name of its own', () => {
    const entries = story(
      arrived,
      ['called', 5],
      ['came', 6],
      ['transferred', 10, { serviceId: 'other' }],
      ['called', 14],
      ['came', 15],
    )
    expect(visitStandingOf(entries.slice(0, 4))).toMatchObject({
      state: 'waiting',
      calls: 0,
      serviceId: 'other',
      callBy: 40 * minute,
    })
    expect(minutes([...entries, ...story(['closed', 20])], 90)).toMatchObject({ wait: 5, way: 2, service: 9, between: 4 })
  })

  test('taken back: what was said to have come, ended or left is as before', () => {
    const came = story(arrived, ['called', 5], ['came', 6])
    expect(visitStandingOf([...came, ...story(['taken-back', 7])])).toMatchObject({ state: 'called', cameAt: null })
    expect(visitStandingOf([...came, ...story(['closed', 9], ['taken-back', 10])])).toMatchObject({
      state: 'serving',
      endedAt: null,
    })
    expect(visitStandingOf(story(arrived, ['left', 9], ['taken-back', 10]))).toMatchObject({ state: 'waiting' })
  })

  test('an appointment waits from its time on; early and late are told apart', () => {
    const early = story(['arrived', 0, { dueAt: 20 * minute }], ['called', 22])
    expect(minutes(early.slice(0, 1), 10)).toMatchObject({ wait: null, early: 20, late: 0 })
    expect(minutes(early, 30)).toMatchObject({ wait: 2 })
    expect(minutes(story(['arrived', 25, { dueAt: 20 * minute }], ['called', 27]), 30)).toMatchObject({
      wait: 2,
      early: 0,
      late: 5,
    })
    expect(minutes(story(['arrived', 0, { dueAt: 20 * minute }], ['called', 15]), 30)).toMatchObject({ wait: 0 })
  })

  test('not served at the end of the day: waited until then', () => {
    const entries = story(arrived, ['unserved', 50])
    expect(visitStandingOf(entries)).toMatchObject({ state: 'unserved', endedAt: 50 * minute })
    expect(minutes(entries, 90)).toMatchObject({ wait: 50, service: null })
  })
})

describe('the expected wait', () => {
  const known: Measured = { samples: 100, meanMs: 10 * minute, deviationMs: 3 * minute }
  const newcomer = { now: 0, callBy: 40 * minute, queue: [], atDesks: [], desks: 1 }

  test('is not known without desks or with too few measured times', () => {
    const few = { ...known, samples: minSamples - 1 }
    const ahead = (measured: Measured | undefined) => ({ ...newcomer, queue: [{ callBy: 0, from: 0, measured }] })
    expect(expectedWait({ ...newcomer, desks: 0 })).toBeUndefined()
    expect(expectedWait(ahead(few))).toBeUndefined()
    expect(expectedWait(ahead(undefined))).toBeUndefined()
    expect(expectedWait(newcomer)).toEqual({ minMs: 0, maxMs: 0 })
    const { minMs = 0, maxMs = 0 } = expectedWait(ahead(known)) ?? {}
    expect([minMs < 10 * minute, maxMs > 10 * minute, maxMs < 30 * minute]).toEqual([true, true, true])
  })

  test('uses the hour of the day where it has enough', () => {
    const times = [
      ...Array.from({ length: 30 }, () => ({ hour: 9, ms: 600 })),
      ...Array.from({ length: 30 }, () => ({ hour: 12, ms: 60 })),
    ]
    expect(measuredAt(times, 9)?.meanMs).toBe(600)
    expect(measuredAt(times, 15)?.meanMs).toBe(330)
    expect(measuredOf([])).toBeUndefined()
  })

  test.each([1, 2, 3, 4, 5])('holds for four in five waits of a simulated day (seed %i)', seed => {
    const { inside, told } = simulatedDay(seed)
    expect(told).toBeGreaterThan(40)
    expect(inside / told).toBeGreaterThanOrEqual(0.8)
  })
})

/** A day of four desks with walk-ins and appointments; who has no appointment is told a range on arrival, as the kiosk does. */
function simulatedDay(seed: number): { inside: number; told: number } {
  const random = seeded(seed)
  const serviceMinutes = () => 3 + 7 * (0.4 + 1.2 * random())
  const measured = measuredOf(Array.from({ length: 300 }, () => serviceMinutes() * minute))
  const desks = 4
  const all: WaitingVisit[] = []
  for (let at = 0; at < 240; at += -Math.log(1 - random()) * 4.2) all.push(visit(at))
  for (let due = 10; due < 300; due += 5) all.push(visit(due - 12 * random(), { due }))
  const busy: { until: number; since: number }[] = []
  const waiting: WaitingVisit[] = []
  const coming = all.toSorted((a, b) => a.arrivedAt - b.arrivedAt)
  const told = new Map<string, { minMs: number; maxMs: number }>()
  const calledAt = new Map<string, number>()
  for (let now = 0; calledAt.size < all.length; now += minute / 4) {
    for (const [at, { until }] of [...busy.entries()].toReversed()) if (until <= now) busy.splice(at, 1)
    while (coming[0] && coming[0].arrivedAt <= now) {
      const arriving = coming.shift()
      if (!arriving) break
      if (arriving.dueAt === null) {
        const expected = coming.filter(each => each.dueAt !== null)
        const range = expectedWait({
          now,
          callBy: arriving.callBy,
          queue: [...waiting, ...expected].map(({ callBy, dueAt }) => ({
            callBy,
            measured,
            from: (dueAt ?? now) - rules.dueWindowMinutes * minute,
          })),
          atDesks: busy.map(({ since }) => ({ measured, since })),
          desks,
        })
        if (range) told.set(arriving.id, range)
      }
      waiting.push(arriving)
    }
    while (busy.length < desks) {
      const choice = chooseNext(waiting, desk, rules, now)
      if (!choice) break
      waiting.splice(waiting.indexOf(choice.visit), 1)
      calledAt.set(choice.visit.id, now)
      busy.push({ since: now, until: now + serviceMinutes() * minute })
    }
  }
  let inside = 0
  for (const [id, { minMs, maxMs }] of told) {
    const waited = (calledAt.get(id) ?? 0) - (all.find(each => each.id === id)?.arrivedAt ?? 0)
    if (waited >= minMs - minute && waited <= maxMs + minute) inside++
  }
  return { inside, told: told.size }
}

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
