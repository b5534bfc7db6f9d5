/** Units, hours and the number plan on both databases: what is found, who may change what, what the journal tells. */
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { type Actor, type House, virtualClock } from '../platform/index.ts'
import {
  cancelNumberChange,
  numberPage,
  numberView,
  planNumbers,
  previewNumbers,
  reverseNumber,
  scheduleNumber,
} from './number-service.ts'
import { listNumbers, officeOfNumber } from './number-store.ts'
import { isOpen, nearestAgencies, setHours, unitPage, unitView } from './service.ts'
import { competentCric, competentGai, findUnits, openingHoursOf, ownHours, searchUnits, unitsOf } from './store.ts'

const { headquarters, administrator, anna, supervisor, director, agency } = staff
const aosta = '+39016500000001'
const roma = '+390600000001'
const reason = 'Quarta fase'
const day = (text: string) => `${text}T07:00:00.000Z`

/** 5 January 2026. */
const clock = () => virtualClock()
const now = (house: House) => new Date(house.clock.now())
const types = async (house: House) =>
  (await house.database.kysely.selectFrom('event').select('type').orderBy('id').execute()).map(row => row.type)
/** What each entry says was before and is after. */
const changes = async (house: House) => {
  const { rows } = await sql<{ changes: unknown }>`select payload -> 'changes' as changes from event order by id`.execute(
    house.database.kysely,
  )
  return rows.map(row => row.changes)
}

describe('units', () => {
  onOneSession(open => {
    test('are found by the beginnings of words of name, place and region, names first', async () => {
      const { house } = await open()
      const found = async (q: string, limit = 3) => (await searchUnits(house.database.kysely, q, limit)).map(unit => unit.id)
      expect((await found('roma eur'))[0]).toBe('ag-roma-eur')
      expect((await found('EUR rom'))[0]).toBe('ag-roma-eur')
      expect(await found('cric lomb', 10)).toEqual([
        'cric-lombardia',
        'cric-lombardia-pensioni',
        'cric-lombardia-sostegno',
        'cric-lombardia-contributori',
      ])
      expect((await found('forli'))[0]).toBe('ag-forli')
      expect((await found("dell'aquila"))[0]).toBe('ag-l-aquila')
      expect(await found('agenzia agenzia zzz')).toEqual([])
      expect(await found('%_')).toEqual([])
      expect(await found('')).toEqual([])
      // The town that is called so comes before others in whose name it stands.
      const towns = (await searchUnits(house.database.kysely, 'trento', 3)).map(unit => unit.municipality)
      expect(towns[0]).toBe('Trento')
      // So does the unit of the whole name, before the many in whose name it is a word.
      expect((await found('pensioni'))[0]).toBe('ccm-pensioni')
      const withNumbers = await unitPage(house.database.kysely, { q: 'lazio', withNumbers: true, limit: 50 })
      expect(withNumbers.items.map(unit => unit.kind)).not.toContain('cric')
      expect(withNumbers.items.map(unit => unit.id)).toContain('dr-lazio')
    })

    test('come page by page, each once, found or listed', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const everything = async (query: Parameters<typeof unitPage>[1]) => {
        const ids: string[] = []
        for (let cursor: string | undefined; ; ) {
          const { items, next } = await unitPage(db, { ...query, cursor })
          ids.push(...items.map(unit => unit.id))
          if (next === null) return ids
          cursor = next
        }
      }
      const found = await everything({ q: 'agenzia', regionCode: '12', limit: 3 })
      const listed = await everything({ kind: 'agency', regionCode: '12', limit: 4 })
      expect(new Set(found).size).toBe(found.length)
      expect([...found].sort()).toEqual([...listed].sort())
      expect(await everything({ under: 'dp-roma', limit: 5 })).toContain('ag-roma-eur')
      expect(await everything({ parentId: 'ccm', limit: 2 })).toEqual([
        'ccm-pensioni',
        'ccm-sostegno',
        'ccm-aziende',
        'ccm-autonomi',
        'ccm-online',
        'ccm-centralino',
      ])
      expect(await refusal(unitPage(db, { under: 'none', limit: 5 }))).toMatchObject({ status: 404 })
      expect(await refusal(unitPage(db, { cursor: 'x', limit: 5 }))).toMatchObject({ code: 'platform.cursorUnknown' })
    })

    test('say where they stand, and whether they are open', async () => {
      const { house } = await open({ clock: clock() })
      const view = await unitView(house.database.kysely, 'ag-roma-eur', now(house))
      expect(view).toMatchObject({
        name: 'Agenzia di Roma EUR',
        agencyKind: 'complex',
        municipality: 'Roma',
        above: [{ id: 'inps' }, { id: 'dr-lazio' }, { id: 'dp-roma' }],
        hoursOf: 'ag-roma-eur',
        // Monday 5 January 2026, 9:00; the day after is Epiphany.
        open: true,
        nextChange: '2026-01-05T11:30:00.000Z',
        numbers: [roma],
      })
      expect(await isOpen(house.database.kysely, 'ccm-aziende', new Date('2026-01-06T09:00:00Z'))).toEqual({
        open: false,
        nextChange: new Date('2026-01-07T07:00:00Z'),
        holiday: true,
      })
      expect(await refusal(unitView(house.database.kysely, 'none', now(house)))).toMatchObject({ status: 404 })
    })

    test('nearest to a place come nearest first', async () => {
      const { house } = await open()
      const near = async (place: Parameters<typeof nearestAgencies>[1]) =>
        (await nearestAgencies(house.database.kysely, place, 3)).map(each => each.unit.id)
      expect((await near({ unitId: 'ag-roma-eur' }))[0]).toBe('ag-roma-eur')
      // Fiumicino has no agency of its own.
      expect(await near({ municipalityCode: '058120' })).toContain('ag-roma-eur')
      expect((await near({ municipalityCode: '021051' }))[0]).toBe('ag-merano')
      expect(await near({ unitId: 'ccm' })).toEqual([])
      expect(await near({ municipalityCode: '999999' })).toEqual([])
    })
  })
})

