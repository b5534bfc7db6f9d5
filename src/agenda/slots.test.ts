/** Free times: what is offered and what never is, on every day of the year. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, boundsOf, dayAt, instantOf, wallClock, weekdayOf } from '../platform/index.ts'
import type { BookingGroup, Share } from './model.ts'
import {
  type Calendar,
  calendarsOfSlot,
  firstFree,
  freeLanes,
  keptPlaces,
  type SlotRequest,
  slotsOfDay,
  timeOffered,
} from './slots.ts'

const zone = 'Europe/Rome'
const spring = '2027-03-28'
const autumn = '2026-10-25'
const at = (day: string, time: string) => instantOf(zone, day, Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
const clock = (instant: number) => {
  const { minutes } = wallClock(zone, instant)
  return [Math.floor(minutes / 60), minutes % 60].map(each => String(each).padStart(2, '0')).join(':')
}

const calendar = (given: Partial<Calendar> = {}): Calendar => ({
  id: 'a',
  officer: { id: 'lia', name: 'Lia Moro' },
  capacity: 1,
  openings: [
    { weekday: 5, opens: 540, closes: 720 },
    { weekday: 5, opens: 840, closes: 900 },
  ],
  extras: [],
  closures: [],
  taken: [],
  ...given,
})
const friday = '2026-11-27'
const asked = (given: Partial<SlotRequest> = {}): SlotRequest => ({
  durationMinutes: 30,
  preparationMinutes: 0,
  bufferMinutes: 0,
  shares: [],
  group: 'counter',
  noticeMinutes: 0,
  horizonDays: 400,
  now: at('2026-11-24', '09:00'),
  timeZone: zone,
  isHoliday: () => false,
  ...given,
})
const starts = (day: string, calendars: Calendar[], given: Partial<SlotRequest> = {}) =>
  slotsOfDay(day, calendars, asked(given)).slots.map(slot => clock(slot.start))

describe('free times', () => {
  test('fill the opening spans and leave out lunch', () => {
    expect(starts(friday, [calendar()])).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00', '11:30', '14:00', '14:30'])
  })

  test('of a longer service lie within one span whole', () => {
    expect(starts(friday, [calendar()], { durationMinutes: 50 })).toEqual(['09:00', '09:50', '10:40', '14:00'])
  })

  test('leave out what is taken, also where it lies across two times', () => {
    const taken = [{ lane: 0, start: at(friday, '09:45'), end: at(friday, '10:15') }]
    expect(starts(friday, [calendar({ taken })])).toEqual(['09:00', '10:30', '11:00', '11:30', '14:00', '14:30'])
  })

  test('begin no sooner than the notice, and on no day beyond the horizon', () => {
    const now = at(friday, '10:10')
    expect(starts(friday, [calendar()], { now, noticeMinutes: 60 })).toEqual(['11:30', '14:00', '14:30'])
    expect(starts(addDays(friday, 7), [calendar()], { now, horizonDays: 6 })).toEqual([])
    expect(starts(addDays(friday, 7), [calendar()], { now, horizonDays: 7 })).toHaveLength(8)
  })

  test('of several officers are one time with all who are free', () => {
    const other = calendar({
      id: 'b',
      officer: null,
      capacity: 3,
      taken: [{ lane: 1, start: at(friday, '09:00'), end: at(friday, '09:30') }],
    })
    const [first] = slotsOfDay(friday, [calendar(), other], asked()).slots
    expect(first?.places).toMatchObject([
      { calendar: { id: 'a' }, lane: 0 },
      { calendar: { id: 'b' }, lane: 0 },
      { calendar: { id: 'b' }, lane: 2 },
    ])
  })

  test('a closed day says why; a day with nothing left is full, not closed', () => {
    const holiday = slotsOfDay(friday, [calendar()], asked({ isHoliday: day => day === friday }))
    expect(holiday).toMatchObject({ state: 'closed', because: { kind: 'holiday' } })
    const closures = [{ firstDay: friday, lastDay: friday, opens: null, closes: null, reason: 'Sciopero' }]
    expect(slotsOfDay(friday, [calendar({ closures })], asked())).toMatchObject({
      state: 'closed',
      because: { kind: 'closure', reason: 'Sciopero' },
    })
    expect(slotsOfDay(addDays(friday, 1), [calendar({ closures })], asked())).toMatchObject({ state: 'closed', because: null })
    const taken = [{ lane: 0, start: at(friday, '08:00'), end: at(friday, '15:00') }]
    expect(slotsOfDay(friday, [calendar({ taken })], asked())).toMatchObject({ state: 'full', because: null, slots: [] })
  })

  test('a closure of some hours is cut out of the day', () => {
    const closures = [{ firstDay: '2026-11-20', lastDay: '2026-12-01', opens: 600, closes: 870, reason: 'Riunione' }]
    expect(starts(friday, [calendar({ closures })])).toEqual(['09:00', '09:30', '14:30'])
  })

  test('a day on which the clock is changed has times for its true length, none twice', () => {
    const allDay = calendar({ openings: [{ weekday: 7, opens: 0, closes: 1_440 }] })
    expect(slotsOfDay(spring, [allDay], asked()).slots).toHaveLength(46)
    const night = slotsOfDay(autumn, [allDay], asked({ now: at('2026-10-01', '09:00') })).slots
    expect(night).toHaveLength(50)
    expect(night.slice(3, 8).map(slot => clock(slot.start))).toEqual(['01:30', '02:00', '02:30', '02:00', '02:30'])
  })

  test('what opens in the hour that is missing opens when the clock jumps over it', () => {
    const early = calendar({ openings: [{ weekday: 7, opens: 150, closes: 240 }] })
    expect(starts(spring, [early])).toEqual(['03:00', '03:30'])
  })

  test('which calendars offer a time does not depend on what is taken', () => {
    const taken = [{ lane: 0, start: at(friday, '09:00'), end: at(friday, '09:30') }]
    const full = calendar({ taken })
    const offered = (time: string) => {
      const found = timeOffered(at(friday, time), [full], asked())
      return found ? calendarsOfSlot(found).map(({ id }) => id) : []
    }
    expect(offered('09:00')).toEqual(['a'])
    expect(offered('09:10')).toEqual([])
    expect(offered('12:00')).toEqual([])
  })

  test('leave the officer what is needed before and after', () => {
    const given = { preparationMinutes: 10, bufferMinutes: 5 }
    expect(starts(friday, [calendar()], given)).toEqual(['09:10', '09:55', '10:40', '11:25', '14:10'])
    const taken = [{ lane: 0, start: at(friday, '09:40'), end: at(friday, '09:45') }]
    expect(starts(friday, [calendar({ taken })], given)).toEqual(['09:55', '10:40', '11:25', '14:10'])
  })

  test('are there on a day that is open beyond the week', () => {
    const extras = [{ day: addDays(friday, 1), opens: 600, closes: 660 }]
    expect(starts(addDays(friday, 1), [calendar({ extras })])).toEqual(['10:00', '10:30'])
    expect(starts(addDays(friday, 8), [calendar({ extras })])).toEqual([])
  })

  test('that are kept for a group are offered to it, and to all once they are given free', () => {
    const shares = [{ group: 'cric' as const, percent: 25, freeHours: 24 }]
    const free = (given: Partial<SlotRequest>) => starts(friday, [calendar()], { shares, ...given }).length
    expect(free({ group: 'counter' })).toBe(6)
    expect(free({ group: 'cric' })).toBe(8)
    expect(free({ group: 'office' })).toBe(8)
    expect(free({ group: 'counter', now: at(friday, '08:00') - 86_400_000 })).toBe(6)
    expect(free({ group: 'counter', now: at(friday, '15:00') - 86_400_000 })).toBe(8)
  })
})

// --- whatever the calendar ------------------------------------------------------------------------------------------

const minutes = (max: number) => fc.integer({ min: 0, max: max / 5 }).map(n => n * 5)
const span = fc.tuple(minutes(1_435), fc.integer({ min: 1, max: 96 })).map(([opens, length]) => ({
  opens,
  closes: Math.min(1_440, opens + length * 5),
}))
const anyDay = fc.oneof(
  fc.constantFrom(spring, autumn, addDays(spring, 1), addDays(autumn, -1)),
  fc.integer({ min: 0, max: 700 }).map(days => addDays('2026-01-01', days)),
)
/** Spans of one calendar do not overlap, as the screen that sets them sees to. */
const apart = (spans: { opens: number; closes: number }[]) =>
  spans.sort((a, b) => a.opens - b.opens).filter((each, i, all) => all.slice(0, i).every(earlier => earlier.closes <= each.opens))

