/** Contacts in full: who acts for whom and what may be told to them, codes of before, numbers and addresses with their kind. */
import { describe, expect, test } from 'vitest'
import { onOneSession } from '../../test/support/database.ts'
import { refusalLine } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { changeInteraction, openInteraction, sendLinea } from '../cases/interactions.ts'
import { type House, inTransaction, type PersonActor, type Refused, system, virtualClock } from '../platform/index.ts'
import { callArrived, callConnected } from '../telephony/events.ts'
import { contactUnmasked } from './events.ts'
import { checkCharacter } from './fiscal-code.ts'
import { identificationView, identify, noteSpeaker } from './identification.ts'
import { endMandate, mandatesOf, noteMandate } from './mandates.ts'
import { contactCard, unmask } from './masking.ts'
import { MaskedField, type NewContact, NewContact as NewContactSchema, type NewMandate } from './model.ts'
import { contactView } from './reading.ts'
import { searchContacts } from './search.ts'
import { changeContact, createContact, involve } from './service.ts'

const { anna, luca, paola, milan } = staff

const card = (given: Partial<NewContact>): NewContact => NewContactSchema.parse({ kind: 'person', familyName: 'Ferri', ...given })
const withCheck = (code: string): string => code + checkCharacter(code)
const code = withCheck('FRRGLI62P44H501')
/** The same person after omocodia: the last digit became a letter. */
const afterOmocodia = withCheck('FRRGLI62P44H50M')

/** A call in which somebody talks. */
async function call(house: House, operator: PersonActor = anna): Promise<string> {
  const callId = house.ids()
  await inTransaction(house, system('telephony'), async work => {
    const about = { channel: 'telephone', call: callId } as const
    await work.journal(
      callArrived,
      {
        ...{ from: '+390659594321', to: '+390600000001', unitId: null, unitName: null, provinceCode: null, regionCode: null },
        ...{ leg: 'browser', mode: 'channelled' },
      },
      about,
    )
    await work.journal(callConnected, { agent: operator.personId, offer: '1', sectionId: 'ccm-pensioni', waitedMs: 0 }, about)
  })
  return callId
}

const from = (given: Partial<NewMandate> & { intermediaryId: string }): NewMandate => ({
  ...{ kind: 'patronage', validFrom: '2020-01-01', validUntil: null, evidence: 'mandato n. 12' },
  ...given,
})

