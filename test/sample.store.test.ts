/** The sample institute in a database: whole, and the same each time. */
import { describe, expect, test } from 'vitest'
import { sampleAccounts, samplePassword, samplePasswordHash } from '../sample/accounts.ts'
import { loadSample, loadSampleIfEmpty, sampleWelcome } from '../sample/index.ts'
import { regions } from '../sample/territory.ts'
import { verifyPassword } from '../src/identity/password.ts'
import { competentCric, competentGai, officeOfNumber, provinceOf, unitsOf } from '../src/organisation/index.ts'
import { type Database, migrate, openEmbedded, openPostgres, readConfig, virtualClock } from '../src/platform/index.ts'
import { copyOfTemplate, eachDatabase, openHouse } from './support/database.ts'
import { staff } from './support/staff.ts'

describe('the sample institute', () => {
  eachDatabase(open => {
    test('has in each region a centre with three sections and members, and an IT group', async () => {
      const { house } = await open()
      const db = house.database.kysely
      for (const { code, name } of regions) {
        for (const cricSection of ['pensions', 'income-support', 'contributors']) {
          const section = await competentCric(db, { regionCode: code, cricSection })
          expect(section?.regionCode, `${name} ${cricSection}`).toBe(code)
          const members = await db
            .selectFrom('assignment')
            .select('id')
            .where('unit_id', '=', section?.id ?? '')
            .execute()
          expect(members.length, `${name} ${cricSection}`).toBeGreaterThanOrEqual(3)
        }
        expect((await competentGai(db, { regionCode: code }))?.regionCode, name).toBe(code)
      }
      expect(await competentCric(db, { regionCode: '12', cricSection: 'other' })).toBeUndefined()
      expect(await unitsOf(db, { kind: 'provincial-directorate' })).toHaveLength(107)
    })

    test('has numbers that are formed as E.164, are all different and reach nobody', async () => {
      const { house } = await open()
      const rows = await house.database.kysely.selectFrom('office_number').selectAll().execute()
      const all = rows.flatMap(row => [row.number, row.office_number])
      expect(new Set(all).size).toBe(all.length)
      for (const number of all) expect(number).toMatch(/^\+390\d{1,3}0000\d{4}$/)
      const offices = await unitsOf(house.database.kysely, { kind: 'agency' })
      expect(new Set(rows.map(row => row.unit_id)).size).toBe(offices.length + 107)
    })

    test('has Roma EUR under the first number of Rome, channelled; Sardinia is still to come, Aosta not planned', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const at = (day: string) => new Date(`${day}T12:00:00Z`)
      expect(await officeOfNumber(db, '+390600000001', at('2026-01-05'))).toMatchObject({
        unitId: 'ag-roma-eur',
        provinceCode: 'RM',
        regionCode: '12',
        mode: 'channelled',
      })
      expect(await officeOfNumber(db, '+390600000001', at('2025-02-02'))).toMatchObject({ mode: 'direct' })
      const cagliari = '+3907000000001'
      expect(await officeOfNumber(db, cagliari, at('2026-11-24'))).toMatchObject({ regionCode: '20', mode: 'direct' })
      expect(await officeOfNumber(db, cagliari, at('2027-03-02'))).toMatchObject({ mode: 'channelled' })
      expect(await officeOfNumber(db, '+39016500000001', at('2040-01-01'))).toMatchObject({ regionCode: '02', mode: 'direct' })
      expect(await officeOfNumber(db, '+390612345678', at('2026-01-05'))).toBeUndefined()
    })

    test('has the people that the tests know, in their units, and their password', async () => {
      const { house } = await open()
      for (const person of Object.values(staff)) {
        const held = await house.database.kysely
          .selectFrom('assignment')
          .innerJoin('person', 'person.id', 'assignment.person_id')
          .innerJoin('unit', 'unit.id', 'assignment.unit_id')
          .select(['person.id', 'person.name', 'assignment.role', 'unit.path', 'assignment.unit_path'])
          .where('assignment.id', '=', person.assignmentId)
          .executeTakeFirst()
        expect(held).toEqual({
          id: person.personId,
          name: person.name,
          role: person.role,
          path: person.unitPath,
          unit_path: person.unitPath,
        })
      }
      expect(await verifyPassword(samplePasswordHash, samplePassword)).toBe(true)
      const welcome = (await sampleWelcome(house, 'http://127.0.0.1:8080')).join('\n')
      for (const { user } of sampleAccounts) expect(welcome).toContain(user)
      expect(welcome).toContain('http://127.0.0.1:8080/telephone')
      expect(welcome).not.toContain('sample.')
    })

    test('every town, parent and path is what it says; it is not loaded twice', async () => {
      const { house } = await open()
      const units = await unitsOf(house.database.kysely, {})
      const byId = new Map(units.map(unit => [unit.id, unit]))
      for (const unit of units) {
        expect(unit.path).toBe(`${unit.parentId === null ? '' : byId.get(unit.parentId)?.path}${unit.id}/`)
        if (unit.municipalityCode === null) continue
        const place = provinceOf(unit.municipalityCode)
        expect(unit.provinceCode, unit.id).toBe(place?.provinceCode)
        expect(unit.municipality, unit.id).toBe(place?.name)
        if (unit.regionCode !== null) expect(unit.regionCode, unit.id).toBe(place?.regionCode)
      }
      expect(await loadSampleIfEmpty(house)).toBe(false)
    })
  })

  test('is the same, row by row, on PGlite and on PostgreSQL, and whenever it is loaded', async () => {
    const embedded = await openEmbedded()
    await migrate(embedded)
    const later = await openHouse(embedded, readConfig({ LOG_LEVEL: 'silent' }), virtualClock())
    await loadSample(later)
    await later.tail.close()
    const postgres = await openPostgres(await copyOfTemplate(), 2)
    const rowsOf = async (database: Database, table: string) => {
      const { rows } = await database.query(`select to_jsonb(t)::text as row from ${table} t order by 1`, [])
      return rows.map(row => row.row)
    }
    for (const table of [
      'unit',
      'unit_word',
      'opening_hours',
      'office_number',
      'number_change',
      'typology',
      'typology_word',
      'person',
      'assignment',
      'agent_skill',
      'agenda_service',
      'agenda_service_of_unit',
      'agenda_calendar',
      'agenda_opening',
    ]) {
      const [one, other] = await Promise.all([rowsOf(embedded, table), rowsOf(postgres, table)])
      expect(one.length, table).toBeGreaterThan(0)
      expect(one, table).toEqual(other)
    }
    await embedded.close()
    await postgres.close()
    // Makes a database of its own and loads it: longer than a copy.
  })
})