const situation = fc
  .record({
    day: anyDay,
    zone: fc.constantFrom('Europe/Rome', 'Europe/London', 'America/New_York', 'Asia/Kolkata'),
    durationMinutes: fc.integer({ min: 1, max: 24 }).map(n => n * 5),
    noticeMinutes: fc.constantFrom(0, 60, 1_440),
    nowMinutes: fc.integer({ min: -3_000, max: 3_000 }),
    capacity: fc.integer({ min: 1, max: 4 }),
    before: fc.constantFrom(0, 0, 5, 20),
    after: fc.constantFrom(0, 0, 10),
    extra: fc.boolean(),
    shares: fc.constantFrom<Share[][]>(
      [],
      [{ group: 'cric', percent: 30, freeHours: 24 }],
      [
        { group: 'counter', percent: 50, freeHours: 2 },
        { group: 'contact-centre', percent: 50, freeHours: 48 },
      ],
    ),
    group: fc.constantFrom<SlotRequest['group'][]>('cric', 'contact-centre', 'counter', 'public', 'office'),
    spans: fc.array(span, { maxLength: 3 }).map(apart),
    closures: fc.array(fc.tuple(span, fc.boolean()), { maxLength: 2 }),
    taken: fc.array(
      fc.record({ lane: fc.integer({ min: 0, max: 3 }), from: minutes(1_435), length: fc.integer({ min: 1, max: 24 }) }),
      { maxLength: 8 },
    ),
    holiday: fc.boolean(),
  })
  .map(given => {
    const [from] = boundsOf(given.zone, given.day)
    const own: Calendar = {
      id: 'a',
      officer: null,
      capacity: given.capacity,
      openings: given.spans.map(each => ({ weekday: weekdayOf(given.day), ...each })),
      closures: given.closures.map(([each, whole]) => ({
        firstDay: given.day,
        lastDay: given.day,
        ...(whole ? { opens: null, closes: null } : each),
        reason: '',
      })),
      extras:
        given.extra && given.spans.every(({ closes }) => closes <= 1_260)
          ? [{ day: given.day, opens: 1_260, closes: 1_380 }]
          : [],
      taken: given.taken.map(each => ({
        lane: each.lane,
        start: from + each.from * 60_000,
        end: from + (each.from + each.length * 5) * 60_000,
      })),
    }
    const question: SlotRequest = {
      durationMinutes: given.durationMinutes,
      preparationMinutes: given.before,
      bufferMinutes: given.after,
      shares: given.shares,
      group: given.group,
      noticeMinutes: given.noticeMinutes,
      horizonDays: 30,
      now: from + given.nowMinutes * 60_000,
      timeZone: given.zone,
      isHoliday: day => given.holiday && day === given.day,
    }
    return { day: given.day, own, question }
  })

