/** Callbacks over the browser switch, with the real leader and real rows: from the wish to the conversation. */
import { expect, test } from 'vitest'
import { type OpenHouse, onOneSession } from '../../../../test/support/database.ts'
import { about } from '../../../../test/support/routing.ts'
import { staff } from '../../../../test/support/staff.ts'
import { type CallerPage, says } from '../../../../test/support/telephone-page.ts'
import { atDesk, callIdOf, dial, inLine, mondayMorning, pensions, program } from '../../../../test/support/telephony.ts'
import { openInteraction, sendLinea } from '../../../cases/interactions.ts'
import { identify } from '../../../contacts/identification.ts'
import { createContact, NewContact } from '../../../contacts/index.ts'
import type { CallbackSettings } from '../../../distribution/index.ts'
import { setCallbackSettings } from '../../../distribution/sections/service.ts'
import { inTransaction, system } from '../../../platform/index.ts'
import { notedNumbers, openCallbacks } from './store.ts'

/** A clock that can be put forward, as if so much time had passed. */
function movableClock() {
  let ahead = 0
  return {
    now: () => mondayMorning.now() + ahead,
    after: mondayMorning.after,
    forward(ms: number) {
      ahead += ms
    },
  }
}

const mobile = '+393331234567'

async function centre(open: OpenHouse, settings: CallbackSettings = {}, routing: Parameters<typeof program>[1] = {}) {
  const clock = movableClock()
  const running = await program(open, { wrapUpMs: 0, restMs: 0, ...routing }, undefined, clock)
  const { house } = running
  await inTransaction(house, system('sample'), work => setCallbackSettings(work, pensions, settings))
  const rows = () => openCallbacks(house.database.kysely, pensions, null, 10)
  return {
    ...running,
    clock,
    rows,
    row: async (callId: string) =>
      house.database.kysely.selectFrom('callback').selectAll().where('call_id', '=', callId).executeTakeFirst(),
    line: async () => house.database.kysely.selectFrom('queued_call').selectAll().orderBy('waiting_since').execute(),
  }
}

/** Asks by key to be called back at the number that calls, hears the goodbye, and leaves the page open. */
async function wishes(url: string, from: string | null = mobile): Promise<{ page: CallerPage; callId: string }> {
  const page = dial(url, undefined, from)
  await page.until(says('say'))
  page.send({ type: 'key', key: '1' })
  await page.spoken(/sezione pensioni/)
  const callId = await callIdOf(page)
  page.send({ type: 'key', key: '5' })
  await page.spoken(/Se preferisce, la richiamiamo noi/)
  page.send({ type: 'key', key: '1' })
  await page.spoken(/posto è mantenuto/)
  await page.until(says('ended', { cause: 'called-back' }))
  page.awaitCallback()
  return { page, callId }
}

const rings = (page: CallerPage, after = 0) => page.until(says('ring'), after)

