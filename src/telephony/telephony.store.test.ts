/** The way of a call over the browser switch: real server, real sockets, the real leader of distribution; only the sound is missing. */

import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { onOneSession } from '../../test/support/database.ts'
import { msAtRest } from '../../test/support/pace.ts'
import { about, write } from '../../test/support/routing.ts'
import { staff } from '../../test/support/staff.ts'
import { type CallerPage, says } from '../../test/support/telephone-page.ts'
import { atDesk, callIdOf, dial, inLine, pensions, program, romaEur } from '../../test/support/telephony.ts'
import { interactionOpened } from '../cases/events.ts'
import { callDismissed, setAgentSkills } from '../distribution/index.ts'
import { inTransaction, system } from '../platform/index.ts'
import type { TransferChoice } from './model.ts'
import { closeCodes, type ToCaller, type ToDesk } from './switches/browser/protocol.ts'

const voice: ToDesk & ToCaller = { type: 'signal', connection: '', signal: { kind: 'offer', sdp: 'v=0' } }

/** Loses every other answer to a statement of this name: what it asked was done, and nobody hears so. */
function losingAnswers(name: string): KyselyPlugin & { lost: number } {
  const asked = new WeakSet<object>()
  let count = 0
  return {
    lost: 0,
    transformQuery({ node, queryId }) {
      if (node.kind === 'RawNode' && JSON.stringify(node).includes(`/* ${name} */`)) asked.add(queryId)
      return node
    },
    async transformResult({ result, queryId }) {
      if (!asked.has(queryId) || ++count % 2 === 0) return result
      this.lost++
      throw new Error('Connection terminated unexpectedly')
    },
  }
}