test('a time that is offered is open, long enough, free, in the future, within its day, and beside no other', () => {
  fc.assert(
    fc.property(situation, ({ day, own, question }) => {
      const { state, slots } = slotsOfDay(day, [own], question)
      expect(state === 'free').toBe(slots.length > 0)
      if (question.isHoliday(day)) expect(slots).toEqual([])
      const instants = (opens: number, closes: number) => [
        instantOf(question.timeZone, day, opens),
        instantOf(question.timeZone, day, closes),
      ]
      for (const [i, slot] of slots.entries()) {
        expect(slot.end - slot.start).toBe(question.durationMinutes * 60_000)
        expect(slot.start).toBeGreaterThanOrEqual(question.now + question.noticeMinutes * 60_000)
        expect(dayAt(question.timeZone, slot.start)).toBe(day)
        const { start, end } = slot.occupied
        expect([slot.start - start, end - slot.end]).toEqual(
          [question.preparationMinutes, question.bufferMinutes].map(each => each * 60_000),
        )
        const open = [...own.openings, ...own.extras].map(each => instants(each.opens, each.closes))
        expect(open.some(([opens = 0, closes = 0]) => opens <= start && end <= closes)).toBe(true)
        for (const closure of own.closures) {
          const [from = 0, to = 0] = instants(closure.opens ?? 0, closure.closes ?? 1_440)
          expect(end <= from || start >= to).toBe(true)
        }
        const lanes = slot.places.map(({ lane }) => lane)
        expect(freeLanes(own, start, end)).toEqual(expect.arrayContaining(lanes))
        if (question.group === 'office' || question.shares.length === 0) expect(lanes).toEqual(freeLanes(own, start, end))
        for (const taken of own.taken) if (lanes.includes(taken.lane)) expect(taken.end <= start || taken.start >= end).toBe(true)
        const before = slots[i - 1]
        if (before) expect(before.occupied.end).toBeLessThanOrEqual(start)
      }
    }),
    { numRuns: 500 },
  )
})