describe('somebody who acts for another', () => {
  onOneSession(open => {
    test('may do so from the first to the last day of the institute’s calendar', async () => {
      const clock = virtualClock(Date.parse('2026-11-23T23:30:00Z'))
      const { house } = await open({ clock })
      const giulia = await createContact(house, anna, card({ givenName: 'Giulia' }))
      const inca = await createContact(
        house,
        anna,
        card({ kind: 'intermediary', familyName: null, businessName: 'INCA Roma', intermediaryKind: 'patronato' }),
      )
      const noted = (validFrom: string, validUntil: string) =>
        noteMandate(house, anna, { id: giulia.id, input: from({ intermediaryId: inca.id, validFrom, validUntil }) })
      // Half past midnight in Rome.
      expect(await noted('2026-11-24', '2026-11-24')).toMatchObject({ state: 'valid' })
      expect(await noted('2026-11-01', '2026-11-23')).toMatchObject({ state: 'expired' })
    })

    test('is told of the other only with a mandate that holds, and as far as it is sure who they are', async () => {
      const { house } = await open()
      const giulia = await createContact(house, anna, card({ givenName: 'Giulia' }))
      const inca = await createContact(
        house,
        anna,
        card({ kind: 'intermediary', familyName: null, businessName: 'INCA Roma', intermediaryKind: 'patronato' }),
      )
      expect(inca).toMatchObject({ name: 'INCA Roma', intermediaryKind: 'patronato' })
      const callId = await call(house)
      const noted = (given: Partial<NewMandate> = {}) =>
        noteMandate(house, anna, { id: giulia.id, input: from({ intermediaryId: inca.id, ...given }) })
      const speaks = (mandateId: string | null, who = anna) =>
        noteSpeaker(house, who, { id: giulia.id, input: { mandateId, callId } })
      const said = (...methods: ('name' | 'address' | 'request-code' | 'pin')[]) =>
        methods.reduce<Promise<unknown>>(
          (before, method) =>
            before.then(() => identify(house, anna, { id: giulia.id, input: { method, evidence: '', callId } })),
          Promise.resolve(),
        )

      const expired = await noted({ validUntil: '2020-12-31' })
      const early = await noted({ validFrom: '2999-01-01' })
      const valid = await noted({ validUntil: '2999-12-31' })
      expect([expired.state, early.state, valid.state]).toEqual(['expired', 'not-yet', 'valid'])
      expect(await refusalLine(speaks(expired.id))).toBe('403 contacts.mandate.expired')
      expect(await refusalLine(speaks(early.id))).toBe('403 contacts.mandate.not-yet')
      expect(await refusalLine(speaks(valid.id, luca))).toBe('404 platform.notFound')
      expect(await refusalLine(noted({ intermediaryId: giulia.id }))).toBe('422 contacts.mandate.oneself')
      expect(await refusalLine(noted({ validUntil: '2019-01-01' }))).toBe('422 contacts.mandate.endsBeforeItBegins')

      // Giulia was identified herself; then the patronato takes the telephone, and nobody is identified any more.
      await said('pin')
      expect((await identificationView(house, anna, giulia.id, callId)).mayHear).toContain('personal-data')
      expect(await speaks(valid.id)).toMatchObject({
        ...{ level: 'none', mayHear: ['general'], identifications: [] },
        speaker: { intermediary: { name: 'INCA Roma' }, state: 'valid' },
      })
      await said('name', 'address', 'request-code')
      expect((await identificationView(house, anna, giulia.id, callId)).mayHear).toEqual(['general', 'state-of-request'])
      await said('pin')
      expect((await identificationView(house, anna, giulia.id, callId)).mayHear).toContain('personal-data')
      // What was noted of who spoke is theirs, not hers.
      expect(await identificationView(house, anna, inca.id, callId)).toMatchObject({ level: 'verified', speaker: null })

      await endMandate(house, anna, { id: giulia.id, mandateId: valid.id })
      expect(await identificationView(house, anna, giulia.id, callId)).toMatchObject({
        ...{ level: 'verified', mayHear: ['general'] },
        speaker: { state: 'ended' },
      })
      expect(await refusalLine(speaks(valid.id))).toBe('403 contacts.mandate.ended')
      expect(await speaks(null)).toMatchObject({
        level: 'verified',
        speaker: null,
        mayHear: expect.arrayContaining(['personal-data']),
      })
    })

    test('is shown on both cards, a page at a time, and to nobody who may not see the card', async () => {
      const { house } = await open()
      const inca = await createContact(house, anna, card({ kind: 'intermediary', familyName: null, businessName: 'INCA Roma' }))
      const held: string[] = []
      for (const familyName of ['Ferri', 'Neri', 'Verdi']) {
        const { id } = await createContact(house, familyName === 'Neri' ? paola : anna, card({ familyName }))
        held.unshift((await noteMandate(house, anna, { id, input: from({ intermediaryId: inca.id }) })).id)
        if (familyName !== 'Neri') continue
        expect((await mandatesOf(house, paola, id, { side: 'given', limit: 5 })).items).toHaveLength(1)
        expect(await refusalLine(mandatesOf(house, milan, id, { side: 'given', limit: 5 }))).toBe('404 platform.notFound')
        expect(await refusalLine(endMandate(house, milan, { id, mandateId: held[0] ?? '' }))).toBe('404 platform.notFound')
        // Paola's centre does not see the patronato's card, so she cannot note a mandate of it.
        expect(await refusalLine(noteMandate(house, paola, { id, input: from({ intermediaryId: inca.id }) }))).toBe(
          '404 platform.notFound',
        )
      }
      const first = await mandatesOf(house, anna, inca.id, { side: 'held', limit: 2 })
      const rest = await mandatesOf(house, anna, inca.id, { side: 'held', limit: 2, cursor: first.next ?? '' })
      expect([...first.items, ...rest.items].map(each => each.id)).toEqual(held)
      expect(rest.next).toBeNull()
    })
  })
})

