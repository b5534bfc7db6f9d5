/** A real day comes back from the journal: as figures, as a scenario that can be run again, as history for the forecast. */
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { writeHistory } from '../../test/support/history.ts'
import { staff } from '../../test/support/staff.ts'
import { agentState, callDismissed, callLeftQueue, callQueued, conversationEnded, setAgentSkills } from '../distribution/index.ts'
import { followSums } from '../monitoring/index.ts'
import {
  type EventType,
  type House,
  inTransaction,
  type SubjectName,
  type SubjectsOf,
  system,
  uuids,
  virtualClock,
  writeEntry,
} from '../platform/index.ts'
import { callConnected } from '../telephony/events.ts'
import { asItWas } from './as-it-was.ts'
import { readDay } from './day-store.ts'
import { calendarDayOf, halvesOf, historyOf, scenarioOf, wallHoursOf } from './history.ts'
import { measuresOf } from './measures.ts'
import { simulate } from './simulate.ts'
import { dayCountsOf } from './store.ts'

const zone = 'Europe/Rome'
/** A Monday; winter time, so midnight in Rome is 23:00 UTC of the day before. */
const day = '2026-11-23'
const at = (hours: number, minutes = 0, seconds = 0) => Date.UTC(2026, 10, 23, hours - 1, minutes, seconds)
const { anna } = staff

/** The counts of a day, when the sums have followed. */
async function countsOfDay(house: House, day: string) {
  await followSums(house)
  const [counts] = await dayCountsOf(house.database.kysely, [day], zone)
  if (!counts) throw new Error(`no counts of ${day}`)
  return counts
}

const ids = uuids(virtualClock())

async function note<P extends Record<string, unknown>, S extends SubjectName>(
  house: House,
  when: number,
  type: EventType<P, S>,
  payload: P,
  subjects: SubjectsOf<S>,
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

onOneSession(open => {
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
    const { scenario, assumptions } = scenarioOf(await readDay(house.database.kysely, day, zone, new Map()), 1, measuresOf([]))
    expect(scenario.agents).toEqual([
      {
        id: anna.personId,
        skills: [{ section: 'ccm-pensioni', level: 4 }],
        shifts: [{ from: at(8, 30), to: at(13), breaks: [{ from: at(11), to: at(11, 15) }] }],
      },
    ])
    expect(simulate(scenario).total.arrived).toBe(3)
    expect(assumptions[0]).toMatchObject({ handling: { from: 'usual', meanMs: 300_000 }, patience: { from: 'usual' } })
  })

  test('as counts by section and half hour of office time', async () => {
    const { house } = await open()
    await lived(house)
    const { sections } = await countsOfDay(house, day)
    const sums = (half: number) => sections.find(row => row.half === half)
    expect(sections.map(({ half, calls }) => [half, calls])).toEqual([
      [18, 1],
      [20, 1],
      [21, 1],
    ])
    expect(sums(18)).toMatchObject({ handled: 1, talkMs: 120_000, waitedMs: 10_000, gaveUp: 0 })
    expect(sums(18)?.logSum).toBeCloseTo(Math.log(120_000), 8)
    expect(sums(21)).toMatchObject({ handled: 0, waitedMs: 30_000, gaveUp: 1 })
    expect((await countsOfDay(house, '2026-11-24')).sections[0]).toMatchObject({ half: 0, calls: 1 })
  })

  test('a transfer is a call of both sections, each with its own length; a break is not; a wrap-up is of the call before it', async () => {
    const { house } = await open()
    const call = ids()
    const subjects = { channel: 'telephone' as const, call }
    const agent = { ...subjects, person: anna.personId }
    const queued = (when: number, sectionId: string, resume = false) =>
      note(
        house,
        when,
        callQueued,
        {
          sectionId,
          priority: 0,
          waitingSince: new Date(when).toISOString(),
          ...(resume ? { preferred: { agents: [anna.personId], boundMs: 1_000, resume } } : {}),
        },
        subjects,
      )
    const talk = async (when: number, sectionId: string, ms: number) => {
      await note(house, when, callConnected, { agent: anna.personId, offer: '1', sectionId, waitedMs: 1 }, agent)
      await note(house, when + ms, conversationEnded, { agent: anna.personId }, agent)
    }
    await queued(at(9), 'ccm-centralino')
    await talk(at(9, 0, 10), 'ccm-centralino', 20_000)
    await state(house, at(9, 0, 30), 'wrap-up')
    await state(house, at(9, 0, 35), 'available')
    await queued(at(9, 0, 30), 'ccm-pensioni')
    await talk(at(9, 1), 'ccm-pensioni', 60_000)
    await queued(at(9, 2), 'ccm-pensioni', true)
    await talk(at(9, 2, 5), 'ccm-pensioni', 100_000)
    await state(house, at(9, 4), 'wrap-up')
    await state(house, at(9, 4, 40), 'available')
    const { sections } = await countsOfDay(house, day)
    expect(sections).toMatchObject([
      { sectionId: 'ccm-centralino', calls: 1, handled: 1, talkMs: 20_000, wrapUpMs: 5_000, waitedMs: 10_000 },
      { sectionId: 'ccm-pensioni', calls: 1, handled: 2, talkMs: 160_000, wrapUpMs: 40_000, waitedMs: 35_000 },
    ])
    const real = await readDay(house.database.kysely, day, zone, new Map())
    expect(real.calls.map(({ sectionId, connectedAt, endedAt }) => [sectionId, (endedAt ?? 0) - (connectedAt ?? 0)])).toEqual([
      ['ccm-centralino', 20_000],
      ['ccm-pensioni', 60_000],
    ])
  })

  test('a call that was ended with a message did not give up, and who was signed in at midnight still is', async () => {
    const { house } = await open()
    const subjects = { channel: 'telephone' as const, call: ids() }
    const waitingSince = new Date(at(9)).toISOString()
    await note(house, at(9), callQueued, { sectionId: 'ccm-pensioni', priority: 0, waitingSince }, subjects)
    await note(house, at(9, 5), callDismissed, { reason: 'nobody', message: null }, subjects)
    await state(house, at(-1), 'available')
    await state(house, at(2), 'signed-out')
    const real = await readDay(house.database.kysely, day, zone, new Map())
    expect(asItWas(real).total).toMatchObject({ arrived: 1, dismissed: 1, abandoned: 0, longestWaitMs: 300_000 })
    expect(real.states.map(({ state, at: when }) => [state, when])).toEqual([
      ['available', at(0)],
      ['signed-out', at(2)],
    ])
    expect((await countsOfDay(house, day)).sections[0]).toMatchObject({ gaveUp: 0, waitedMs: 300_000 })
  })
})

