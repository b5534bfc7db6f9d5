/** A guide is kept in versions and followed with a citizen; what was done stands in the history, and nobody else goes on with it. */
import { expect, test } from 'vitest'
import { onOneSession, onPostgres } from '../../test/support/database.ts'
import { refusalLine } from '../../test/support/refusal.ts'
import { staff } from '../../test/support/staff.ts'
import { contactHistory } from '../cases/history.ts'
import { answerInteraction, openInteraction } from '../cases/interactions.ts'
import { createContact } from '../contacts/index.ts'
import type { House } from '../platform/index.ts'
import { GuideContent } from './model.ts'
import { addGuide, beginSession, changeGuide, finishSession, sayStep } from './service.ts'
import { assistedView, assistedViews, guideFigures, guideHistory, guideList, guideView, publicGuide } from './views.ts'

const { anna, luca, paola, agency, headquarters, administrator } = staff

const content = GuideContent.parse({
  title: 'Domanda di vecchiaia on line',
  summary: 'Alla fine la domanda è inviata.',
  needs: 'SPID o CIE',
  words: { de: { title: 'Antrag auf Altersrente', summary: 'Am Ende ist der Antrag gestellt.', needs: 'SPID oder CIE' } },
  typologyIds: ['naspi'],
  steps: [
    {
      id: 'sign-in',
      title: 'Accesso',
      citizen: 'Entra con SPID o CIE.',
      words: { de: { title: 'Anmeldung', citizen: 'Melden Sie sich an.' } },
    },
    { id: 'data', title: 'Dati', citizen: 'Controlla i tuoi dati.', otherwise: 'Fai correggere i dati.' },
    { id: 'receipt', title: 'Ricevuta', citizen: 'Scarica la ricevuta.', optional: true },
  ],
})
const kept = { content, reason: 'Prima stesura' }

async function talk(house: House) {
  const { id: contactId } = await createContact(house, anna, {
    ...{ kind: 'person', givenName: 'Giulia', familyName: 'Ferri', businessName: null, fiscalCode: null, birthDate: null },
    ...{ municipalityCode: '058091', language: 'de', phones: [], emails: [], notes: '' },
  })
  const { id } = await openInteraction(house, anna, { channel: 'telephone', contactId, typologyId: 'vecchiaia' })
  return { id, contactId }
}