describe('a card', () => {
  onOneSession(open => {
    test('keeps the codes of before, and is found by them', async () => {
      const { house } = await open()
      const made = await createContact(house, anna, card({ givenName: 'Giulia', fiscalCode: code }))
      const changed = await changeContact(house, anna, { id: made.id, version: 1, change: { fiscalCode: afterOmocodia } })
      expect(changed).toMatchObject({ fiscalCode: afterOmocodia, formerCodes: [{ fiscalCode: code, replacedBy: anna.name }] })
      for (const q of [code, afterOmocodia])
        expect(
          (await searchContacts(house, anna, { q, limit: 5 })).items.map(each => each.id),
          q,
        ).toEqual([made.id])
      // Back again: it is no former one any more.
      const back = await changeContact(house, anna, { id: made.id, version: 2, change: { fiscalCode: code } })
      expect(back.formerCodes.map(each => each.fiscalCode)).toEqual([afterOmocodia])
    })

    test('says what a number and an address are, how to reach somebody, and what to know before talking', async () => {
      const { house } = await open()
      const made = await createContact(
        house,
        anna,
        card({
          phones: ['06 5959 4321', { number: '347 1234567', kind: 'of-another' }],
          emails: ['g@example.org', { address: 'G@pec.example.org', kind: 'pec' }],
          address: 'Via Roma 1',
          postalCode: '00144',
          preferredChannel: 'pec',
          needs: ['interpreter', 'deaf'],
          doNotCall: 'deceduta il 3 novembre',
        }),
      )
      const written = {
        phones: [
          { number: '+390659594321', kind: null },
          { number: '+393471234567', kind: 'of-another' },
        ],
        emails: [
          { address: 'g@example.org', kind: 'email' },
          { address: 'g@pec.example.org', kind: 'pec' },
        ],
        ...{ address: 'Via Roma 1', postalCode: '00144', preferredChannel: 'pec', needs: ['deaf', 'interpreter'] },
        doNotCall: 'deceduta il 3 novembre',
      }
      expect(made).toMatchObject(written)
      // Numbers given alone keep their kind; what is the same makes no new version.
      const phones = ['06 5959 4321', '347 1234567']
      expect(await changeContact(house, anna, { id: made.id, version: 1, change: { phones } })).toMatchObject({
        ...written,
        version: 1,
      })
      await changeContact(house, anna, { id: made.id, version: 1, change: { phones: ['347 1234567'], doNotCall: null } })
      expect(await contactView(house, anna, made.id)).toMatchObject({
        ...written,
        ...{ phones: [{ number: '+393471234567', kind: 'of-another' }], doNotCall: null, version: 2 },
      })
    })
  })
})

describe('one box', () => {
  onOneSession(open => {
    test('finds whoever is meant, says why, and puts what is certain first', async () => {
      const { house } = await open()
      const angelo = await createContact(
        house,
        anna,
        card({
          ...{ givenName: 'Niccolò', familyName: "D'Angelo", fiscalCode: code, municipalityCode: '058091' },
          ...{ phones: ['06 5959 4321'], emails: ['nd@example.org'] },
        }),
      )
      const rossi = await createContact(house, anna, card({ givenName: 'Anna Maria', familyName: 'Rossi' }))
      const rosi = await createContact(house, paola, card({ givenName: 'Anna Maria', familyName: 'Rosi' }))
      const { id: interactionId } = await openInteraction(house, anna, { channel: 'telephone' })
      const { caseId } = await sendLinea(house, anna, {
        ...{ id: interactionId, contactId: angelo.id, typologyId: 'vecchiaia', question: 'Una domanda come un’altra' },
        replyTo: { email: 'nd@example.org' },
      })
      const matter = await house.database.kysely
        .selectFrom('case')
        .select('code')
        .where('id', '=', caseId)
        .executeTakeFirstOrThrow()
      const spoken = matter.code.replace(/^(\d{3})(\d{3})/, '$1 $2 ')
      await changeContact(house, anna, { id: angelo.id, version: 1, change: { fiscalCode: afterOmocodia } })
      const found = async (q: string, who: PersonActor = anna) =>
        (await searchContacts(house, who, { q, limit: 5 })).items.map(each => [each.id, each.why])

      for (const [q, why] of [
        ['dangelo nicolo', 'similar-name'],
        ["NICCOLO' D´ANGELO", 'name'],
        ['d angleo', 'similar-name'],
        ['Niccolò Dangello', 'similar-name'],
        ['tel. 06/5959-4321', 'phone'],
        ['<nd@example.org>', 'email'],
        [afterOmocodia.toLowerCase(), 'fiscal-code'],
        [code, 'former-fiscal-code'],
        [spoken, 'request-code'],
      ] as const)
        expect(await found(q), q).toEqual([[angelo.id, why]])
      expect(await found('anna rossi maria')).toEqual([
        [rossi.id, 'similar-name'],
        [rosi.id, 'similar-name'],
      ])
      expect(await found('rossi anna')).toEqual([
        [rossi.id, 'name'],
        [rosi.id, 'similar-name'],
      ])
      // Only whom one may see, also among the similar ones, and by the code of a request.
      expect(await found('rossi anna', paola)).toEqual([[rosi.id, 'similar-name']])
      expect(await found('rossi anna', milan)).toEqual([])
      expect(await found(spoken, milan)).toEqual([])
      expect(await found(spoken, paola)).toEqual([[angelo.id, 'request-code']])
    })
  })
})

