/** Which central directorate is competent: who says it, what is kept of each change, two at once. */
import { expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { typologyOf } from '../store.ts'
import { competenceHistory, competencePage, setCompetence } from './service.ts'

const { headquarters } = staff
const ofVecchiaia = (directorateId: string, version: number, reason = 'why') => ({
  ...{ typologyId: 'vecchiaia', directorateId, version, reason },
})

onPostgres(open => {
  test('what is set is what a ticket is forwarded by, and each change keeps who, why and the names of then', async () => {
    const { house } = await open()
    const competent = async () => (await typologyOf(house.database.kysely, 'vecchiaia'))?.centralDirectorateId
    expect(await competent()).toBe('dc-pensioni')
    expect(await setCompetence(house, headquarters, ofVecchiaia('dc-entrate', 0, 'Riordino.'))).toMatchObject({ version: 1 })
    expect(await competent()).toBe('dc-entrate')
    await setCompetence(house, headquarters, ofVecchiaia('dc-pensioni', 1, 'Come prima.'))
    expect(await competent()).toBe('dc-pensioni')
    // What it is already is no change.
    await setCompetence(house, headquarters, ofVecchiaia('dc-pensioni', 2))
    const first = await competenceHistory(house, headquarters, { typologyId: 'vecchiaia', limit: 1 })
    const second = await competenceHistory(house, headquarters, {
      ...{ typologyId: 'vecchiaia', limit: 1, cursor: first.next ?? undefined },
    })
    expect([...first.items, ...second.items]).toMatchObject([
      { version: 2, before: 'Direzione centrale entrate', reason: 'Come prima.', by: headquarters.name },
      { version: 1, after: 'Direzione centrale entrate', reason: 'Riordino.' },
    ])
    expect(second.next).toBeNull()
  })

  test('a unit that is no central directorate, a typology that is none, and who may not, are refused', async () => {
    const { house } = await open()
    const set = (actor: typeof headquarters, directorateId: string, typologyId = 'vecchiaia') =>
      setCompetence(house, actor, { ...ofVecchiaia(directorateId, 0), typologyId })
    await expect(set(headquarters, 'ag-roma-eur')).rejects.toMatchObject({ status: 422, code: 'classification.noDirectorate' })
    await expect(set(headquarters, 'dc-entrate', 'nothing')).rejects.toMatchObject({ status: 404 })
    await expect(set(staff.coordinator, 'dc-entrate')).rejects.toMatchObject({ status: 403 })
  })

  test('of two who change the same at once the second is told by whom', async () => {
    const { house } = await open()
    const both = await Promise.allSettled(
      ['dc-entrate', 'dc-ammortizzatori'].map(id => setCompetence(house, headquarters, ofVecchiaia(id, 0))),
    )
    const lost = both.find(each => each.status === 'rejected')
    expect(lost?.reason).toMatchObject({ status: 412, values: { changedBy: headquarters.name } })
  })

  test('the table is read page by page, by words and by directorate', async () => {
    const { house } = await open()
    const all: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await competencePage(house, headquarters, { cursor, limit: 7 })
      all.push(...page.items.map(each => each.typologyId))
      if (page.next === null) break
      cursor = page.next
    }
    expect(new Set(all).size).toBe(all.length)
    const found = await competencePage(house, headquarters, { q: 'VECCHIAIA', limit: 100 })
    expect(found.items.map(each => each.typologyId)).toContain('vecchiaia')
    const ofPensions = await competencePage(house, headquarters, { directorateId: 'dc-pensioni', limit: 200 })
    expect(new Set(ofPensions.items.map(each => each.directorate?.id))).toEqual(new Set(['dc-pensioni']))
  })
})
