/**
 * What has gone on at the counters of the sample in the last weeks, and goes on this morning: so that the expected wait is known, the figures of a day say
 * something, and somebody waits when the program is tried while the offices are open. Called by the rules themselves, and made of entries as all visits are.
 */
import type { NewCounters, PastVisit } from '../src/counters/index.ts'
import { callNextOf } from '../src/counters/index.ts'
import type { PersonRecord } from '../src/identity/index.ts'
import { holidaysOf } from '../src/organisation/index.ts'
import { addDays, dayAt, instantOf, weekdayOf } from '../src/platform/index.ts'
import { chanceOf } from './living/chance.ts'
import { sampleId } from './organisation.ts'

const seed = 20_260_301
const pastDays = 21
const minute = 60_000
/** Minutes after midnight of office time. */
const [opens, closes] = [8 * 60 + 30, 12 * 60 + 30]
/** Mean time between two arrivals at a hall, for each desk that is open. */
const arrivalMinutes = 15

type Hall = NewCounters['halls'][number]

/** @param now until when: later entries have not happened */
export function buildCounterDays(
  { halls }: NewCounters,
  people: readonly PersonRecord[],
  { now, timeZone }: { now: number; timeZone: string },
): PastVisit[] {
  const today = dayAt(timeZone, now)
  const visits: PastVisit[] = []
  for (const [index, hall] of halls.entries()) {
    const officers = people.filter(({ assignments }) => assignments[0]?.unitId === hall.unit.id)
    for (let back = pastDays; back >= 0; back--) {
      const day = addDays(today, -back)
      const holiday = holidaysOf(Number(day.slice(0, 4)), {}).some(each => each.day === day)
      if (weekdayOf(day) > 5 || holiday) continue
      const at = (minutes: number) => instantOf(timeZone, day, minutes)
      visits.push(...dayOf(hall, officers, day, { from: at(opens), until: at(closes) }, seed + index * 100 + back))
    }
  }
  return visits
    .flatMap(visit => until(visit, now))
    .map((visit, n) => ({
      ...visit,
      id: sampleId('8f10', n + 1),
      entries: visit.entries.map((entry, k) => ({ ...entry, id: sampleId('8f11', (n + 1) * 10 + k) })),
    }))
}

/** A visit as it stands at an instant: over, or waiting; whoever would be at a desk at which nobody sits has not come. */
function until(visit: PastVisit, now: number): PastVisit[] {
  const entries = visit.entries.filter(({ at }) => at <= now)
  if (entries.length === visit.entries.length) return [visit]
  return entries.length === 1 ? [{ ...visit, entries, closing: null }] : []
}

function dayOf(
  hall: Hall,
  officers: readonly PersonRecord[],
  day: string,
  { from, until: end }: { from: number; until: number },
  stream: number,
): PastVisit[] {
  const chance = chanceOf(seed, stream)
  const rules = hall.rules
  const free = hall.desks.slice(0, Math.max(1, hall.desks.length - 1)).map(desk => ({ desk, at: from }))
  const coming: { at: number; serviceId: string; visitClass: 'fast' | 'ordinary'; code: string }[] = []
  let at = from
  for (let n = 1; ; n++) {
    at += Math.round(-Math.log(1 - chance.next()) * (arrivalMinutes / free.length) * minute)
    if (at >= end - 20 * minute) break
    const service = chance.one(hall.services)
    const code = `${hall.letter}${String(n).padStart(3, '0')}`
    coming.push({ at, serviceId: service.id, visitClass: service.visitClass, code })
  }
  const visits: PastVisit[] = []
  const left = coming.map(each => ({
    ...each,
    ...{
      id: each.code,
      arrivedAt: each.at,
      dueAt: null,
      priority: chance.happens(0.06) ? chance.one(['age', 'pregnancy'] as const) : null,
    },
    ...{ notBefore: null, onlyDeskId: null, hasReturned: false, wasTransferred: false },
  }))
  while (left.length > 0) {
    const [first] = free.toSorted((a, b) => a.at - b.at)
    if (!first) break
    const moment = Math.max(first.at, Math.min(...left.map(each => each.at)))
    const next = callNextOf(
      left.filter(each => each.at <= moment),
      { id: first.desk.id, services: [] },
      rules,
      moment,
    )
    if (!next) break
    left.splice(left.indexOf(next.visit), 1)
    const officer = officers[hall.desks.indexOf(first.desk) % Math.max(1, officers.length)]
    const called = moment + chance.whole(5, 40) * 1000
    const came = called + chance.whole(20, 90) * 1000
    const fast = next.visit.visitClass === 'fast'
    const ended = came + Math.round((fast ? 2 + 5 * chance.next() : 6 + 12 * chance.next()) * minute)
    first.at = ended
    const { serviceId, visitClass, priority } = next.visit
    const isMissed = chance.happens(0.04)
    const person = officer === undefined ? {} : { officerId: officer.id, officerName: officer.name }
    const arrived = { hallId: hall.id, serviceId, visitClass, priority, dueAt: null, callBy: next.callBy }
    visits.push({
      ...{
        id: '',
        unit: hall.unit,
        day,
        code: next.visit.code,
        persons: chance.happens(0.15) ? 2 : 1,
        byName: officer?.name ?? '',
      },
      entries: [
        { id: '', kind: 'arrived', at: next.visit.at, deskId: null, detail: arrived },
        { id: '', kind: 'called', at: called, deskId: first.desk.id, detail: { reason: next.reason } },
        ...(isMissed
          ? [
              { id: '', kind: 'missed' as const, at: came, deskId: first.desk.id, detail: {} },
              { id: '', kind: 'unserved' as const, at: end, deskId: null, detail: {} },
            ]
          : [
              { id: '', kind: 'came' as const, at: came, deskId: first.desk.id, detail: person },
              { id: '', kind: 'closed' as const, at: ended, deskId: first.desk.id, detail: {} },
            ]),
      ],
      closing: isMissed
        ? null
        : {
            delivered: chance.happens(0.9) ? [{ serviceId, quantity: 1 }] : [],
            notDelivered: null,
            callEnough: chance.happens(0.7) ? chance.happens(fast ? 0.25 : 0.4) : null,
            cameBecause: chance.happens(0.7)
              ? chance.one(['no-answer', 'not-online', 'unclear-letter', 'paper', 'in-person', 'preferred'] as const)
              : null,
          },
    })
  }
  return visits
}