onOneSession(open => {
  test('who hangs up keeps the place before who came later; the operator takes it, the page rings, and the two are joined', async () => {
    const { url, journal, clock, line, row } = await centre(open)
    const { page, callId } = await wishes(url)
    const later = await inLine(url)
    const laterId = await callIdOf(later)
    expect((await row(callId))?.state).toBe('waiting')
    await journal.until(about(laterId, 'call.position'))
    expect((await line()).map(each => [each.call_id, each.kind])).toEqual([
      [callId, 'callback'],
      [laterId, 'call'],
    ])
    clock.forward(10_000)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const ring = await anna.page.until(says('ring'))
    expect(ring).toMatchObject({ callId, from: mobile })
    expect(await anna.card()).toMatchObject({
      state: 'ringing',
      from: mobile,
      path: ['Pensioni'],
      callback: { attempt: 1, maxAttempts: 3, lastOutcome: null },
    })
    anna.page.send({ type: 'answer', leg: ring.leg })
    const atCitizen = await rings(page)
    expect(atCitizen).toMatchObject({ callId, from: '+390600000001' })
    expect((await row(callId))?.state).toBe('dialling')
    expect((await anna.card())?.state).toBe('dialling')
    page.send({ type: 'answer', leg: atCitizen.leg })
    await anna.page.until(says('connect'))
    await page.until(says('connect'))
    await journal.until(about(callId, 'call.connected'))
    expect(await anna.card()).toMatchObject({ state: 'talking', callId })
    expect((await row(callId))?.state).toBe('reached')
    page.send({ type: 'hang-up' })
    await journal.until(about(callId, 'call.ended'))
    const story = journal.entries.filter(entry => entry.subjects.call === callId).map(entry => entry.type)
    expect(story.filter(type => !type.startsWith('agent.') && !type.includes('position'))).toEqual([
      ...['call.arrived', 'call.menu-chosen', 'call.queued', 'call.callback-queued', 'offer.made', 'offer.answered'],
      ...['offer.accepted', 'call.callback-dialled', 'call.connected', 'conversation.ended', 'call.ended'],
    ])
    // Then whoever came later, and nobody before.
    await anna.page.until(says('ring', { callId: laterId }))
  })

  test('who waits is not overtaken: a callback of somebody who came later comes later', async () => {
    const { url, clock } = await centre(open)
    const first = await inLine(url)
    const { callId } = await wishes(url)
    clock.forward(10_000)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const ring = await anna.page.until(says('ring'))
    expect(ring.callId).toBe(await callIdOf(first))
    first.send({ type: 'hang-up' })
    await anna.page.until(says('ring', { callId }))
  })

  test('the callback of the citizen of an open case asks for who follows it', async () => {
    const { house, url, journal } = await centre(open)
    const card = NewContact.parse({ kind: 'person', familyName: 'Ferri', municipalityCode: '058091', phones: [mobile] })
    const { id: contactId } = await createContact(house, staff.luca, card)
    const { id } = await openInteraction(house, staff.luca, { channel: 'counter', contactId, typologyId: 'vecchiaia' })
    await sendLinea(house, staff.luca, { id, question: 'E la pensione?', replyTo: { phone: mobile } })
    // Luca is talking when the citizen asks; how the engine keeps it for him is told in src/routing/routing.test.ts.
    const luca = await atDesk(url, staff.luca)
    await luca.available()
    await inLine(url)
    const talk = await luca.page.until(says('ring'))
    luca.page.send({ type: 'answer', leg: talk.leg })
    await luca.page.until(says('connect'))
    const { callId } = await wishes(url)
    await journal.until(about(callId, 'call.callback-queued'))
    const queued = journal.of('call.callback-queued').find(entry => entry.subjects.call === callId)
    // From when the number may be dialled it is as long as for a call.
    const sleepsMs = Date.parse(String(queued?.payload.notBefore)) - (queued?.at.getTime() ?? 0)
    expect(queued?.payload.preferred).toEqual({ agents: [staff.luca.personId], boundMs: 30_000 + sleepsMs })
    await journal.until(
      entry => entry.type === 'call.continuity' && entry.subjects.call === callId && entry.id > (queued?.id ?? 0),
    )
  })

  test('nobody answers: again after the pause, then given up in the open, until a supervisor has looked after it', async () => {
    const { url, journal, clock, rows } = await centre(open, { maxAttempts: 2, retryMs: 60_000 })
    const { page, callId } = await wishes(url)
    clock.forward(10_000)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const first = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: first.leg })
    const atCitizen = await rings(page)
    page.send({ type: 'hang-up' })
    await journal.until(about(callId, 'call.callback-unanswered'))
    await anna.page.until(says('ended', { leg: first.leg }))
    expect(await rows()).toMatchObject([{ call_id: callId, state: 'waiting', attempts: 1, last_outcome: 'declined' }])
    expect((await anna.today())[0]).toMatchObject({ callId, outcome: 'unreached' })

    const heard = anna.page.heard.length
    clock.forward(60_000)
    await anna.ask('POST', '/api/desk/heartbeat', { pageId: anna.pageId, telephoneReady: true })
    const second = await anna.page.until(says('ring'), heard)
    expect((await anna.card())?.callback).toMatchObject({ attempt: 2, lastOutcome: 'declined' })
    page.close()
    anna.page.send({ type: 'answer', leg: second.leg })
    await journal.until(about(callId, 'call.ended'))
    // Not there when it is to ring, or gone while it rings: the page and the answer come over two lines.
    const last_outcome = expect.stringMatching(/^(unreachable|failed)$/)
    expect(await rows()).toMatchObject([{ call_id: callId, state: 'given-up', attempts: 2, last_outcome }])
    expect(atCitizen.leg).not.toBe(second.leg)
  })

  test('one wish for a number: who calls with it hears nothing of it, and takes nothing from whoever has it', async () => {
    const { url, house, journal, row } = await centre(open)
    const { callId } = await wishes(url)
    expect([...(await notedNumbers(house.database.kysely, pensions, [mobile]))]).toEqual([mobile])
    // Anybody may type the number of a citizen on the page.
    const { callId: second } = await wishes(url)
    await journal.until(about(second, 'call.ended'))
    expect(await row(second)).toBeUndefined()
    const stranger = dial(url, undefined, mobile)
    await stranger.until(says('say'))
    stranger.send({ type: 'key', key: '1' })
    await stranger.spoken(/sezione pensioni/)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    // The callback sleeps through its goodbye, so the line comes first.
    const strangerId = await callIdOf(stranger)
    const ring = await anna.page.until(says('ring', { callId: strangerId }))
    anna.page.send({ type: 'answer', leg: ring.leg })
    await journal.until(about(strangerId, 'call.connected'))
    expect(await anna.card()).toMatchObject({ numberFrom: 'page', openCallbacks: [{ callId }] })
    stranger.send({ type: 'hang-up' })
    await journal.until(about(strangerId, 'call.ended'))
    expect((await row(callId))?.state).toBe('waiting')
    expect((await anna.ask('POST', `/api/calls/${strangerId}/callbacks/${callId}/served`)).status).toBe(404)
  })

  test('who is served on the line is not called back when the operator says that it is the same person, or has verified it', async () => {
    const { url, house, journal, clock, row } = await centre(open)
    const anna = await atDesk(url, staff.anna)
    const inConversation = async () => {
      const caller = await inLine(url, mobile)
      const id = await callIdOf(caller)
      await anna.available()
      const ring = await anna.page.until(says('ring', { callId: id }))
      anna.page.send({ type: 'answer', leg: ring.leg })
      await journal.until(about(id, 'call.connected'))
      return { caller, id }
    }
    const first = await wishes(url)
    const asked = await inConversation()
    const served = `/api/calls/${asked.id}/callbacks/${first.callId}/served`
    const luca = await atDesk(url, staff.luca)
    expect((await luca.ask('POST', served)).status).toBe(404)
    expect((await anna.ask('POST', served)).status).toBe(204)
    await journal.until(about(first.callId, 'call.ended'))
    expect((await row(first.callId))?.state).toBe('withdrawn')
    asked.caller.send({ type: 'hang-up' })
    await journal.until(about(asked.id, 'call.ended'))

    const second = await wishes(url)
    const { id } = await inConversation()
    const card = { kind: 'person', familyName: 'Ferri', phones: ['333 1234567'] } as const
    const stranger = await createContact(house, staff.anna, NewContact.parse({ ...card, phones: [] }))
    const known = await createContact(house, staff.anna, NewContact.parse(card))
    const verify = (contactId: string) =>
      identify(house, staff.anna, { id: contactId, input: { method: 'pin', evidence: '', callId: id } })
    await verify(stranger.id)
    expect((await row(second.callId))?.state).toBe('waiting')
    await verify(known.id)
    await journal.until(about(second.callId, 'call.ended'))
    expect((await row(second.callId))?.state).toBe('withdrawn')
    clock.forward(60_000)
    // The leader hears of the end after everybody else has.
    await expect
      .poll(() => house.database.kysely.selectFrom('queued_call').selectAll().execute(), { timeout: 60_000 })
      .toEqual([])
  })

  test('a limit of the section leads to the offer; another number is keyed and heard again', async () => {
    const { url, row } = await centre(
      open,
      {},
      { overflow: { full: null, 'too-long': null, nobody: { do: 'callback' }, closed: null } },
    )
    const page = dial(url, undefined, null)
    await page.until(says('say'))
    page.send({ type: 'key', key: '1' })
    await page.spoken(/sezione pensioni/)
    expect(await page.spoken(/richiamiamo noi/)).not.toMatch(/prema 1/)
    for (const key of ['2', ...'3337654321', '#']) page.send({ type: 'key', key })
    expect(await page.spoken(/Ha digitato/)).toContain('3 3 3 7 6 5 4 3 2 1')
    page.send({ type: 'key', key: '1' })
    await page.spoken(/posto è mantenuto/)
    expect(await row(await callIdOf(page))).toMatchObject({ number: '+393337654321', state: 'waiting' })
  })

  test('a supervisor pages through the open callbacks, withdraws one with a reason, and nobody else may', async () => {
    const { url, journal, row, line, clock } = await centre(open)
    const wished: string[] = []
    for (const n of [1, 2, 3]) wished.push((await wishes(url, `+39333000000${n}`)).callId)
    const [first = '', second = '', third = ''] = wished
    const supervisor = await atDesk(url, staff.supervisor)
    const list = `/api/callbacks?sectionId=${pensions}&limit=2`
    const page = async (cursor?: string | null) => {
      const answer = await supervisor.ask('GET', cursor ? `${list}&cursor=${encodeURIComponent(cursor)}` : list)
      expect(answer.status).toBe(200)
      return answer.body as { items: { callId: string; number: string }[]; next: string | null }
    }
    const begin = await page()
    expect(begin.items.map(each => each.callId)).toEqual([first, second])
    const end = await page(begin.next)
    expect(end).toMatchObject({ items: [{ callId: third, number: '+393330000003' }], next: null })
    const anna = await atDesk(url, staff.anna)
    const withdraw = `/api/callbacks/${second}/withdraw`
    const note = { note: 'Ha richiamato da sola.' }
    expect((await anna.ask('POST', withdraw, note)).status).toBe(403)
    expect((await anna.ask('GET', list)).status).toBe(403)
    expect((await supervisor.ask('POST', withdraw, { note: '' })).status).toBe(422)
    expect((await supervisor.ask('POST', `/api/callbacks/${second}/settle`, note)).status).toBe(409)
    expect((await supervisor.ask('POST', `/api/callbacks/${staff.anna.personId}/withdraw`, note)).status).toBe(404)
    expect((await supervisor.ask('POST', withdraw, note)).status).toBe(204)
    await journal.until(about(second, 'call.ended'))
    expect((await row(second))?.state).toBe('withdrawn')
    // While it rings at an operator, too: the ringing ends, and the operator's own list says why.
    clock.forward(10_000)
    await anna.ask('POST', '/api/desk/heartbeat', { pageId: anna.pageId, telephoneReady: true })
    await anna.available()
    const ring = await anna.page.until(says('ring'))
    expect(ring.callId).toBe(first)
    expect((await supervisor.ask('POST', `/api/callbacks/${first}/withdraw`, note)).status).toBe(204)
    await journal.until(about(first, 'call.ended'))
    expect((await anna.today()).find(each => each.callId === first)).toMatchObject({
      ...{ outcome: 'withdrawn', isCallback: true, callEnded: 'withdrawn' },
    })
    await anna.ask('POST', '/api/desk/pause', { reason: 'break' })
    // A second click, or the other supervisor.
    expect((await supervisor.ask('POST', withdraw, note)).status).toBe(409)
    expect((await page()).items.map(each => each.callId)).toEqual([third])
    await expect.poll(async () => (await line()).map(each => each.call_id), { timeout: 60_000 }).toEqual([third])
  })

  test('of two supervisors who have the rules of a line open, the second to save is told and overwrites nothing', async () => {
    const { url, journal } = await centre(open)
    const supervisor = await atDesk(url, staff.supervisor)
    const path = `/api/sections/${pensions}/line`
    type Line = { version: number; routing: object; callbacks: object; holds: { limits: { maxWaiting: number | null } } }
    const read = async () => (await supervisor.ask('GET', path)).body as Line
    const { version, routing, callbacks } = await read()
    const save = (maxWaiting: number, of: number) =>
      supervisor.ask(
        'PUT',
        path,
        { routing: { ...routing, limits: { maxWaiting, maxWaitMs: null } }, callbacks },
        { 'if-match': `"${of}"` },
      )
    const both = await Promise.all([save(40, version), save(50, version)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
    const kept = both[0].status === 200 ? 40 : 50
    expect(await read()).toMatchObject({ version: version + 1, holds: { limits: { maxWaiting: kept } } })
    expect((await save(60, version + 1)).status).toBe(200)
    const callsAbove = { ...callbacks, offerAboveMs: 240_000 }
    const last = { routing: { ...routing, limits: { maxWaiting: 60, maxWaitMs: null } }, callbacks: callsAbove }
    expect((await supervisor.ask('PUT', path, last, { 'if-match': `"${version + 2}"` })).status).toBe(200)
    const limits = (maxWaiting: number) => ({ maxWaiting, maxWaitMs: null })
    const [changed] = await journal.until(
      entry => entry.type === 'callback.settings-set' && JSON.stringify(entry.payload.changes).includes('240000'),
    )
    expect(changed?.payload.changes).toEqual([{ field: 'offerAboveMs', before: null, after: 240_000 }])
    const ofRouting = journal.of('section.routing-set').map(entry => entry.payload.changes)
    expect(ofRouting).toContainEqual([{ field: 'limits', before: limits(kept), after: limits(60) }])
    expect(ofRouting).toContainEqual([])
    expect((await supervisor.ask('PUT', path, { routing, callbacks })).status).toBe(428)
  })

  test('a program that dies between the offer and the number goes on, and dials once', async () => {
    const { url, journal, clock, restart, row } = await centre(open)
    const { page, callId } = await wishes(url)
    clock.forward(10_000)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    await anna.page.until(says('ring'))
    await restart()
    const heard = anna.page.heard.length
    await anna.ask('POST', '/api/desk/heartbeat', { pageId: anna.pageId, telephoneReady: true })
    const ring = await anna.page.until(says('ring', { callId }), heard)
    anna.page.send({ type: 'answer', leg: ring.leg })
    const atCitizen = await rings(page)
    page.send({ type: 'answer', leg: atCitizen.leg })
    await journal.until(about(callId, 'call.connected'))
    expect(page.heard.filter(says('ring'))).toHaveLength(1)
    expect(await row(callId)).toMatchObject({ attempts: 1, state: 'reached' })
  })
})
