/** Cards on both databases: what is kept, what is refused and how, who sees what. */
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { refusal } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { type EventType, type House, inTransaction, type PersonActor, system } from '../platform/index.ts'
import { callArrived, callCallbackDialled, callConnected, callEnded, callTransferred } from '../telephony/events.ts'
import { checkCharacter } from './fiscal-code.ts'
import { identificationView, identify } from './identification.ts'
import { type IdentificationMethod, type NewContact, NewContact as NewContactSchema } from './model.ts'
import { contactsByPhone, contactView } from './reading.ts'
import { searchContacts } from './search.ts'
import { changeContact, createContact, involve } from './service.ts'

const { anna, paola, milan, administrator, director } = staff

const card = (given: Partial<NewContact> = {}): NewContact =>
  NewContactSchema.parse({ kind: 'person', familyName: 'Ferri', ...given })
/** A woman born on 4 September 1962 in Rome. */
const code = `FRRGLI62P44H501${checkCharacter('FRRGLI62P44H501')}`

/** What the entries say beside what a test is about. */
const usual: Readonly<Record<string, object>> = {
  [callArrived.type]: {
    ...{ to: '+390600000001', unitId: null, unitName: null, provinceCode: null, regionCode: null },
    ...{ leg: 'browser', mode: 'channelled' },
  },
  [callConnected.type]: { offer: '1', sectionId: 'ccm-pensioni', waitedMs: 0 },
  [callTransferred.type]: { fromSectionId: 'ccm-pensioni', sectionId: 'ccm-online' },
}

/** What telephony tells of a call. */
const tell = <P extends Record<string, unknown>>(
  house: House,
  callId: string,
  type: EventType<P, 'call'>,
  payload: Partial<P>,
  at = Date.now(),
) =>
  inTransaction({ ...house, clock: { ...house.clock, now: () => at } }, system('telephony'), work =>
    work.journal<Record<string, unknown>, 'call'>(
      type,
      { ...usual[type.type], ...payload },
      { channel: 'telephone', call: callId },
    ),
  )

/** A call in which an operator talks. */
async function call(house: House, operator: PersonActor, at = Date.now()): Promise<string> {
  const callId = house.ids()
  await tell(house, callId, callArrived, { from: '+390659594321' }, at)
  await tell(house, callId, callConnected, { agent: operator.personId }, at)
  return callId
}

