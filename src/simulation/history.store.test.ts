/** A real day comes back from the journal: as figures, as a scenario that can be run again, as history for the forecast. */
import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { agentState, callLeftQueue, callQueued, conversationEnded, setAgentSkills } from '../distribution/index.ts'
import {
  type EventType,
  type House,
  inTransaction,
  type Subjects,
  system,
  uuids,
  virtualClock,
  writeEntry,
} from '../platform/index.ts'
import { callConnected } from '../telephony/events.ts'
import { asItWas } from './as-it-was.ts'
import { isHoliday, meanPatienceMs, readDay, readPastDays, scenarioOf } from './history.ts'
import { simulate } from './simulate.ts'

const zone = 'Europe/Rome'
/** A Monday; winter time, so midnight in Rome is 23:00 UTC of the day before. */
const day = '2026-11-23'
const at = (hours: number, minutes = 0, seconds = 0) => Date.UTC(2026, 10, 23, hours - 1, minutes, seconds)
const { anna } = staff
const ids = uuids(virtualClock())

async function note<P extends Record<string, unknown>>(
  house: House,
  when: number,
  type: EventType<P>,
  payload: P,
  subjects: Subjects,
) {
  await house.database.kysely
    .transaction()
    .execute(tx => writeEntry(tx, { type, payload, subjects, actor: system('test'), at: when }))
}

const state = (house: House, when: number, name: 'available' | 'in-conversation' | 'wrap-up' | 'paused' | 'signed-out') =>
  note(
    house,
    when,
    agentState,
    { state: name, reason: null, since: new Date(when).toISOString(), until: null },
    { person: anna.personId },
  )

/** A call at 9:00 answered after ten seconds, one at 10:00 answered after a minute, one at 10:30 that gave up after half a minute. */
async function lived(house: House) {
  await inTransaction(house, system('test'), work =>
    setAgentSkills(work, anna.personId, [{ sectionId: 'ccm-pensioni', level: 4 }]),
  )
  const call = async (queuedAt: number, waitedMs: number, talkedMs: number | null) => {
    const subjects = { channel: 'telephone' as const, call: ids() }
    await note(
      house,
      queuedAt,
      callQueued,
      { sectionId: 'ccm-pensioni', priority: 0, waitingSince: new Date(queuedAt).toISOString() },
      subjects,
    )
    const end = queuedAt + waitedMs
    if (talkedMs === null) return note(house, end, callLeftQueue, { reason: 'hung-up' }, subjects)
    await note(house, end, callConnected, { agent: anna.personId, offer: '1', sectionId: 'ccm-pensioni', waitedMs }, subjects)
    await note(house, end + talkedMs, conversationEnded, { agent: anna.personId }, subjects)
  }
  await call(at(9), 10_000, 120_000)
  await call(at(10), 60_000, 180_000)
  await call(at(10, 30), 30_000, null)
  // Just after midnight of the next day, in Rome.
  await call(at(24, 0, 1), 1_000, 1_000)
  await state(house, at(8, 30), 'available')
  await state(house, at(9, 0, 10), 'in-conversation')
  await state(house, at(9, 2, 10), 'available')
  await state(house, at(11), 'paused')
  await state(house, at(11, 15), 'available')
  await state(house, at(13), 'signed-out')
}

eachDatabase(open => {
  test('in the figures of the simulator', async () => {
    const { house } = await open()
    await lived(house)
    const real = await readDay(house.database.kysely, day, zone, new Map())
    const { total, little } = asItWas(real)
    expect(total).toMatchObject({
      arrived: 3,
      answered: 2,
      answeredWithin: 1,
      abandoned: 1,
      abandonedWithin: 0,
      longestWaitMs: 60_000,
      averageSpeedOfAnswerMs: 35_000,
      serviceLevel: 1 / 3,
    })
    expect(total.halfHours[18]?.arrived).toBe(1)
    expect(total.halfHours[20]?.arrived).toBe(1)
    expect(total.halfHours[21]?.abandoned).toBe(1)
    // On duty from 8:30 to 13:00 less a quarter of an hour, two minutes of it in conversation.
    expect(total.occupancy).toBeCloseTo(120 / (4.25 * 3_600), 6)
    expect(little.meanInLine).toBeCloseTo(little.arrivalsTimesWait, 12)
  })

  test('as a scenario with the same calls and the same people', async () => {
    const { house } = await open()
    await lived(house)
    const scenario = scenarioOf(await readDay(house.database.kysely, day, zone, new Map()), 1)
    expect(scenario.agents).toEqual([
      {
        id: anna.personId,
        skills: [{ section: 'ccm-pensioni', level: 4 }],
        shifts: [{ from: at(8, 30), to: at(13), breaks: [{ from: at(11), to: at(11, 15) }] }],
      },
    ])
    expect(simulate(scenario).total.arrived).toBe(3)
  })

  test('as history for the forecast, in office time', async () => {
    const { house } = await open()
    await lived(house)
    const days = await readPastDays(house.database.kysely, { before: '2026-11-25', days: 14, timeZone: zone })
    const monday = days.find(past => past.day === day)
    expect(monday).toMatchObject({ weekday: 1, holiday: false })
    expect([18, 20, 21].map(half => monday?.perHalfHour[half])).toEqual([1, 1, 1])
    expect(days.find(past => past.day === '2026-11-24')?.perHalfHour[0]).toBe(1)
    const other = await readPastDays(house.database.kysely, {
      before: '2026-11-25',
      days: 14,
      timeZone: zone,
      sectionId: 'ccm-online',
    })
    expect(other).toEqual([])
  })
})

test('patience is estimated from those who gave up and from those who stayed', () => {
  const gaveUp = { sectionId: 's', queuedAt: 0, connectedAt: null, endedAt: null, leftAt: 60_000 }
  const answered = { sectionId: 's', queuedAt: 0, connectedAt: 60_000, endedAt: 90_000, leftAt: null }
  // Thirty gave up after a minute, thirty more waited a minute and were answered: a minute each, thirty ends.
  expect(meanPatienceMs([...new Array(30).fill(gaveUp), ...new Array(30).fill(answered)])).toBe(120_000)
  expect(meanPatienceMs([gaveUp])).toBe(240_000)
})

test('Sundays and national holidays are planned apart', () => {
  expect(['2026-11-22', '2026-12-08', '2026-10-04', '2026-11-23'].map(isHoliday)).toEqual([true, true, true, false])
})