onOneSession(open => {
  test('from the number of an office to a conversation with the first operator, and its end', async () => {
    const { url, journal } = await program(open, { wrapUpMs: 60_000 })
    const caller = dial(url)
    expect(await caller.spoken(/Benvenuto/)).toMatch(/sede: Agenzia .*Roma EUR\. Per le pensioni, prema 1/)
    caller.send({ type: 'key', key: '1' })
    await caller.spoken(/sezione pensioni/)
    // Nobody is at work yet: no place in the line and no wait would be true.
    const told = await caller.spoken(/nessun operatore/)
    expect(told).toMatch(/Per essere richiamato senza perdere il posto, prema 5/)
    expect(told).not.toMatch(/prossimo|attesa prevista/)
    await caller.until(says('music', { on: true }))
    const callId = await callIdOf(caller)

    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const ring = await anna.page.until(says('ring'))
    expect(ring).toMatchObject({ callId, from: '+393330000001' })
    expect(await anna.card()).toMatchObject({
      callId,
      state: 'ringing',
      switch: 'browser',
      office: { id: 'ag-roma-eur' },
      province: { code: 'RM', name: 'Roma' },
      region: { code: '12', name: 'Lazio' },
      section: { id: pensions, name: 'Pensioni' },
      path: ['Pensioni'],
      contacts: [],
      interactionId: null,
    })
    anna.page.send({ type: 'answer', leg: ring.leg })
    const [atCaller, atAnna] = await Promise.all([caller.until(says('connect')), anna.page.until(says('connect'))])
    expect(atCaller.connection).toBe(atAnna.connection)
    expect([atCaller.initiator, atAnna.initiator]).toEqual([false, true])
    expect(caller.now).toMatchObject({ music: false, saying: null })

    // What WebRTC has to say goes to the other side, and to nobody else.
    anna.page.send({ ...voice, connection: atAnna.connection })
    expect(await caller.until(says('signal'))).toMatchObject({ signal: { kind: 'offer' } })
    caller.send({ ...voice, connection: atAnna.connection, signal: { kind: 'answer', sdp: 'v=0' } })
    expect(await anna.page.until(says('signal'))).toMatchObject({ signal: { kind: 'answer' } })

    expect(await anna.card()).toMatchObject({ state: 'talking', until: null })
    expect((await anna.ask('POST', `/api/calls/${callId}/hold`)).status).toBe(202)
    await caller.until(says('music', { on: true }), caller.heard.indexOf(atCaller))
    expect(await anna.card()).toMatchObject({ state: 'held' })
    expect((await anna.ask('POST', `/api/calls/${callId}/hold`)).status).toBe(403)
    expect((await anna.ask('POST', `/api/calls/${callId}/resume`)).status).toBe(202)
    await caller.until(says('connect'), caller.heard.indexOf(atCaller) + 1)

    const luca = await atDesk(url, staff.luca)
    expect((await luca.ask('POST', `/api/calls/${callId}/hang-up`)).status).toBe(404)
    expect((await anna.ask('POST', `/api/calls/${callId}/hang-up`)).status).toBe(202)
    await Promise.all([caller.until(says('ended')), anna.page.until(says('ended'))])
    await journal.until(about(callId, 'call.ended'))
    const types = journal.entries.filter(entry => entry.subjects.call === callId).map(entry => entry.type)
    const story = [
      'call.arrived',
      'call.menu-chosen',
      'call.queued',
      'call.position',
      'offer.made',
      'offer.answered',
      'offer.accepted',
    ]
    expect(types.filter(type => story.includes(type))).toEqual(story)
    expect(types.filter(type => /^call\.(connected|held|resumed|ended)|conversation/.test(type))).toEqual([
      'call.connected',
      'call.held',
      'call.resumed',
      'conversation.ended',
      'call.ended',
    ])
    const [made] = journal.entries.filter(about(callId, 'call.connected'))
    expect(made?.subjects).toMatchObject({ person: staff.anna.personId, channel: 'telephone' })
    expect(made?.subjects.units).toEqual(expect.arrayContaining(['ag-roma-eur', 'dr-lazio', 'ccm', pensions]))
    expect(await anna.card()).toBeNull()
    expect(await anna.today()).toMatchObject([{ callId, outcome: 'answered', office: { id: 'ag-roma-eur' } }])
    await journal.until(entry => entry.type === 'agent.state' && entry.payload.state === 'wrap-up')
  })

  test('who hangs up while it rings stops the ringing, and the operator takes the next', async () => {
    const { url, journal } = await program(open)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const first = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    first.send({ type: 'hang-up' })
    await anna.page.until(says('ended', { leg: ring.leg }))
    await journal.until(about(ring.callId, 'call.left-queue'))
    await inLine(url)
    const next = await anna.page.until(says('ring'), anna.page.heard.indexOf(ring) + 1)
    expect(next.callId).not.toBe(ring.callId)
    expect(await anna.today()).toMatchObject([{ outcome: 'ringing' }, { outcome: 'withdrawn' }])
  })

  test('an operator who does not answer loses the call, the caller keeps the place', async () => {
    const { url, journal } = await program(open, { offerTimeoutMs: 1_000 })
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const first = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    await inLine(url)
    await anna.page.until(says('ended', { leg: ring.leg }))
    await journal.until(entry => entry.type === 'agent.state' && entry.payload.reason === 'no-answer')
    // Late by a moment: nothing comes of it.
    anna.page.send({ type: 'answer', leg: ring.leg })
    expect(first.now.music || first.now.saying !== null).toBe(true)
    const luca = await atDesk(url, staff.luca)
    await luca.available()
    expect((await luca.page.until(says('ring'))).callId).toBe(await callIdOf(first))
    expect(await anna.today()).toMatchObject([{ outcome: 'no-answer' }])
  })

  test('however the page of a caller goes, the call has ended within eight seconds, and nobody who was cut off is said to have hung up', async () => {
    const { url, journal } = await program(open)
    const ends = [
      ['caller', (page: CallerPage) => page.close(1000)],
      ['line-lost', (page: CallerPage) => page.close(1001)],
      ['line-lost', (page: CallerPage) => page.close(null)],
      ['line-lost', (page: CallerPage) => page.vanish()],
    ] as const
    const pages = await Promise.all(ends.map(async ([reason, go]) => ({ reason, go, page: await inLine(url) })))
    const ids = await Promise.all(pages.map(({ page }) => callIdOf(page)))
    const ending = Promise.all(ids.map(id => journal.until(about(id, 'call.ended'))))
    for (const { go, page } of pages) go(page)
    expect(await msAtRest(() => ending)).toBeLessThan(8_000)
    const ended = await ending
    expect(ended.map(([entry]) => entry?.payload.reason)).toEqual(pages.map(({ reason }) => reason))
  })

  test('the numbers that the public page proposes are in the plan: each is answered or rings its office', async () => {
    const { url } = await program(open)
    const { items } = (await (await fetch(`${url}/api/telephone/numbers`)).json()) as {
      items: { number: string; mode: string; unitName: string }[]
    }
    expect(items).toMatchObject([{ mode: 'channelled', number: romaEur }, { mode: 'direct' }])
    for (const { number, mode } of items) {
      const caller = dial(url, number)
      if (mode === 'channelled') await caller.spoken(/Benvenuto/)
      // There is no trunk behind the page: the office is tried, and said not to answer; a number of nobody would be told otherwise.
      else await caller.spoken(/ufficio non può rispondere/)
    }
  })

  test('an operator’s page that goes while it rings: nobody is blamed, and it rings again when there is a page', async () => {
    const { url, journal } = await program(open, { failedLimit: 1, restMs: 60_000 })
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const caller = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'leave' })
    anna.page.close(1001)
    await journal.until(about(ring.callId, 'offer.failed'))
    await journal.until(entry => entry.type === 'agent.unreachable' && entry.subjects.person === staff.anna.personId)
    const again = await anna.openPage()
    expect((await again.page.until(says('ring'))).callId).toBe(await callIdOf(caller))
    expect(journal.entries.filter(entry => entry.type === 'agent.state' && entry.payload.state === 'paused')).toEqual([])
    expect(await anna.today()).toMatchObject([{ outcome: 'ringing' }, { outcome: 'failed' }])
  })

  test('an operator’s page that dies: the caller is told so and the same operator is rung again', async () => {
    const { url, journal } = await program(open)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const caller = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: ring.leg })
    const connected = await caller.until(says('connect'))
    // Somebody else waits, and must not be taken before.
    await inLine(url)
    anna.page.send({ type: 'leave' })
    anna.page.close(1001)
    // Who has talked is told what happened, not a place in the line.
    expect(await caller.spoken(/È caduta la linea/)).toContain('È caduta la linea')
    await journal.until(about(ring.callId, 'call.interrupted'))
    const again = await anna.openPage()
    const second = await again.page.until(says('ring'))
    expect(second.callId).toBe(ring.callId)
    expect(await anna.card()).toMatchObject({ callId: ring.callId, state: 'ringing' })
    again.page.send({ type: 'answer', leg: second.leg })
    await caller.until(says('connect'), caller.heard.indexOf(connected) + 1)
    expect(caller.now.music).toBe(false)
    expect(await anna.today()).toMatchObject([{ outcome: 'talking' }, { outcome: 'interrupted' }])
  })

  test('an operator who is rung again and does not answer rests, and whoever is free sees with whom the caller talked', async () => {
    const { url, journal, house } = await program(open, { offerTimeoutMs: 5_000 })
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const caller = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: ring.leg })
    await caller.until(says('connect'))
    const subjects = { channel: 'telephone' as const, call: ring.callId, units: [staff.anna.unitId] }
    await inTransaction(house, staff.anna, work =>
      work.journal(interactionOpened, { interactionId: house.ids(), channel: 'telephone' }, subjects),
    )
    anna.page.send({ type: 'leave' })
    anna.page.close(1001)
    await caller.spoken(/È caduta la linea/)
    expect(await anna.card()).toMatchObject({ state: 'interrupted' })
    const again = await anna.openPage()
    await again.page.until(says('ring'))
    await caller.spoken(/Non riusciamo a richiamare la stessa persona/)
    expect(await anna.card()).toBeNull()
    await journal.until(entry => entry.type === 'agent.state' && entry.payload.reason === 'no-answer')
    const heard = caller.heard.flatMap(message => (message.type === 'say' ? [message.text] : []))
    const lost = heard.findIndex(text => text.includes('È caduta la linea'))
    // In between no place in the line is told.
    expect(heard[lost + 1]).toContain('Non riusciamo')
    const luca = await atDesk(url, staff.luca)
    await luca.available()
    await luca.page.until(says('ring'))
    expect(await luca.card()).toMatchObject({ callId: ring.callId, before: { by: 'Anna Bianchi', how: 'lost', note: '' } })
  })

  test('a program that is started anew: who talks goes on, who waits keeps the place', async () => {
    // So short a conversation that nobody waits long enough to be offered a callback.
    const { url, journal, restart } = await program(open, { wrapUpMs: 0, handlingMs: 60_000 })
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const talking = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: ring.leg })
    const { connection } = await talking.until(says('connect'))
    const waiting: CallerPage[] = []
    for (let n = 0; n < 3; n++) {
      const caller = await inLine(url)
      await caller.spoken(/prossimo|Prima di lei/)
      await caller.musicSounds()
      waiting.push(caller)
    }
    const ids = await Promise.all(waiting.map(callIdOf))

    const before = talking.heard.length
    const counts = waiting.map(caller => caller.heard.length)
    await restart()
    await talking.until(says('welcome', { resumed: true }), before)
    await Promise.all(waiting.map((caller, n) => caller.until(says('music', { on: true }), counts[n])))
    expect(talking.now.connection).toBe(connection)
    expect(talking.heard.slice(before).filter(says('connect'))).toEqual([])
    anna.page.send({ ...voice, connection })
    await talking.until(says('signal'), before)

    await anna.ask('POST', '/api/desk/heartbeat', { pageId: anna.pageId, telephoneReady: true })
    const order: string[] = []
    for (let n = 0; n < 3; n++) {
      const heard = anna.page.heard.length
      anna.page.send({ type: 'hang-up', leg: anna.page.now.leg ?? '' })
      const next = await anna.page.until(says('ring'), heard)
      order.push(next.callId)
      anna.page.send({ type: 'answer', leg: next.leg })
      await anna.page.until(says('connect'), heard)
    }
    expect(order).toEqual(ids)
    expect(journal.entries.filter(entry => entry.type === 'call.ended' && entry.payload.reason === 'lost')).toEqual([])
  })

  test('answers of the database are lost: every step is taken once, and what follows from it is done', async () => {
    const wires = losingAnswers('telephony.save-calls')
    const { url, journal } = await program(open, {}, wires)
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const caller = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: ring.leg })
    await Promise.all([caller.until(says('connect')), anna.page.until(says('connect'))])
    caller.send({ type: 'hang-up' })
    await anna.page.until(says('ended', { leg: ring.leg }))
    await journal.until(about(ring.callId, 'call.ended'))
    const own = ['call.arrived', 'call.menu-chosen', 'call.queued', 'offer.answered', 'call.connected', 'call.ended']
    const types = journal.entries.filter(entry => entry.subjects.call === ring.callId).map(entry => entry.type)
    expect(types.filter(type => own.includes(type))).toEqual(own)
    expect(wires.lost).toBeGreaterThan(3)
    expect(await anna.today()).toMatchObject([{ callId: ring.callId, outcome: 'answered' }])
  })

  test('what was said of a call while nobody listened is done on the return; who has gone meanwhile has ended', async () => {
    const { house, url, journal, restart } = await program(open)
    const stays = await inLine(url)
    await stays.spoken(/nessun operatore/)
    const goes = await inLine(url)
    const [first, second] = [await callIdOf(stays), await callIdOf(goes)]
    await restart(async () => {
      goes.close()
      await write(house, callDismissed, { reason: 'closed', message: null }, { call: first })
    })
    await stays.spoken(/sezione è chiusa/)
    await stays.until(says('ended'))
    const ends = await journal.until(entry => entry.type === 'call.ended', 2)
    expect(Object.fromEntries(ends.map(entry => [entry.subjects.call, entry.payload.reason]))).toEqual({
      [first]: 'dismissed',
      [second]: 'lost',
    })
  })

  test('a number that rings the office itself: nobody there, a sentence, the end', async () => {
    const { house, url, journal } = await program(open)
    const [office] = await house.database.kysely
      .selectFrom('office_number')
      .select('number')
      .where('unit_id', '=', 'dp-aosta')
      .execute()
    const caller = dial(url, office?.number)
    await caller.until(says('ringing'))
    await caller.spoken(/l'ufficio non può rispondere/)
    await caller.until(says('ended'))
    const [ended] = await journal.until(about(await callIdOf(caller), 'call.ended'))
    expect(ended?.payload).toEqual({ reason: 'office-unreachable' })
  })

  test('a transfer: the caller waits for the other section with the time already waited', async () => {
    const { url, journal, house } = await program(open)
    const both = [pensions, 'ccm-online'].map(sectionId => ({ sectionId, level: 3 }))
    await inTransaction(house, system('sample'), async work => {
      for (const { personId } of [staff.anna, staff.luca]) await setAgentSkills(work, personId, both)
    })
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    const caller = await inLine(url)
    const ring = await anna.page.until(says('ring'))
    anna.page.send({ type: 'answer', leg: ring.leg })
    await caller.until(says('connect'))
    const path = `/api/calls/${ring.callId}/transfer`
    expect((await anna.ask('POST', path, { sectionId: 'ccm-nowhere' })).status).toBe(422)
    expect((await anna.ask('POST', path, { sectionId: pensions })).status).toBe(403)
    // Where it can go, and whether anybody is there: the one who asks, and serves it too, is nobody.
    const choices = async () =>
      ((await anna.ask('GET', `/api/calls/${ring.callId}/transfer-choices`)).body as { items: TransferChoice[] }).items
    const online = { id: 'ccm-online', name: 'Servizi online e PIN', isOpen: true, waiting: 0 }
    expect((await choices()).find(each => each.id === 'ccm-online')).toEqual({ ...online, available: 0, atWork: 0, paused: 0 })
    expect((await choices()).some(each => each.id === pensions)).toBe(false)
    const luca = await atDesk(url, staff.luca)
    await luca.available()
    await journal.until(entry => entry.subjects.person === staff.luca.personId && entry.payload.state === 'available')
    expect((await choices()).find(each => each.id === 'ccm-online')).toMatchObject({ available: 1, atWork: 1 })

    const note = 'Ha già il PIN, chiede della domanda online.'
    expect((await anna.ask('POST', path, { sectionId: 'ccm-online', note })).status).toBe(202)
    await anna.page.until(says('ended'))
    const [first, second] = await journal.until(about(ring.callId, 'call.queued'), 2)
    const [connected] = await journal.until(about(ring.callId, 'call.connected'))
    const since = (entry: typeof first) => Date.parse(String(entry?.payload.waitingSince))
    // What was talked is no waiting.
    expect(since(second) - since(first)).toBe((second?.at.getTime() ?? 0) - (connected?.at.getTime() ?? 0))
    const rings = await luca.page.until(says('ring'))
    expect(await luca.card()).toMatchObject({
      ...{ state: 'ringing', section: { id: 'ccm-online' } },
      before: { by: 'Anna Bianchi', how: 'transferred', section: { id: pensions, name: 'Pensioni' }, note },
    })
    luca.page.send({ type: 'answer', leg: rings.leg })
    await luca.page.until(says('connect'))
    expect(await luca.card()).toMatchObject({ state: 'talking', before: { note } })
    expect((await anna.ask('GET', `/api/calls/${ring.callId}/transfer-choices`)).status).toBe(404)
    await journal.until(entry => entry.type === 'agent.state' && entry.payload.state === 'wrap-up')

    // Hanging up what has just ended is no mistake; of a stranger's call nothing is told.
    caller.send({ type: 'hang-up' })
    await journal.until(about(ring.callId, 'call.ended'))
    expect((await luca.ask('POST', `/api/calls/${ring.callId}/hang-up`)).status).toBe(202)
    const ugo = await atDesk(url, staff.supervisor)
    expect((await ugo.ask('POST', `/api/calls/${ring.callId}/hang-up`)).status).toBe(404)
  })
})