test('the first free times are the first of the days, and no more than were asked for', () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 1, max: 5 }), ({ day, own, question }, count) => {
      const all = Array.from({ length: 40 }, (_, i) => slotsOfDay(addDays(day, i), [own], question)).flatMap(each => each.slots)
      expect(firstFree({ from: day, to: addDays(day, 400) }, [own], question, count).map(slot => slot.start)).toEqual(
        all.slice(0, count).map(slot => slot.start),
      )
    }),
    { numRuns: 60 },
  )
})

const shares = fc
  .record({ cric: fc.nat(40), 'contact-centre': fc.nat(30), counter: fc.nat(30), freeHours: fc.nat(72) })
  .map(({ freeHours, ...percents }) =>
    (['cric', 'contact-centre', 'counter'] as const).flatMap((group): Share[] =>
      percents[group] === 0 ? [] : [{ group, percent: percents[group], freeHours }],
    ),
  )

test('no group is kept more than its share of any beginning of a day, nor one place less than it', () => {
  fc.assert(
    fc.property(shares, fc.integer({ min: 1, max: 60 }), (given, places) => {
      const kept = keptPlaces(given, places)
      for (const share of given) {
        const own = kept.filter(each => each?.group === share.group).length
        expect(Math.abs(own - (places * share.percent) / 100)).toBeLessThan(given.length + 1)
        expect(keptPlaces(given, places + 5).slice(0, places)).toEqual(kept)
      }
    }),
  )
})

test('together the groups are offered every place, each is offered what is for all, and nothing is kept once it is given free', () => {
  fc.assert(
    fc.property(situation, shares, ({ day, own, question }, given) => {
      const offered = (group: BookingGroup | 'office', now = question.now) =>
        slotsOfDay(day, [own], { ...question, shares: given, group, now }).slots.flatMap(slot =>
          slot.places.map(({ lane }) => `${slot.start} ${lane}`),
        )
      const all = offered('office')
      const groups = (['cric', 'contact-centre', 'counter', 'public'] as const).map(group => offered(group))
      expect(new Set(groups.flat())).toEqual(new Set(all))
      for (const group of groups) expect(group).toEqual(expect.arrayContaining(offered('public')))
      const [from] = boundsOf(question.timeZone, day)
      const late = { ...question, noticeMinutes: 0, shares: given.map(each => ({ ...each, freeHours: 200 })) }
      expect(slotsOfDay(day, [own], { ...late, group: 'public', now: from - 1 }).slots).toEqual(
        slotsOfDay(day, [own], { ...late, group: 'office', now: from - 1 }).slots,
      )
    }),
    { numRuns: 200 },
  )
})
