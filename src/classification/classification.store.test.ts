/** Typologies: found by the words that citizens use, read as a tree. */
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { analyse, plansOf } from '../../test/support/plan.ts'
import { staff } from '../../test/support/staff.ts'
import type { Refused } from '../platform/index.ts'
import { addProcedure, changeProcedure, procedureHistory } from './procedure-service.ts'
import { typologyPage, typologyView } from './service.ts'
import { findTypologies, listTypologies, typologyOf } from './store.ts'

describe('procedures', () => {
  onOneSession(open => {
    test('are added, renamed and retired, each with what was done; two never have one name', async () => {
      const { house } = await open()
      const { anna, itLazio, headquarters } = staff
      const refusal = (work: Promise<unknown>) => work.then(String, (error: Refused) => error.code)
      const added = await addProcedure(house, itLazio, { name: 'Più domande online!' })
      expect(added).toEqual({ id: 'piu-domande-online', name: 'Più domande online!', retired: false, version: 1 })
      expect((await addProcedure(house, itLazio, { name: 'Più domande, online' })).id).toBe('piu-domande-online-2')
      expect(await refusal(addProcedure(house, itLazio, { name: 'PIÙ DOMANDE ONLINE!' }))).toBe('classification.procedureThere')
      expect(await refusal(addProcedure(house, anna, { name: 'Altro' }))).toBe('classification.onlyKeepersOfProcedures')
      const procedureId = added.id
      const change = (version: number, changed: { name?: string; retired?: boolean }) =>
        changeProcedure(house, headquarters, { procedureId, version, change: changed })
      expect(await change(1, { name: 'Domande', retired: true })).toMatchObject({ name: 'Domande', retired: true, version: 3 })
      expect(await refusal(change(1, { name: 'Altro' }))).toBe('platform.changedMeanwhile')
      expect(await refusal(change(3, { name: 'più domande, online' }))).toBe('classification.procedureThere')
      expect(await change(3, { name: 'Domande' })).toMatchObject({ version: 3 })
      await change(3, { retired: false })
      const first = await procedureHistory(house, { procedureId, limit: 3 })
      const rest = await procedureHistory(house, { procedureId, limit: 3, cursor: first.next ?? '' })
      expect([...first.items, ...rest.items].map(({ kind, name, by }) => [kind, name, by])).toEqual([
        ['restored', 'Domande', headquarters.name],
        ['retired', 'Domande', headquarters.name],
        ['renamed', 'Domande', headquarters.name],
        ['added', 'Più domande online!', itLazio.name],
      ])
      expect(rest.next).toBeNull()
    })
  })
})