onOneSession(open => {
  test('pages that make no sense are closed with a reason', async () => {
    const { url } = await program(open)
    const wrong = dial(url)
    await wrong.until(says('leg'))
    wrong.sendRaw('{"type":"key","key":"twelve"}')
    expect(await wrong.closed).toMatchObject({ code: closeCodes.badMessage, reason: expect.stringMatching(/^key:/) })
    const twice = dial(url)
    await twice.until(says('leg'))
    twice.send({ type: 'hello', version: 1 })
    expect(await twice.closed).toMatchObject({ code: closeCodes.badMessage, reason: 'a second hello' })
    const big = dial(url)
    await big.until(says('leg'))
    big.sendRaw(JSON.stringify({ type: 'signal', connection: 'x'.repeat(40_000) }))
    expect((await big.closed).code).toBe(closeCodes.tooBig)
    const fast = dial(url)
    await fast.until(says('leg'))
    for (let n = 0; n < 200; n++) fast.send({ type: 'said', playback: 'none' })
    expect((await fast.closed).code).toBe(closeCodes.tooMany)
  })

  test('an address has so many telephones, and no more', async () => {
    const { url } = await program(open)
    const pages = Array.from({ length: 20 }, () => dial(url))
    await Promise.all(pages.map(page => page.until(says('leg'))))
    expect((await dial(url).closed).code).toBe(closeCodes.tooMany)
  })
})