describe('opening hours', () => {
  onOneSession(open => {
    test('are set by who manages the office, and those of the unit above hold without own ones', async () => {
      const { house } = await open({ clock: clock() })
      const db = house.database.kysely
      const manager: Actor = { ...agency, role: 'agency_manager' }
      const set = (actor: Actor, unitId: string, version: number, spans: { weekday: number; opens: string; closes: string }[]) =>
        setHours(house, actor, { unitId, version, hours: { spans } })
      const mornings = [{ weekday: 1, opens: '09:00', closes: '12:00' }]
      const kept = await ownHours(db, 'ag-roma-eur')
      expect(await set(manager, 'ag-roma-eur', 1, mornings)).toMatchObject({ hours: mornings, version: 2 })
      expect(await set(director, 'ag-roma-eur', 2, [])).toMatchObject({ hoursOf: 'inps', version: 3 })
      expect((await openingHoursOf(db, { path: 'inps/ccm/ccm-pensioni/' })).unitId).toBe('ccm')
      expect(await refusal(set(manager, 'ag-milano-nord', 1, mornings))).toMatchObject({
        code: 'organisation.onlyManagersSetHours',
        status: 403,
      })
      expect(await refusal(set(agency, 'ag-roma-eur', 3, mornings))).toMatchObject({ status: 403 })
      expect(await refusal(set(headquarters, 'ag-roma-eur', 1, mornings))).toMatchObject({ status: 412 })
      expect(await refusal(set(headquarters, 'none', 1, mornings))).toMatchObject({ status: 404 })
      const twice = [...mornings, { weekday: 1, opens: '11:00', closes: '13:00' }]
      expect(await refusal(set(headquarters, 'ag-roma-eur', 3, twice))).toMatchObject({ code: 'organisation.spansOverlap' })
      const backwards = [{ weekday: 1, opens: '12:00', closes: '09:00' }]
      expect(await refusal(set(headquarters, 'ag-roma-eur', 3, backwards))).toMatchObject({
        code: 'organisation.spanEndsBeforeItBegins',
      })
      expect(await types(house)).toEqual(['unit.hours-changed', 'unit.hours-changed'])
      expect(await changes(house)).toEqual([
        [{ field: 'spans', before: kept, after: mornings }],
        [{ field: 'spans', before: mornings, after: [] }],
      ])
    })
  })
})