describe('typologies', () => {
  onOneSession(open => {
    test('are found by their label and by the words that citizens use, the label first', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const found = async (q: string) => (await findTypologies(db, q, { limit: 5 })).map(each => each.typology.id)
      expect((await found('pensione vecch'))[0]).toBe('vecchiaia')
      expect((await found('vecch pens'))[0]).toBe('vecchiaia')
      expect((await found('reversibilita'))[0]).toBe('superstiti')
      expect((await found('badante'))[0]).toBe('assunzione-domestici')
      expect((await found('licenziato'))[0]).toBe('naspi')
      expect((await found('maternità'))[0]).toBe('maternita')
      expect((await found('pin'))[0]).toBe('pin')
      expect((await found('non riesco a entrare'))[0]).toBe('pin')
      expect(await found('zzzz')).toEqual([])
      expect(await found('vecchiaia zzzz')).toEqual([])
      expect(await found('%')).toEqual([])
    })

    test('are found by a sentence as citizens say it, and despite a slip of the keyboard', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const found = async (q: string) => (await findTypologies(db, q, { limit: 3 })).map(each => each.typology.id)
      const said: Record<string, string> = {
        'Mi hanno licenziata, che cosa devo fare per la disoccupazione?': 'naspi',
        'Ho perso il lavoro a marzo': 'naspi',
        'mi è morto il marito, mi spetta la reversibilità?': 'superstiti',
        'Sono vedova, quando mi pagano?': 'superstiti',
        'Vorrei assumere una badante per mia madre': 'assunzione-domestici',
        "Non mi è ancora arrivato l'assegno per i figli": 'assegno-unico',
        'sono incinta di sei mesi e vorrei sapere quando smettere': 'maternita',
        reversbilità: 'superstiti',
        revresibilita: 'superstiti',
        licenzaito: 'naspi',
        'pensione di vechiaia': 'vecchiaia',
        bandante: 'assunzione-domestici',
        materntà: 'maternita',
      }
      for (const [text, id] of Object.entries(said)) expect((await found(text))[0], text).toBe(id)
      expect(await found('disocupazione')).toContain('naspi')
      expect(await found('qzxwv kjhgf')).toEqual([])
    })

    test('a leaf says who deals with it; a node above says nothing', async () => {
      const { house } = await open()
      const db = house.database.kysely
      expect(await typologyOf(db, 'vecchiaia')).toEqual({
        id: 'vecchiaia',
        label: 'Pensione di vecchiaia',
        path: ['Pensioni', 'Pensione di vecchiaia'],
        cricSection: 'pensions',
        centralDirectorateId: 'dc-pensioni',
        itMatter: false,
        ccmSectionId: 'ccm-pensioni',
      })
      expect(await typologyOf(db, 'pin')).toMatchObject({ itMatter: true, cricSection: null, ccmSectionId: 'ccm-online' })
      expect(await typologyOf(db, 'pensioni')).toBeUndefined()
      expect(await typologyOf(db, 'none')).toBeUndefined()
      expect(await typologyView(db, 'pensioni')).toMatchObject({ leaf: false, ccmSectionId: null })
      await expect(typologyView(db, 'none')).rejects.toMatchObject({ status: 404 })
    })

    test('are read as a tree page by page, parents before children, each once', async () => {
      const { house } = await open()
      const db = house.database.kysely
      const seen: string[] = []
      for (let cursor: string | undefined; ; ) {
        const { items, next } = await typologyPage(db, { cursor, limit: 7 })
        for (const item of items) {
          if (item.parentId !== null) expect(seen).toContain(item.parentId)
          seen.push(item.id)
        }
        if (next === null) break
        cursor = next
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.slice(0, 2)).toEqual(['pensioni', 'vecchiaia'])
      const children = await typologyPage(db, { parentId: 'online', limit: 100 })
      expect(children.items.map(item => item.id)).toContain('pin')
      const first = await typologyPage(db, { q: 'pensione', limit: 2 })
      const second = await typologyPage(db, { q: 'pensione', limit: 2, cursor: first.next ?? '' })
      expect(new Set([...first.items, ...second.items].map(item => item.id)).size).toBe(4)
    })
  })

  onPostgres(open => {
    test('with 20,000 of them, each list is read along its index', async () => {
      const { house } = await open()
      const db = house.database.kysely
      await sql`insert into typology (id, parent_id, label, labels, place, leaf, ccm_section_id, cric_section, central_directorate_id)
                select 'extra-' || n, 'pensioni', 'Altro ' || n, array['Pensioni', 'Altro ' || n], '900.' || lpad(n::text, 6, '0'), true,
                       'ccm-pensioni', 'pensions', 'dc-pensioni' from generate_series(1, 20000) n`.execute(db)
      await sql`insert into typology_word (word, typology_id, weight)
                select word, 'extra-' || n, 1 from generate_series(1, 20000) n, unnest(array['altro' || n, 'voce' || n]) word`.execute(
        db,
      )
      await sql`insert into typology_slip (slip, typology_id, stem, weight) select 'voce' || n, 'extra-' || n, 'voce' || n, 1 from generate_series(1, 20000) n`.execute(
        db,
      )
      await analyse(db)
      const [search] = await plansOf(db, one => findTypologies(one, 'pensione vecch', { limit: 31 }))
      expect(search?.indexes).toEqual(expect.arrayContaining(['typology_word_pkey', 'typology_slip_pkey']))
      expect(search?.scanned).toEqual([])
      const [tree] = await plansOf(db, one => listTypologies(one, { after: '001', limit: 31 }))
      expect(tree?.indexes).toContain('typology_in_order')
      const [children] = await plansOf(db, one => listTypologies(one, { parentId: 'online', limit: 31 }))
      expect(children?.indexes).toContain('typology_by_parent')
      expect([...(tree?.scanned ?? []), ...(children?.scanned ?? [])]).toEqual([])
    })
  })
})