onOneSession(open => {
  test('a guide is kept in versions by who may; a title stands once; what stands for a typology comes first', async () => {
    const { house } = await open()
    expect(await refusalLine(addGuide(house, anna, kept))).toBe('403 guides.onlyKeepers')
    const { guideId } = await addGuide(house, headquarters, kept)
    expect(
      await refusalLine(addGuide(house, headquarters, { ...kept, content: { ...content, title: content.title.toUpperCase() } })),
    ).toBe('409 guides.titleTaken')
    expect(
      await refusalLine(
        addGuide(house, headquarters, { ...kept, content: { ...content, title: 'Altra', typologyIds: ['nessuna'] } }),
      ),
    ).toBe('422 guides.typologyUnknown')
    const other = { ...content, title: 'Accesso con la CIE', typologyIds: [] }
    await addGuide(house, headquarters, { ...kept, content: other })
    const titles = async (query: Partial<Parameters<typeof guideList>[1]>) =>
      (await guideList(house, { view: 'current', limit: 50, ...query })).items
        .map(({ title }) => title)
        .filter(title => [content.title, other.title].includes(title))
    expect(await titles({})).toEqual([other.title, content.title])
    expect(await titles({ typologyId: 'naspi' })).toEqual([content.title, other.title])
    expect(await titles({ q: 'inviata vecchiaia' })).toEqual([content.title])
    expect(await titles({ q: '%' })).toEqual([])
    const page = await guideList(house, { view: 'current', limit: 1, typologyId: 'naspi' })
    expect(page.items.map(({ title }) => title)).toEqual([content.title])
    expect(
      (await guideList(house, { view: 'current', limit: 50, typologyId: 'naspi', cursor: page.next ?? '' })).items[0],
    ).not.toMatchObject({
      title: content.title,
    })

    await changeGuide(house, headquarters, { guideId, version: 1, change: { content, reason: 'Non serve più', retired: true } })
    expect(
      await refusalLine(changeGuide(house, headquarters, { guideId, version: 1, change: { ...kept, retired: false } })),
    ).toMatch(/^412/)
    expect(await titles({})).toEqual([other.title])
    expect(await titles({ view: 'retired' })).toEqual([content.title])
    expect(await refusalLine(publicGuide(house, guideId, 'it'))).toBe('404 platform.notFound')
    expect(
      (await guideHistory(house, { guideId, limit: 10 })).items.map(({ version, retired, reason }) => [version, retired, reason]),
    ).toEqual([
      [2, true, 'Non serve più'],
      [1, false, 'Prima stesura'],
    ])
    const begin = beginSession(house, anna, { interactionId: (await talk(house)).id, guideId, language: 'it' })
    expect(await refusalLine(begin)).toBe('409 guides.retired')
    expect((await guideView(house, anna, guideId, 'it')).change.allowed).toBe(false)
  })

  test('followed step by step; the version with which it began stays; the history tells how it ended', async () => {
    const { house } = await open()
    const { guideId } = await addGuide(house, headquarters, kept)
    const { id, contactId } = await talk(house)
    const { sessionId } = await beginSession(house, anna, { interactionId: id, guideId, language: 'de' })
    expect(await beginSession(house, anna, { interactionId: id, guideId, language: 'it' })).toEqual({ sessionId })
    await changeGuide(house, headquarters, {
      ...{ guideId, version: 1 },
      change: { content: { ...content, steps: content.steps.slice(0, 1) }, reason: 'Più breve', retired: false },
    })
    await sayStep(house, anna, { sessionId, stepId: 'sign-in', state: 'done', note: '' })
    await sayStep(house, anna, { sessionId, stepId: 'data', state: 'failed', note: 'Cognome sbagliato' })
    const [seen] = await assistedViews(house, anna, id, 'it')
    expect(seen).toMatchObject({
      guide: { version: 1, otherNeeds: 'SPID oder CIE' },
      steps: [
        { id: 'sign-in', state: 'done', other: { citizen: 'Melden Sie sich an.' } },
        { id: 'data', state: 'failed', note: 'Cognome sbagliato', other: null },
        { id: 'receipt', state: 'open' },
      ],
      work: { allowed: true },
    })
    expect(await refusalLine(finishSession(house, anna, { sessionId, outcome: 'completed', why: '' }))).toBe(
      '403 guides.stepsLeft',
    )
    expect(await refusalLine(finishSession(house, anna, { sessionId, outcome: 'not-possible', why: '' }))).toBe(
      '403 guides.whyNeeded',
    )
    expect(await refusalLine(sayStep(house, anna, { sessionId, stepId: 'nowhere', state: 'done', note: '' }))).toMatch(/^404/)
    await sayStep(house, anna, { sessionId, stepId: 'data', state: 'open', note: '' })
    expect((await assistedView(house, anna, sessionId, 'it')).steps[1]).toMatchObject({ state: 'open', note: '' })
    await sayStep(house, anna, { sessionId, stepId: 'data', state: 'done', note: '' })
    await answerInteraction(house, anna, { id, answer: 'Fatto insieme.' })
    // Whoever still has the citizen ends it after the conversation was written down.
    await finishSession(house, anna, { sessionId, outcome: 'completed', why: '' })
    expect(await refusalLine(finishSession(house, anna, { sessionId, outcome: 'completed', why: '' }))).toBe(
      '409 guides.sessionOver',
    )
    expect(await refusalLine(sayStep(house, anna, { sessionId, stepId: 'data', state: 'open', note: '' }))).toBe(
      '409 guides.sessionOver',
    )
    expect(await refusalLine(beginSession(house, anna, { interactionId: id, guideId, language: 'it' }))).toBe(
      '409 guides.conversationOver',
    )
    const { items } = await contactHistory(house, anna, contactId, { limit: 50 }, 'it')
    expect(items.map(({ sentence }) => sentence).filter(text => text.includes(content.title))).toEqual([
      `Guida «${content.title}» completata: 2 passi su 3`,
      `Seguita insieme la guida «${content.title}»`,
    ])
    expect(await guideFigures(house, guideId)).toMatchObject({
      sessions: 1,
      outcomes: [{ outcome: 'completed', sessions: 1 }],
      failed: [],
    })
  })

  test('only whoever has the conversation goes on with it; who does not see it finds nothing', async () => {
    const { house } = await open()
    const { guideId } = await addGuide(house, headquarters, kept)
    const { id } = await talk(house)
    expect(await refusalLine(beginSession(house, luca, { interactionId: id, guideId, language: 'it' }))).toBe(
      '403 guides.otherHelper',
    )
    const { sessionId } = await beginSession(house, anna, { interactionId: id, guideId, language: 'it' })
    const step = { sessionId, stepId: 'data', state: 'done' as const, note: '' }
    expect(await refusalLine(sayStep(house, luca, step))).toBe('403 guides.otherHelper')
    for (const stranger of [paola, agency, administrator]) {
      expect(await refusalLine(sayStep(house, stranger, step))).toMatch(/^404/)
      expect(await refusalLine(assistedViews(house, stranger, id, 'it'))).toMatch(/^404/)
    }
    expect((await assistedView(house, luca, sessionId, 'it')).work).toMatchObject({
      allowed: false,
      sentence: expect.stringContaining(anna.name),
    })
  })

  test('a citizen reads it in the own language, and in Italian what is not there in it', async () => {
    const { house } = await open()
    const { guideId } = await addGuide(house, headquarters, kept)
    expect(await publicGuide(house, guideId, 'de')).toEqual({
      ...{
        title: 'Antrag auf Altersrente',
        summary: 'Am Ende ist der Antrag gestellt.',
        needs: 'SPID oder CIE',
        languages: ['it', 'de'],
      },
      steps: [
        { title: 'Anmeldung', text: 'Melden Sie sich an.', optional: false },
        { title: 'Dati', text: 'Controlla i tuoi dati.', optional: false },
        { title: 'Ricevuta', text: 'Scarica la ricevuta.', optional: true },
      ],
    })
    expect(JSON.stringify(await publicGuide(house, guideId, 'fr'))).not.toContain('Fai correggere')
  })
})

onPostgres(open => {
  test('begun twice at once it is one session, told once', async () => {
    const { house } = await open()
    const { guideId } = await addGuide(house, headquarters, kept)
    const { id } = await talk(house)
    const begun = await Promise.all(
      Array.from({ length: 8 }, () => beginSession(house, anna, { interactionId: id, guideId, language: 'it' })),
    )
    expect(new Set(begun.map(({ sessionId }) => sessionId)).size).toBe(1)
    const entries = await house.database.kysely.selectFrom('event').select('id').where('type', '=', 'assisted.began').execute()
    expect(entries).toHaveLength(1)
  })
})