describe('the number plan', () => {
  onOneSession(open => {
    test('a number is channelled from the instant for which it was scheduled', async () => {
      const time = clock()
      const { house } = await open({ clock: time })
      const db = house.database.kysely
      const change = { mode: 'channelled' as const, from: day('2026-02-02'), reason }
      const view = await scheduleNumber(house, headquarters, { number: aosta, version: 1, change })
      expect(view).toMatchObject({
        mode: 'direct',
        since: null,
        next: { mode: 'channelled', from: change.from },
        version: 2,
        changes: [{ mode: 'channelled', decidedBy: 'Nora Villa', reason, cancelled: null }],
      })
      const modeAt = async (at: string) => (await officeOfNumber(db, aosta, new Date(at)))?.mode
      expect(await modeAt('2026-02-02T06:59:59.999Z')).toBe('direct')
      expect(await modeAt('2026-02-02T07:00:00.000Z')).toBe('channelled')
      time.advance(40 * 86_400_000)
      expect(await numberView(db, aosta, now(house))).toMatchObject({ mode: 'channelled', since: change.from, next: null })
      const { rows } = await sql<{ payload: unknown; unit_ids: string[] }>`
        select payload, unit_ids from event where type = 'number.scheduled'`.execute(db)
      expect(rows).toMatchObject(
        [
          {
            payload: { number: aosta, mode: 'channelled', from: change.from, reason },
            unit_ids: ['inps', 'dr-valle-d-aosta', 'dp-aosta', 'ag-saint-vincent'],
          },
        ].map(row => ({ ...row, unit_ids: expect.arrayContaining(['inps', 'dr-valle-d-aosta']) })),
      )
    })

    test('only headquarters and administrators plan; others are told so', async () => {
      const { house } = await open({ clock: clock() })
      const change = { mode: 'channelled' as const, from: day('2026-02-02'), reason }
      for (const actor of [anna, supervisor, director, agency])
        expect(await refusal(scheduleNumber(house, actor, { number: aosta, version: 1, change }))).toMatchObject({
          code: 'organisation.onlyHeadquartersPlans',
          status: 403,
        })
      expect(
        await refusal(planNumbers(house, director, { unitId: 'dr-lazio', mode: 'direct', from: day('2026-02-02'), reason })),
      ).toMatchObject({ status: 403 })
      expect(await types(house)).toEqual([])
      await scheduleNumber(house, administrator, { number: aosta, version: 1, change })
    })

    test('what changes nothing, lies in the past, or comes on top of another plan is refused', async () => {
      const { house } = await open({ clock: clock() })
      const ask = (number: string, version: number, mode: 'direct' | 'channelled', from: string) =>
        refusal(scheduleNumber(house, headquarters, { number, version, change: { mode, from, reason } }))
      expect(await ask(roma, 1, 'channelled', day('2026-02-02'))).toMatchObject({
        code: 'organisation.alreadySo.channelled',
        status: 409,
      })
      expect(await ask(aosta, 1, 'channelled', day('2025-12-31'))).toMatchObject({ code: 'organisation.fromIsPast' })
      expect(await ask('+3907000000001', 1, 'channelled', day('2026-02-02'))).toMatchObject({
        code: 'organisation.changePlanned.channelled',
      })
      expect(await ask(aosta, 7, 'channelled', day('2026-02-02'))).toMatchObject({
        code: 'platform.changedMeanwhile',
        status: 412,
      })
      expect(await ask('+390600009999', 1, 'channelled', day('2026-02-02'))).toMatchObject({ status: 404 })
      expect(await types(house)).toEqual([])
    })

    test('a plan can be cancelled before it begins, not after', async () => {
      const time = clock()
      const { house } = await open({ clock: time })
      const change = { mode: 'channelled' as const, from: day('2026-02-02'), reason }
      const { next } = await scheduleNumber(house, headquarters, { number: aosta, version: 1, change })
      const changeId = next?.changeId ?? ''
      const cancel = (version: number) =>
        cancelNumberChange(house, headquarters, { number: aosta, version, changeId, reason: 'Sede chiusa per lavori' })
      expect(await cancel(2)).toMatchObject({
        next: null,
        version: 3,
        changes: [{ cancelled: { by: 'Nora Villa', reason: 'Sede chiusa per lavori' } }],
      })
      expect(await officeOfNumber(house.database.kysely, aosta, new Date('2027-01-01'))).toMatchObject({ mode: 'direct' })
      expect(await refusal(cancel(3))).toMatchObject({ code: 'organisation.changeCancelled', status: 409 })
      await scheduleNumber(house, headquarters, { number: aosta, version: 3, change })
      time.advance(40 * 86_400_000)
      const begun = await numberView(house.database.kysely, aosta, now(house))
      const inForce = begun.changes.find(each => each.cancelled === null)
      const late = { number: aosta, version: begun.version, changeId: inForce?.id ?? '', reason }
      expect(await refusal(cancelNumberChange(house, headquarters, late))).toMatchObject({ code: 'organisation.changeHasBegun' })
      expect(await types(house)).toEqual(['number.scheduled', 'number.change-cancelled', 'number.scheduled'])
      const channelled = [{ field: 'mode', before: 'direct', after: 'channelled' }]
      const planned = { mode: 'channelled', from: change.from }
      expect(await changes(house)).toEqual([channelled, [{ field: 'planned', before: planned, after: null }], channelled])
    })

    test('a number is put back at once, and again', async () => {
      const { house } = await open({ clock: clock() })
      const back = (version: number) => reverseNumber(house, headquarters, { number: roma, version, input: { reason: 'Guasto' } })
      expect(await back(1)).toMatchObject({ mode: 'direct', version: 2, since: now(house).toISOString() })
      expect(await officeOfNumber(house.database.kysely, roma, now(house))).toMatchObject({ mode: 'direct' })
      expect(await refusal(reverseNumber(house, headquarters, { number: aosta, version: 1, input: { reason } }))).toMatchObject({
        code: 'organisation.nothingToReverse',
      })
      expect(await types(house)).toEqual(['number.reversed'])
      expect(await changes(house)).toEqual([[{ field: 'mode', before: 'channelled', after: 'direct' }]])
    })

    test('a territory is planned at once; what is so already or planned is left and named', async () => {
      const { house } = await open({ clock: clock() })
      const plan = (unitId: string) =>
        planNumbers(house, headquarters, { unitId, mode: 'channelled', from: day('2026-03-02'), reason })
      const preview = (unitId: string) =>
        previewNumbers(house, headquarters, { unitId, mode: 'channelled', from: day('2026-03-02') })
      const before = await preview('dr-valle-d-aosta')
      const { scheduled, skipped } = await plan('dr-valle-d-aosta')
      expect(before).toMatchObject({ numbers: scheduled.length, already: 0, planned: 0 })
      expect(before.offices).toBeGreaterThan(0)
      expect(await preview('dr-valle-d-aosta')).toEqual({ numbers: 0, offices: 0, already: 0, planned: scheduled.length })
      expect(
        await refusal(previewNumbers(house, director, { unitId: 'dr-lazio', mode: 'direct', from: day('2026-03-02') })),
      ).toMatchObject({
        status: 403,
      })
      expect(scheduled).toContain(aosta)
      expect(skipped).toEqual([])
      expect((await types(house)).length).toBe(scheduled.length)
      const again = await plan('dr-valle-d-aosta')
      expect(again.scheduled).toEqual([])
      expect(again.skipped.map(each => each.reason)).toEqual(scheduled.map(() => 'planned'))
      expect((await plan('dr-lazio')).skipped.every(each => each.reason === 'already')).toBe(true)
      expect(await refusal(plan('ccm'))).toMatchObject({ code: 'organisation.noNumbers' })
      expect(await refusal(plan('none'))).toMatchObject({ code: 'organisation.unitUnknown' })
    })

    test('is read page by page, by territory, mode and digits', async () => {
      const { house } = await open({ clock: clock() })
      const db = house.database.kysely
      const first = await numberPage(db, { unitId: 'dr-lazio', limit: 5 }, now(house))
      const second = await numberPage(db, { unitId: 'dr-lazio', limit: 100, cursor: first.next ?? '' }, now(house))
      const ids = [...first.items, ...second.items].map(each => each.number)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).toContain(roma)
      const direct = await numberPage(db, { mode: 'direct', planned: false, limit: 100 }, now(house))
      expect(new Set(direct.items.map(each => each.regionCode))).toEqual(new Set(['02', '04']))
      expect((await numberPage(db, { q: '06 0000 0001', limit: 10 }, now(house))).items.map(each => each.unit.id)).toEqual([
        'ag-roma-eur',
      ])
    })
  })

  onPostgres(open => {
    test('of two who plan one number at once, one is told that it was changed', async () => {
      const { house, another } = await open({ clock: clock() })
      const second = await another()
      const change = { mode: 'channelled' as const, from: day('2026-02-02'), reason }
      const results = await Promise.allSettled(
        [house, second].map(each => scheduleNumber(each, headquarters, { number: aosta, version: 1, change })),
      )
      expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await numberView(house.database.kysely, aosta, now(house))).changes).toHaveLength(1)
    })

    test('each list is read along its index', async () => {
      const { house } = await open()
      const db = house.database.kysely
      await fill(house)
      await analyse(db)
      const at = new Date('2026-01-05')
      const expectations: [string, (one: typeof db) => Promise<unknown>, string[]][] = [
        ['search', one => findUnits(one, 'roma eu', 20), ['unit_word_pkey', 'unit_pkey']],
        ['children', one => unitsOf(one, { parentId: 'dp-roma' }), ['unit_by_parent']],
        ['kind', one => unitsOf(one, { kind: 'agency', regionCode: '12' }, { limit: 30 }), ['unit_by_kind_and_region']],
        ['under', one => unitsOf(one, { under: 'inps/dr-lazio/dp-roma/' }, { limit: 30 }), ['unit_by_path']],
        ['cric', one => competentCric(one, { regionCode: '12', cricSection: 'pensions' }), ['unit_competent_cric']],
        ['gai', one => competentGai(one, { regionCode: '12' }), ['unit_competent_gai']],
        ['number', one => officeOfNumber(one, roma, at), ['office_number_pkey', 'number_change_in_force', 'unit_pkey']],
        [
          'numbers',
          one => listNumbers(one, { under: 'inps/dr-lazio/' }, at, { limit: 30 }),
          ['office_number_by_path', 'number_change_in_force'],
        ],
        ['hours', one => openingHoursOf(one, { path: 'inps/ccm/ccm-pensioni/' }), ['opening_hours_pkey']],
      ]
      for (const [name, work, indexes] of expectations) {
        const [plan] = await plansOf(db, work)
        for (const index of indexes) expect(plan?.indexes, `${name}\n${plan?.text}`).toContain(index)
        expect(plan?.scanned, `${name}\n${plan?.text}`).toEqual([])
      }
    })
  })
})