onPostgres(open => {
  test('weeks of a made-up contact centre come back with the lengths and the patience that they were made with', {
    timeout: 600_000,
  }, async () => {
    const { house } = await open()
    const { calls } = await writeHistory(house, { from: '2026-11-02', days: 5, sections })
    const days = []
    for (let n = 2; n <= 6; n++) days.push(await countsOfDay(house, `2026-11-0${n}`))
    const rows = days.flatMap(({ sections }) => sections)
    // A few callers wait beyond the end of the history's day, and a few calls again are counted once.
    expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(calls)
    const measures = measuresOf(rows)
    for (const [id, { handling, patienceMs }] of Object.entries(sections)) {
      const measured = measures.handling(id)
      const [meanMs, variation] = handling.kind === 'log-normal' ? [handling.meanMs, handling.variation] : [0, 0]
      expect(Math.abs(measured.talkMs / meanMs - 1), `${id}: conversations of ${measured.talkMs} ms`).toBeLessThan(0.1)
      expect(Math.abs(measured.variation / variation - 1), `${id}: spread ${measured.variation}`).toBeLessThan(0.12)
      // An agent who goes home in the middle of a wrap-up has a shorter one.
      expect(Math.abs(measured.wrapUpMs / 30_000 - 1), `${id}: wrap-up of ${measured.wrapUpMs} ms`).toBeLessThan(0.03)
      expect(measured.from).toBe('section')
      const patience = measures.patience(id)
      expect(patience.gaveUp).toBeGreaterThan(100)
      expect(Math.abs(patience.meanMs / patienceMs - 1), `${id}: patience of ${patience.meanMs} ms`).toBeLessThan(0.2)
    }
  })
})

const sections = {
  'ccm-pensioni': { callsADay: 260, handling: { kind: 'log-normal', meanMs: 390_000, variation: 0.8 }, patienceMs: 200_000 },
  'ccm-online': { callsADay: 340, handling: { kind: 'log-normal', meanMs: 180_000, variation: 1.2 }, patienceMs: 90_000 },
} as const

test('holidays, the working days after them, and all others', () => {
  const kinds = ['2026-11-22', '2026-12-08', '2026-12-09', '2026-10-04', '2026-10-05', '2026-04-06', '2026-04-07', '2026-05-02']
  expect(kinds.map(each => calendarDayOf(each).kind)).toEqual([
    'ordinary',
    'holiday',
    'after-holiday',
    // A Sunday and the feast of San Francesco: a Sunday. The Monday after it is one like others.
    'ordinary',
    'ordinary',
    'holiday',
    'after-holiday',
    // A Saturday.
    'ordinary',
  ])
})

test('on the nights on which the clock is changed an hour is missing, or comes twice', () => {
  expect(wallHoursOf(zone, '2026-03-29').slice(3, 7)).toEqual([1, 0, 0, 1])
  expect(wallHoursOf(zone, '2026-10-25').slice(3, 7)).toEqual([1, 2, 2, 1])
  expect(halvesOf(zone, '2026-03-29')).toHaveLength(46)
  expect(halvesOf(zone, '2026-10-25').slice(3, 9)).toEqual([3, 4, 5, 4, 5, 6])
  const calls = new Array<number>(48).fill(6)
  const none = { sections: [], numbers: [] }
  expect(historyOf([{ day: '2026-03-29', ...none }], zone, () => calls)[0]?.perHalfHour.slice(3, 7)).toEqual([6, null, null, 6])
  expect(historyOf([{ day: '2026-10-25', ...none }], zone, () => calls)[0]?.perHalfHour.slice(3, 7)).toEqual([6, 3, 3, 6])
})

test('a working day without any call is unknown; a holiday or Sunday without any was closed', () => {
  const none = (day: string) => ({ day, sections: [], numbers: [] })
  const history = historyOf(['2026-12-07', '2026-12-08', '2026-12-13'].map(none), zone, () => new Array<number>(48).fill(0))
  expect(history.map(past => past.day)).toEqual(['2026-12-08', '2026-12-13'])
})
