/** The access log on both databases: what is written, how often, what is lost when the program dies, what is forgotten. */
import { expect, test } from 'vitest'
import { eachDatabase } from '../../test/support/database.ts'
import { staff } from '../../test/support/staff.ts'
import { virtualClock } from '../platform/index.ts'
import { flushAccessLog, flushIntervalMs, type Look, onceWithinMs, recordLook } from './log.ts'
import { forgetAccess, listAccess } from './store.ts'

const look = (subjectId: string, more: Partial<Look> = {}): Look => ({
  ...{ kind: 'contact', subjectId, contactId: subjectId, found: null, route: 'GET /api/contacts/:contactId' },
  ...more,
})
const all = { personId: undefined, contactId: undefined, kind: undefined, from: undefined, until: undefined }

eachDatabase(open => {
  test('who looked at whom is written within a moment, once a minute, and found by citizen and by person', async () => {
    const clock = virtualClock()
    const { house } = await open({ clock })
    const db = house.database.kysely
    const [ferri, neri] = [house.ids(), house.ids()]
    await recordLook(house, staff.anna, look(ferri))
    await recordLook(house, staff.anna, look(ferri))
    await recordLook(house, staff.luca, look(ferri))
    await recordLook(house, staff.anna, look(neri))
    // What a crash could lose is not older than this.
    expect(await listAccess(db, all, undefined, 10)).toEqual([])
    clock.advance(flushIntervalMs)
    await expect.poll(async () => (await listAccess(db, all, undefined, 10)).length, { timeout: 60_000 }).toBe(3)
    clock.advance(onceWithinMs)
    await recordLook(house, staff.anna, look(ferri))
    await flushAccessLog(house)
    const ofFerri = await listAccess(db, { ...all, contactId: ferri }, undefined, 10)
    expect(ofFerri.map(row => row.person_name)).toEqual(['Anna Bianchi', expect.any(String), expect.any(String)])
    expect(ofFerri[0]).toMatchObject({ role: 'operator', unit_id: 'ccm-pensioni', route: 'GET /api/contacts/:contactId' })
    expect(await listAccess(db, { ...all, personId: staff.luca.personId }, undefined, 10)).toHaveLength(1)
    const [first] = await listAccess(db, all, undefined, 1)
    expect(await listAccess(db, all, first, 10)).toHaveLength(3)
    await forgetAccess(db, new Date(clock.now()))
    expect(await listAccess(db, all, undefined, 10)).toHaveLength(1)
  })
})