describe('what is masked', () => {
  onOneSession(open => {
    test('is shown by the conversation or for a reason, which the journal keeps; nobody corrects what they have not read', async () => {
      const { house } = await open()
      const given = {
        ...{ givenName: 'Giulia', fiscalCode: code, municipalityCode: '058091', address: 'Via Roma 1', postalCode: '00144' },
        ...{ phones: ['06 5959 4321'], emails: ['giulia@example.org'] },
      }
      const made = await createContact(house, anna, card(given))
      const { id } = made
      await inTransaction(house, system('test'), work => involve(work, id, paola.unitPath))
      const masked = {
        ...{ fiscalCode: `FRR•••${code.slice(-1)}`, birthDate: null, birthYear: 1962, address: '•••', postalCode: '•••' },
        ...{ phones: [{ number: '•••321' }], emails: [{ address: 'g•••@example.org' }], masked: MaskedField.options },
      }
      // Whoever wrote it down has read it; a regional centre sees those whose matters it has.
      for (const who of [anna, paola])
        expect(await contactCard(house, who, id), who.name).toMatchObject({ fiscalCode: code, masked: [] })
      expect(await contactCard(house, luca, id)).toMatchObject(masked)

      const list = async (q: string, who = luca) => (await searchContacts(house, who, { q, limit: 5 })).items[0]
      expect(await list('ferri giulia')).toMatchObject({
        ...{ fiscalCode: masked.fiscalCode, birthDate: null, birthYear: 1962, phone: '•••321', email: 'g•••@example.org' },
      })
      // What was typed is known; the rest is not told for it.
      expect(await list(code)).toMatchObject({ fiscalCode: code, phone: '•••321' })
      expect(await list('06 5959 4321')).toMatchObject({ fiscalCode: masked.fiscalCode, phone: '+390659594321' })
      expect(await list('ferri', paola)).toMatchObject({ fiscalCode: code, birthDate: '1962-09-04' })

      // A change of what was not read is refused, a change of the rest answers masked, and so does the refusal of an old version.
      expect(await refusalLine(changeContact(house, luca, { id, version: 1, change: { phones: [] } }))).toBe(
        '403 contacts.unmask.changeUnseen',
      )
      expect(await changeContact(house, luca, { id, version: 1, change: { notes: 'sente poco' } })).toMatchObject(masked)
      const late = await changeContact(house, luca, { id, version: 1, change: { notes: '' } }).catch((error: unknown) => error)
      expect(JSON.stringify((late as Refused).values)).not.toContain(code)

      // In a conversation: the ways to answer at once, the rest when the caller is known.
      const callId = await call(house, luca)
      const { id: interactionId } = await openInteraction(house, luca, { channel: 'telephone', callId })
      await changeInteraction(house, luca, { id: interactionId, version: 1, change: { contactId: id } })
      expect(await contactCard(house, luca, id)).toMatchObject({
        phones: [{ number: '+390659594321' }],
        fiscalCode: masked.fiscalCode,
      })
      for (const method of ['name', 'birth-date', 'request-code'] as const)
        await identify(house, luca, { id, input: { method, evidence: '', callId } })
      expect(await contactCard(house, luca, id)).toMatchObject({ fiscalCode: code, masked: [] })
      // Only for who has heard it.
      expect(await contactCard(house, staff.supervisor, id)).toMatchObject(masked)

      const input = { reason: 'compare', note: '', callId: null } as const
      expect(await refusalLine(unmask(house, staff.supervisor, { id, input: { ...input, reason: 'other' } }))).toBe(
        '422 contacts.unmask.sayWhy',
      )
      expect(await unmask(house, staff.supervisor, { id, input })).toMatchObject({ fiscalCode: code, masked: [] })
      await unmask(house, staff.supervisor, { id, input })
      expect(await contactCard(house, staff.supervisor, id)).toMatchObject({ fiscalCode: code, masked: [] })
      expect(await contactCard(house, staff.headquarters, id)).toMatchObject(masked)
      const said = await house.database.kysely
        .selectFrom('event')
        .select(['actor', 'payload'])
        .where('type', '=', contactUnmasked.type)
        .where('contact_id', '=', id)
        .execute()
      expect(said).toMatchObject([
        {
          actor: { personId: staff.supervisor.personId },
          payload: { reason: 'compare', level: 'none', fields: MaskedField.options },
        },
      ])
      // A reason holds for a conversation, not for the day.
      const later = { ...house, clock: { ...house.clock, now: () => Date.now() + 3 * 3_600_000 } }
      for (const who of [anna, staff.supervisor]) expect((await contactCard(later, who, id)).masked, who.name).not.toEqual([])
      expect(await refusalLine(unmask(house, milan, { id, input }))).toBe('404 platform.notFound')
    })
  })
})