describe('a card', () => {
  onOneSession(open => {
    test('is kept in one form, and what follows from it is filled in', async () => {
      const { house } = await open()
      const made = await createContact(
        house,
        anna,
        card({
          givenName: 'Giulia',
          fiscalCode: code.toLowerCase().replace('62', ' 62'),
          municipalityCode: '058091',
          phones: ['06 5959 4321', '+39 06 59594321', '347 1234567'],
          emails: ['Giulia.Ferri@Example.org'],
        }),
      )
      expect(made).toMatchObject({
        name: 'Giulia Ferri',
        fiscalCode: code,
        birthDate: '1962-09-04',
        sex: 'F',
        municipality: 'Roma',
        provinceCode: 'RM',
        regionCode: '12',
        phones: [{ number: '+390659594321' }, { number: '+393471234567' }],
        emails: [{ address: 'giulia.ferri@example.org' }],
        possibleDuplicates: [],
        warnings: [],
        version: 1,
      })
      const { possibleDuplicates: _possibleDuplicates, warnings: _warnings, ...view } = made
      expect(await contactView(house, anna, made.id)).toEqual(view)
      for (const q of ['ferri g', 'GIULIA', code.slice(0, 8), '06 5959', '0659594321', 'giulia.ferri@'])
        expect(
          (await searchContacts(house, anna, { q, limit: 5 })).items.map(item => item.id),
          q,
        ).toEqual([made.id])
      expect(await contactsByPhone(house.database.kysely, '+390659594321')).toEqual([{ id: made.id, name: 'Giulia Ferri' }])
    })

    test.each([
      [{ familyName: null }, 'contacts.familyNameNeeded'],
      [{ kind: 'business' as const }, 'contacts.businessNameNeeded'],
      [{ fiscalCode: `${code.slice(0, 15)}${code.endsWith('A') ? 'B' : 'A'}` }, 'contacts.fiscalCode.check'],
      [{ fiscalCode: 'FRRGLI62P4OH501X' }, 'contacts.fiscalCode.digitExpected'],
      [{ fiscalCode: '123' }, 'contacts.fiscalCode.length'],
      [{ phones: ['123'] }, 'contacts.phoneUnknown'],
      [{ emails: ['giulia at example'] }, 'contacts.emailUnknown'],
      [{ emails: ['a@example.org\r\nBcc: b@example.org'] }, 'contacts.emailUnknown'],
      [{ municipalityCode: '999999' }, 'contacts.municipalityUnknown'],
    ])('%j is refused with what to mend', async (given, because) => {
      const { house } = await open()
      const { code: why, status } = await refusal(createContact(house, anna, card(given)))
      expect({ why, status }).toEqual({ why: because, status: 422 })
      expect(await house.database.kysely.selectFrom('contact').select('id').execute()).toEqual([])
    })

    test('with the fiscal code of another is refused, and names the other to those who may see it', async () => {
      const { house } = await open()
      const first = await createContact(house, anna, card({ givenName: 'Giulia', fiscalCode: code }))
      expect(await refusal(createContact(house, anna, card({ fiscalCode: code })))).toMatchObject({
        code: 'contacts.fiscalCodeTakenBy',
        values: { contactId: first.id, name: 'Giulia Ferri' },
      })
      const stranger = await refusal(createContact(house, milan, card({ fiscalCode: code })))
      expect(stranger).toMatchObject({ code: 'contacts.fiscalCodeTaken', values: {} })
    })

    test('that looks like another says so and is kept; what does not fit together is said', async () => {
      const { house } = await open()
      const first = await createContact(house, anna, card({ givenName: 'Giulia', phones: ['06 5959 4321'] }))
      const second = await createContact(house, anna, card({ givenName: 'Giulia', fiscalCode: code, birthDate: '1963-09-04' }))
      expect(second).toMatchObject({
        possibleDuplicates: [{ id: first.id, reason: 'same-name-and-birth' }],
        warnings: ['birth-date-differs'],
        birthDate: '1963-09-04',
      })
    })

    test('is changed with the version that was read; what is left out stays', async () => {
      const { house } = await open()
      const { id } = await createContact(house, anna, card({ givenName: 'Giulia', phones: ['06 5959 4321'], notes: 'sorda' }))
      const changed = await changeContact(house, anna, { id, version: 1, change: { familyName: 'Ferri Neri' } })
      expect(changed).toMatchObject({
        name: 'Giulia Ferri Neri',
        version: 2,
        notes: 'sorda',
        phones: [{ number: '+390659594321' }],
      })
      expect((await refusal(changeContact(house, anna, { id, version: 1, change: { notes: '' } }))).status).toBe(412)
      expect((await searchContacts(house, anna, { q: 'neri giu', limit: 5 })).items).toHaveLength(1)
      const cleared = await changeContact(house, anna, { id, version: 2, change: { phones: [], givenName: null } })
      expect(cleared).toMatchObject({ phones: [], givenName: null })
      expect((await searchContacts(house, anna, { q: 'giulia', limit: 5 })).items).toEqual([])
      const entries = await house.database.kysely.selectFrom('event').select(['type', 'payload']).orderBy('id').execute()
      expect(entries.map(entry => entry.type)).toEqual(['contact.created', 'contact.changed', 'contact.changed'])
      // What stays as it was is not repeated.
      expect(entries[2]?.payload).toEqual({
        fields: ['phones', 'givenName'],
        changes: [
          { field: 'phones', before: ['+390659594321'], after: [] },
          { field: 'givenName', before: 'Giulia', after: null },
        ],
      })
    })

    test('is seen by a regional centre when a matter was passed to it, and by nobody who has no business with it', async () => {
      const { house } = await open()
      const { id } = await createContact(house, anna, card())
      for (const actor of [paola, milan, administrator, director])
        expect((await refusal(contactView(house, actor, id))).status).toBe(404)
      await house.database.kysely.transaction().execute(tx => involve({ tx }, id, paola.unitPath))
      expect((await contactView(house, paola, id)).id).toBe(id)
      expect((await contactView(house, staff.contributions, id)).id).toBe(id)
      expect((await contactView(house, director, id)).id).toBe(id)
      expect((await refusal(contactView(house, milan, id))).status).toBe(404)
      expect((await refusal(changeContact(house, milan, { id, version: 1, change: { notes: 'x' } }))).status).toBe(404)
      expect((await refusal(changeContact(house, director, { id, version: 1, change: { notes: 'x' } }))).status).toBe(403)
    })

    test('how sure we are follows from what was used in this conversation', async () => {
      const { house } = await open()
      const { id } = await createContact(house, anna, card())
      const [callId, otherCall] = [await call(house, anna), await call(house, anna)]
      const note = (method: IdentificationMethod) => identify(house, anna, { id, input: { method, evidence: '', callId } })
      expect((await note('caller-number')).level).toBe('number')
      await note('name')
      expect((await note('fiscal-code')).level).toBe('hint')
      expect((await note('request-code')).level).toBe('declared')
      expect(await note('pin')).toMatchObject({ level: 'verified', mayHear: ['general', 'state-of-request', 'personal-data'] })
      expect((await identificationView(house, anna, id, otherCall)).level).toBe('none')
      expect((await refusal(identificationView(house, milan, id, callId))).status).toBe(404)
    })

    test('is found by the number it was written with; more than a number is refused', async () => {
      const { house } = await open()
      for (const phone of ['390659594321', '39 333 1234567', '٠٦٥٩٥٩٤٣٢٢']) {
        const { id } = await createContact(house, anna, card({ phones: [phone] }))
        expect((await searchContacts(house, anna, { q: phone, limit: 5 })).items.map(item => item.id)).toContain(id)
      }
      expect((await refusal(createContact(house, anna, card({ phones: ['06 5959 4321 int. 12'] })))).code).toBe(
        'contacts.phoneSaysMore',
      )
    })

    test('a code of all letters is found as it was typed and by its digits; a pasted sign does not matter', async () => {
      const { house } = await open()
      // The digits 62, 04 + 40 and 501 as letters: 0 L, 1 M, 2 N, 4 Q, 5 R, 6 S.
      const letters = `FRRGLISNPQQHRLM${checkCharacter('FRRGLISNPQQHRLM')}`
      const { id } = await createContact(house, anna, card({ fiscalCode: `${letters.slice(0, 6)}\u200b${letters.slice(6)}` }))
      for (const q of [letters, letters.toLowerCase(), letters.slice(0, 9), 'FRRGLI62P44H501'])
        expect((await searchContacts(house, anna, { q, limit: 5 })).items.map(item => item.id)).toEqual([id])
    })

    test('of somebody who may be 2 or 102 years old asks for the century and fits with both', async () => {
      const { house } = await open()
      const year = String(new Date(house.clock.now()).getUTCFullYear() - 2)
      const young = `FRRGLI${year.slice(2)}A41H501`
      const fiscalCode = young + checkCharacter(young)
      const asked = await createContact(house, anna, card({ fiscalCode }))
      expect(asked).toMatchObject({ birthDate: null, warnings: ['birth-century-unclear'] })
      const old = `${Number(year) - 100}-01-01`
      const known = await changeContact(house, anna, { id: asked.id, version: 1, change: { birthDate: old } })
      expect(known).toMatchObject({ birthDate: old, warnings: [] })
      for (const birthDate of ['2099-01-01', '0001-01-01', '1850-05-05'])
        expect((await refusal(createContact(house, anna, card({ birthDate })))).code).toBe('contacts.birthDateImpossible')
    })

    test('a change of nothing is no change', async () => {
      const { house } = await open()
      const made = await createContact(house, anna, card({ givenName: 'Giulia', phones: ['06 5959 4321'] }))
      for (const change of [{}, { givenName: 'Giulia' }, { phones: ['+39 06 59594321'] }])
        expect(await changeContact(house, anna, { id: made.id, version: 1, change })).toMatchObject({ version: 1 })
      const { rows } = await sql`select 1 from event where type = 'contact.changed'`.execute(house.database.kysely)
      expect(rows).toEqual([])
    })

    test('nobody vouches for what they have not seen: another’s call, a made-up one, one that is over, a check of a machine', async () => {
      const { house } = await open()
      const { id } = await createContact(house, anna, card())
      const callId = await call(house, anna)
      const note = (actor: PersonActor, method: IdentificationMethod, inCall: string | null = callId) =>
        refusal(identify(house, actor, { id, input: { method, evidence: '', callId: inCall } }))
      for (const method of ['spid', 'cie', 'cns', 'identity-document', 'call-back'] as const)
        expect(await note(anna, method)).toMatchObject({ status: 403 })
      expect(await note(staff.luca, 'name')).toMatchObject({ status: 404 })
      expect(await note(anna, 'name', house.ids())).toMatchObject({ status: 404 })
      for (const method of ['spid', 'pin', 'call-back', 'identity-document', 'caller-number'] as const)
        expect(await note(anna, method, null)).toMatchObject({ status: 403 })
      await tell(house, callId, callTransferred, { agent: anna.personId })
      expect(await note(anna, 'name')).toMatchObject({ status: 404 })
      await tell(house, callId, callConnected, { agent: staff.luca.personId })
      expect(await note(anna, 'pin')).toMatchObject({ status: 404 })
      await identify(house, staff.luca, { id, input: { method: 'pin', evidence: '', callId } })
      const over = await call(house, anna, Date.now() - 3_600_000)
      await tell(house, over, callEnded, { reason: 'caller' }, Date.now() - 3_600_000)
      expect(await note(anna, 'name', over)).toMatchObject({ status: 403 })
    })

    test('a call that we made to a number of the card verifies, one to another number does not; a document is seen at a counter', async () => {
      const { house } = await open()
      const { id } = await createContact(house, anna, card({ phones: ['06 5959 4321'] }))
      const [known, keyed] = [await call(house, anna), await call(house, anna)]
      await tell(house, known, callCallbackDialled, { agent: anna.personId, number: '+390659594321', attempt: 1 })
      await tell(house, keyed, callCallbackDialled, { agent: anna.personId, number: '+393331234567', attempt: 1 })
      const input = { method: 'call-back' as const, evidence: '' }
      expect((await refusal(identify(house, anna, { id, input: { ...input, callId: keyed } }))).status).toBe(403)
      expect((await identify(house, anna, { id, input: { ...input, callId: known } })).level).toBe('verified')
      await house.database.kysely.transaction().execute(tx => involve({ tx }, id, staff.agency.unitPath))
      const document = { method: 'identity-document' as const, evidence: 'Carta di identità', callId: null }
      expect((await identify(house, staff.agency, { id, input: document })).level).toBe('verified')
      expect((await refusal(identify(house, staff.agency, { id, input: { ...document, callId: known } }))).status).toBe(404)
    })

    test('pages of several kinds of keys follow each other', async () => {
      const { house } = await open()
      for (let i = 0; i < 7; i++)
        await createContact(house, anna, card({ familyName: `Verdi ${i}`, phones: [`06 0000 000${i}`] }))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await searchContacts(house, anna, { q: '060000', limit: 3, cursor })
        seen.push(...page.items.map(item => item.id))
        cursor = page.next ?? undefined
      } while (cursor)
      expect(new Set(seen).size).toBe(7)
      expect(seen).toHaveLength(7)
    })
  })

  onPostgres(open => {
    test('two with one fiscal code at once: one is written, the other refused', async () => {
      const { house, another } = await open()
      const second = await another()
      const results = await Promise.allSettled(
        [house, second, house, second].map(each => createContact(each, anna, card({ fiscalCode: code }))),
      )
      expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ status: 409 })
    })
  })
})