/** As many agencies more as ten institutes have. */
async function fill(house: House): Promise<void> {
  const db = house.database.kysely
  await sql`insert into unit (id, parent_id, kind, agency_kind, name, path, region_code, province_code, time_zone)
            select 'ag-extra-' || n, 'dp-torino', 'agency', 'territorial', 'Sede ' || n, 'inps/dr-piemonte/dp-torino/ag-extra-' || n || '/',
                   '01', 'TO', 'Europe/Rome' from generate_series(1, 6000) n`.execute(db)
  await sql`insert into unit_word (word, unit_id, weight)
            select word, id, 3 from unit, unnest(array['sede' || substr(id, 10), 'luogo' || substr(id, 10)]) word where id like 'ag-extra-%'`.execute(
    db,
  )
  await sql`insert into opening_hours (unit_id, weekday, opens, closes)
            select id, weekday, '08:00', '12:00' from unit, generate_series(1, 5) weekday where id like 'ag-extra-%'`.execute(db)
  await sql`insert into office_number (number, unit_id, unit_path, office_number)
            select '+390119' || lpad(substr(id, 10), 7, '0'), id, path, '+390118' || lpad(substr(id, 10), 7, '0') from unit where id like 'ag-extra-%'`.execute(
    db,
  )
  await sql`insert into number_change (id, number, mode, from_at, reason, decided_by_name, decided_at)
            select gen_random_uuid(), number, 'channelled', '2025-01-01', 'x', 'x', '2025-01-01' from office_number where number like '+390119%'`.execute(
    db,
  )
}
