/**
 * The switch on a real Asterisk: telephones that call, ring and listen, and nothing above the port.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { RunningAsterisk } from '../../../../scripts/asterisk/instance.ts'
import {
  connected,
  endCalls,
  openTestAri,
  patienceMs,
  startTestAsterisk,
  testLog,
  until,
} from '../../../../test/support/asterisk.ts'
import { msAtRest } from '../../../../test/support/pace.ts'
import { openRelay } from '../../../../test/support/relay.ts'
import {
  type Conversation,
  longestSilenceMs,
  loudness,
  openSipTelephone,
  type SipTelephone,
  soundMs,
  toneShare,
} from '../../../../test/support/sip-telephone.ts'
import { openPrompts, type Prompts, speechHere } from '../../prompts/index.ts'
import type { AriClient } from '../ari/index.ts'
import type { Switch, SwitchFact } from '../port.ts'
import { asteriskSwitch, CannotRing } from './switch.ts'

type Fact<T extends SwitchFact['type']> = Extract<SwitchFact, { type: T }>

/** A switch and all that it has told. */
interface Harness {
  ari: AriClient
  lines: Switch
  facts: SwitchFact[]
  /** The first fact of a type that passes, told already or to come. */
  fact<T extends SwitchFact['type']>(type: T, passes?: (fact: Fact<T>) => boolean, withinMs?: number): Promise<Fact<T>>
  close(): Promise<void>
}

let asterisk: RunningAsterisk
/** The telephone at the other end of the trunk. */
let trunk: SipTelephone
let prompts: Prompts
let folder: string
let harness: Harness
const toClose: (() => Promise<void>)[] = []

async function openHarness(address: { url: string } = asterisk): Promise<Harness> {
  const ari = openTestAri({ url: address.url, user: asterisk.user, password: asterisk.password })
  const lines = asteriskSwitch({ ari, prompts, log: testLog })
  const facts: SwitchFact[] = []
  await lines.start(fact => facts.push(fact))
  await connected(ari)
  return {
    ari,
    lines,
    facts,
    async fact(type, passes = () => true, withinMs = patienceMs) {
      const find = () => facts.find((fact): fact is Fact<typeof type> => fact.type === type && passes(fact as Fact<typeof type>))
      await until(() => find() !== undefined, withinMs, `the fact "${type}"; told were ${JSON.stringify(facts)}`)
      return find() as Fact<typeof type>
    },
    close: () => lines.close(),
  }
}

async function telephone(): Promise<SipTelephone> {
  const opened = await openSipTelephone()
  toClose.push(() => opened.close())
  return opened
}

/** A telephone that has signed in, and its name. */
async function agentTelephone(): Promise<{ name: string; sip: SipTelephone }> {
  const name = `agent-${randomUUID().slice(0, 8)}`
  const password = randomUUID()
  await harness.ari.telephones.create({ id: name, password, kind: 'sip' })
  const sip = await telephone()
  await sip.register(name, password, { port: asterisk.settings.sipPort })
  return { name, sip }
}

/** The carrier says who calls (RFC 3325). */
const asserted = 'P-Asserted-Identity: <sip:+390612345678@carrier.example>'

/** A caller who has been answered and named. */
async function caller(): Promise<{ call: Conversation; leg: string; callId: string }> {
  const before = harness.facts.length
  const call = (await telephone()).call('0600000001', { port: asterisk.settings.sipPort })
  const { leg } = await harness.fact('arrived', fact => harness.facts.indexOf(fact) >= before)
  const callId = randomUUID()
  await harness.lines.name(leg, callId)
  await harness.lines.answer(leg)
  await call.answered
  return { call, leg, callId }
}

/** A caller and an agent who talk. */
async function conversation() {
  const { name, sip } = await agentTelephone()
  const { call, leg, callId } = await caller()
  const agentLeg = randomUUID()
  await harness.lines.ringAgent(ringing({ leg: agentLeg, callId, callerLeg: leg, telephone: name }))
  const agent = await sip.nextCall()
  agent.answer()
  await harness.fact('answered', fact => fact.leg === agentLeg)
  await harness.lines.join(callId, [leg, agentLeg])
  return { call, agent, leg, agentLeg, callId, sip, name }
}

const ringing = (request: { leg: string; callId: string; callerLeg: string; telephone: string; timeoutMs?: number }) => ({
  agentId: randomUUID(),
  from: '+390612345678',
  timeoutMs: patienceMs,
  ...request,
})

/** Waits until a party has heard this tone, and little else, for a fifth of a second. */
const hears = (party: Conversation, frequency: number) =>
  until(() => toneShare(party.heard, frequency, performance.now() - 200) > 0.8, patienceMs, `a tone of ${frequency} Hz`)
const hearsNothing = (party: Conversation) =>
  until(() => loudness(party.heard, performance.now() - 300) < 20, patienceMs, 'silence')
const hearsSomething = (party: Conversation) =>
  until(() => loudness(party.heard, performance.now() - 300) > 100, patienceMs, 'sound')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filo-switch-'))
  trunk = await openSipTelephone()
  asterisk = await startTestAsterisk('switch', { trunkPort: trunk.port })
  prompts = openPrompts({ folder, sounds: asterisk.sounds, speech: speechHere() })
  harness = await openHarness()
})

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
  await endCalls(harness.ari)
  harness.facts.length = 0
})

afterAll(async () => {
  await harness?.close()
  await trunk?.close()
  await asterisk?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('a caller', () => {
  test('arrives with both numbers in E.164, before anybody has answered', async () => {
    const call = (await telephone()).call('0600000001', { port: asterisk.settings.sipPort }, { from: '0612345678' })
    const fact = await harness.fact('arrived')
    expect(fact).toMatchObject({ from: '+390612345678', to: '+390600000001' })
    expect(call.state).toBe('calling')
    await harness.lines.hangUp(fact.leg, 'unallocated')
    expect(await call.ended).toBe(404)
  })

  test.each([
    ['the carrier names the number and the wish not to show it', '0612345678', [asserted, 'Privacy: id']],
    ['the wish is among others, in capitals', '0612345678', [asserted, 'Privacy: Header;ID;critical']],
    ['the wish of the caller’s own telephone', '0612345678', ['Privacy: user']],
    [
      'the older header, with full privacy',
      '0612345678',
      ['Remote-Party-ID: <sip:0612345678@127.0.0.1>;party=calling;privacy=full'],
    ],
    ['From is anonymous, the number is the carrier’s alone to know', 'anonymous', [asserted]],
  ])('who withholds the number has none, also after a restart of ours: %s', async (_how, from, headers) => {
    const call = (await telephone()).call(
      '0600000001',
      { port: asterisk.settings.sipPort },
      { from, headers: ['X-Trunk: 1', ...headers] },
    )
    const { leg } = await harness.fact('arrived')
    expect(await harness.fact('arrived')).toMatchObject({ from: null, to: '+390600000001' })
    await harness.close()
    harness = await openHarness()
    const { legs } = await harness.fact('present')
    expect(legs).toMatchObject([{ leg, from: null, to: '+390600000001' }])
    await harness.lines.hangUp(leg, 'normal')
    await call.ended
  })

  test('a number that the carrier vouches for, and that is not withheld, is shown instead of what From says', async () => {
    const headers = ['X-Trunk: 1', asserted, 'Privacy: none']
    const call = (await telephone()).call('0600000001', { port: asterisk.settings.sipPort }, { from: '0699999999', headers })
    const { leg, from } = await harness.fact('arrived')
    expect(from).toBe('+390612345678')
    await harness.lines.hangUp(leg, 'normal')
    await call.ended
  })

  test('who hides the number has none', async () => {
    ;(await telephone()).call('0600000001', { port: asterisk.settings.sipPort }, { from: 'anonymous' })
    expect(await harness.fact('arrived')).toMatchObject({ from: null })
  })

  test.for(['0612345678%0d%0aX-Evil:%201', '1'.repeat(80), 'è%20vero'])(
    'who writes "%s" instead of a number has none',
    async from => {
      ;(await telephone()).call('0600000001', { port: asterisk.settings.sipPort }, { from: encodeURI(decodeURI(from)) })
      expect(await harness.fact('arrived')).toMatchObject({ from: null })
    },
  )

  test('hears a prompt whole, and is heard to have heard it', async () => {
    const { call, leg } = await caller()
    const text = 'Benvenuti. Per le pensioni, prema uno.'
    const { durationMs } = await prompts.media({ text, language: 'it' })
    const from = performance.now()
    await harness.lines.say(leg, 'welcome', [{ text }], 'it')
    await harness.fact('said', fact => fact.playback === 'welcome')
    const took = performance.now() - from
    expect(took).toBeGreaterThan(durationMs - 100)
    expect(loudness(call.heard, from)).toBeGreaterThan(200)
  })

  test('hears how many are ahead in recordings of numbers, between words of ours', async () => {
    const { call, leg } = await caller()
    const from = performance.now()
    await harness.lines.say(leg, 'position', [{ text: 'Prima di lei ci sono' }, { number: 23 }, { text: 'persone.' }], 'it')
    await harness.fact('said')
    expect(soundMs(call.heard, from)).toBeGreaterThan(1_500)
  })

  test('is interrupted at once, in a number too, and what follows is not said', async () => {
    const { call, leg } = await caller()
    await harness.lines.say(leg, 'long', [{ number: 888_888 }, { number: 777_777 }], 'it')
    await hearsSomething(call)
    const tookMs = await msAtRest(async () => {
      await harness.lines.hush(leg, 'long')
      await harness.fact('said', fact => fact.playback === 'long')
    })
    const said = performance.now()
    // It takes eight seconds to its end.
    expect(tookMs).toBeLessThan(3_000)
    await hearsNothing(call)
    // Packets may be on their way, and the window of the measure is wider than the cut.
    expect(soundMs(call.heard, said + 1_000)).toBe(0)
  })

  test('is never told what was cut off before it began', async () => {
    const { call, leg } = await caller()
    const from = performance.now()
    const saying = harness.lines.say(leg, 'late', [{ text: `Un testo mai detto prima, numero ${randomUUID()}.` }], 'it')
    await harness.lines.hush(leg, 'late')
    await saying
    await harness.fact('said', fact => fact.playback === 'late')
    await hearsNothing(call)
    expect(soundMs(call.heard, from)).toBe(0)
  })

  test.each([
    ['+390600000001;npdi;rn=+39068'],
    ['+39-06-0000-0001'],
    ['%2B390600000001'],
    ['00390600000001;phone-context=+39'],
    ['600000001;phone-context=+390'],
    ['(06)00000001'],
    ['0600000001;user=phone'],
  ])('who dials %s reaches the number that is meant', async number => {
    const call = (await telephone()).call(number, { port: asterisk.settings.sipPort })
    const { leg, to } = await harness.fact('arrived')
    expect(to).toBe('+390600000001')
    await until(() => call.progress() === 180, patienceMs, 'ringing')
    await harness.lines.hangUp(leg, 'normal')
    await call.ended
  })

  test.each([
    ['06abc12345'],
    ['0600000001%0d%0aX-Evil:1'],
    ['0600000001,1,Goto(evil)'],
    [encodeURIComponent(['$', '{SHELL(touch /tmp/x)}'].join(''))],
    [encodeURIComponent(['06', '$', '{EXTEN}'].join(''))],
    ['1'.repeat(30)],
    ['mario.rossi'],
    ['h'],
  ])('who dials %s is told that there is no such number', async number => {
    const call = (await telephone()).call(number, { port: asterisk.settings.sipPort })
    // Not found, or, for what is too short to be a name, incomplete.
    expect([404, 484]).toContain(await call.ended)
    expect(harness.facts.filter(({ type }) => type === 'arrived')).toEqual([])
  })

  test('asks whether we are there, also by a name, and is told so; wants to move the call, and is refused', async () => {
    const { call } = await caller()
    const server = { port: asterisk.settings.sipPort }
    for (const user of ['0600000001', '+390600000001', 'trunk', 'ping'])
      expect(await (await telephone()).ask('OPTIONS', user, server), user).toBe(200)
    expect(await call.ask('OPTIONS')).toBe(200)
    expect(await call.ask('REFER', ['Refer-To: <sip:0699999999@evil.example>'])).toBe(603)
    expect(call.state).toBe('talking')
  })

  test.each([
    ['no events are offered', false],
    ['events are offered', true],
  ])('presses keys where %s', async (_where, events) => {
    const call = (await telephone()).call('0600000001', { port: asterisk.settings.sipPort }, { events })
    const { leg } = await harness.fact('arrived')
    await harness.lines.answer(leg)
    await call.answered
    await harness.lines.say(leg, 'menu', [{ number: 888_888 }], 'it')
    await hearsSomething(call)
    await (events ? call.press('1#') : call.pressTones('1#'))
    await harness.fact('key', fact => fact.key === '#')
    expect(harness.facts.filter(fact => fact.type === 'key').map(({ key }) => key)).toEqual(['1', '#'])
  })

  test('who has heard all hears the line live on, and a sentence when nobody speaks any more', async () => {
    const { call, leg } = await caller()
    await harness.lines.say(leg, 'short', [{ number: 4 }], 'it')
    await harness.fact('said')
    const said = performance.now()
    await until(() => performance.now() - said > 12_000, patienceMs, 'twelve seconds')
    expect(longestSilenceMs(call.heard, said, performance.now())).toBeLessThan(2_500)
    expect(loudness(call.heard, said + 1_000, said + 6_000)).toBeLessThan(200)
    expect(loudness(call.heard, said + 8_500)).toBeGreaterThan(300)
    // What comes next ends it at once.
    await harness.lines.say(leg, 'next', [{ number: 5 }], 'it')
    await harness.fact('said', fact => fact.playback === 'next')
    await harness.lines.startMusic(leg)
    await harness.lines.stopMusic(leg)
    await hearsNothing(call)
  })

  test('presses keys, also over a prompt', async () => {
    const { call, leg } = await caller()
    await harness.lines.say(leg, 'menu', [{ number: 888_888 }], 'it')
    await hearsSomething(call)
    await call.press('1#')
    await harness.fact('key', fact => fact.key === '#')
    expect(harness.facts.filter(fact => fact.type === 'key').map(({ key }) => key)).toEqual(['1', '#'])
  })

  test('hears music, the position over it, and music again', async () => {
    const { call, leg } = await caller()
    await harness.lines.startMusic(leg)
    await hearsSomething(call)
    await harness.lines.say(leg, 'position', [{ number: 4 }], 'it')
    await harness.fact('said')
    const after = performance.now()
    await until(() => soundMs(call.heard, after) > 1_000, patienceMs, 'a second of music')
    expect(longestSilenceMs(call.heard, after, performance.now())).toBeLessThan(1_000)
    await harness.lines.stopMusic(leg)
    await hearsNothing(call)
  })

  test('hears ringing', async () => {
    const { call, leg } = await caller()
    await harness.lines.ring(leg)
    await until(() => toneShare(call.heard, 425, performance.now() - 200) > 0.8, patienceMs, 'the Italian ringing tone')
  })

  test('who hangs up while requests are under way disturbs nobody', async () => {
    // At another moment each time, so that each kind of request once meets a caller who is gone.
    for (let round = 0; round < 12; round++) {
      const { call, leg, callId } = await caller()
      const agentLeg = randomUUID()
      const works = [
        harness.lines.startMusic(leg),
        harness.lines.say(leg, `p${round}`, [{ number: round }], 'it'),
        harness.lines.stopMusic(leg),
        harness.lines.hush(leg, `p${round}`),
        harness.lines.ring(leg),
        harness.lines.join(callId, [leg, agentLeg]),
        harness.lines.part(callId),
        harness.lines.hangUp(leg, 'normal'),
      ]
      const moment = works[round % works.length]
      if (round >= works.length) call.hangUp()
      await moment
      call.hangUp()
      await Promise.all(works)
      await harness.fact('ended', fact => fact.leg === leg)
    }
    await until(async () => (await harness.ari.bridges.list()).length === 0, patienceMs, 'no bridge to be left')
  })

  test('requests about a leg that is gone do nothing', async () => {
    const { call, leg, callId } = await caller()
    call.hangUp()
    await harness.fact('ended')
    await harness.lines.answer(leg)
    await harness.lines.ring(leg)
    await harness.lines.name(leg, callId)
    await harness.lines.say(leg, 'nobody', [{ number: 1 }], 'it')
    await harness.lines.startMusic(leg)
    await harness.lines.stopMusic(leg)
    await harness.lines.hush(leg, 'nobody')
    await harness.lines.join(callId, [leg, randomUUID()])
    await harness.lines.part(callId)
    await harness.lines.hangUp(leg, 'normal')
    expect(harness.facts.filter(({ type }) => type === 'ended')).toHaveLength(1)
  })
})

describe('an agent', () => {
  test('rings with the caller’s number and the call’s identifier, answers, and both hear each other', async () => {
    const { call, agent } = await conversation()
    expect(agent.invite?.headers.get('from')?.[0]).toContain('+390612345678')
    expect(agent.invite?.headers.get('x-fd-call')?.[0]).toMatch(/^[0-9a-f-]{36}$/)
    call.hum(440)
    agent.hum(620)
    await Promise.all([hears(call, 620), hears(agent, 440)])
  })

  test('hears no announcement and no music that was meant for the caller', async () => {
    const { name, sip } = await agentTelephone()
    const { call, leg, callId } = await caller()
    await harness.lines.startMusic(leg)
    await harness.lines.say(leg, 'position', [{ number: 888_888 }, { number: 777_777 }, { number: 666_666 }], 'it')
    await hearsSomething(call)
    const agentLeg = randomUUID()
    await harness.lines.ringAgent(ringing({ leg: agentLeg, callId, callerLeg: leg, telephone: name }))
    const agent = await sip.nextCall()
    agent.answer()
    await harness.fact('answered')
    const joined = performance.now()
    await harness.lines.join(callId, [leg, agentLeg])
    call.hum(440)
    agent.hum(620)
    await Promise.all([hears(call, 620), hears(agent, 440)])
    await harness.fact('said', fact => fact.playback === 'position')
    // A number of six digits takes more than four seconds; they were cut off.
    expect(performance.now() - joined).toBeLessThan(10_000)
  })

  test('holds the caller, who hears music, and comes back', async () => {
    const { call, agent, leg, agentLeg, callId } = await conversation()
    call.hum(440)
    agent.hum(620)
    await hears(call, 620)
    await harness.lines.part(callId)
    await harness.lines.startMusic(leg)
    await hearsNothing(agent)
    await until(() => toneShare(call.heard, 620, performance.now() - 300) < 0.2, patienceMs, 'the agent to be away')
    await hearsSomething(call)
    await harness.lines.stopMusic(leg)
    await harness.lines.join(callId, [leg, agentLeg])
    await Promise.all([hears(call, 620), hears(agent, 440)])
  })

  test('the caller stays when the agent is gone, and talks to another', async () => {
    const { call, agent, leg, agentLeg, callId } = await conversation()
    agent.hangUp()
    expect(await harness.fact('ended')).toMatchObject({ leg: agentLeg, cause: 'normal' })
    await harness.lines.part(callId)
    const { name, sip } = await agentTelephone()
    const next = randomUUID()
    await harness.lines.ringAgent(ringing({ leg: next, callId, callerLeg: leg, telephone: name }))
    const second = await sip.nextCall()
    second.answer()
    await harness.fact('answered', fact => fact.leg === next)
    await harness.lines.join(callId, [leg, next])
    second.hum(700)
    await hears(call, 700)
  })

  test.each(['caller first', 'agent first', 'both at once', 'we hang up'])('hang-up, %s', async order => {
    const { call, agent, leg, agentLeg, callId } = await conversation()
    if (order === 'caller first') call.hangUp()
    if (order === 'agent first') agent.hangUp()
    if (order === 'both at once') {
      call.hangUp()
      agent.hangUp()
    }
    const ours = order === 'we hang up' ? [leg, agentLeg] : order === 'caller first' ? [agentLeg] : [leg]
    await Promise.all([harness.lines.part(callId), ...ours.map(each => harness.lines.hangUp(each, 'normal'))])
    for (const each of [leg, agentLeg])
      expect(await harness.fact('ended', fact => fact.leg === each)).toMatchObject({ cause: 'normal' })
    await Promise.all([call.ended, agent.ended])
    await until(async () => (await harness.ari.bridges.list()).length === 0, patienceMs, 'no bridge to be left')
  })

  test.each([
    [486, 'busy'],
    [603, 'declined'],
    [480, 'no-answer'],
  ])('who refuses with %i is told as %s, and the caller has noticed nothing', async (status, cause) => {
    const { name, sip } = await agentTelephone()
    const { call, leg, callId } = await caller()
    const agentLeg = randomUUID()
    await harness.lines.ringAgent(ringing({ leg: agentLeg, callId, callerLeg: leg, telephone: name }))
    ;(await sip.nextCall()).refuse(status)
    expect(await harness.fact('ended')).toMatchObject({ leg: agentLeg, cause })
    expect(call.state).toBe('talking')
  })

  test('who is not asked any more stops ringing', async () => {
    const { name, sip } = await agentTelephone()
    const { leg, callId } = await caller()
    const agentLeg = randomUUID()
    await harness.lines.ringAgent(ringing({ leg: agentLeg, callId, callerLeg: leg, telephone: name }))
    const agent = await sip.nextCall()
    await harness.lines.hangUp(agentLeg, 'answered-elsewhere')
    expect(await agent.ended).toBe(487)
    await harness.fact('ended', fact => fact.leg === agentLeg)
  })

  test('who answers a caller who hangs up at this moment is left with no bridge', async () => {
    for (let delayMs = 0; delayMs < 24; delayMs += 3) {
      const { name, sip } = await agentTelephone()
      const { call, leg, callId } = await caller()
      const agentLeg = randomUUID()
      await harness.lines.ringAgent(ringing({ leg: agentLeg, callId, callerLeg: leg, telephone: name }))
      const agent = await sip.nextCall()
      agent.answer()
      await harness.fact('answered', fact => fact.leg === agentLeg)
      const hungUp = performance.now()
      call.hangUp()
      await until(() => performance.now() >= hungUp + delayMs, patienceMs, 'the moment of joining')
      await harness.lines.join(callId, [leg, agentLeg])
      await harness.fact('ended', fact => fact.leg === leg)
      await harness.lines.hangUp(agentLeg, 'normal')
      await agent.ended
    }
    await until(async () => (await harness.ari.bridges.list()).length === 0, patienceMs, 'no bridge to be left')
  })

  test('a bridge and a leg that belong to nobody are ended at the second look', async () => {
    const { agent, leg, agentLeg, callId } = await conversation()
    await harness.ari.bridges.create({ bridgeId: `fd-${randomUUID()}`, type: 'mixing' })
    const expected = new Set([leg, agentLeg])
    const sweep = () => harness.lines.sweep(({ leg: each }) => expected.has(each))
    expect((await sweep()).map(each => each.leg).sort()).toEqual([leg, agentLeg].sort())
    await sweep()
    expect((await harness.ari.bridges.list()).map(({ id }) => id)).toEqual([`fd-${callId}`])
    expected.delete(agentLeg)
    await sweep()
    expect(agent.state).toBe('talking')
    await sweep()
    await agent.ended
  })

  test('without a telephone, or one that is not signed in, cannot be rung', async () => {
    const { leg, callId } = await caller()
    const request = { callId, callerLeg: leg }
    await expect(harness.lines.ringAgent(ringing({ ...request, leg: randomUUID(), telephone: 'nobody' }))).rejects.toThrow(
      CannotRing,
    )
    await harness.ari.telephones.create({ id: 'absent', password: randomUUID(), kind: 'sip' })
    await expect(harness.lines.ringAgent(ringing({ ...request, leg: randomUUID(), telephone: 'absent' }))).rejects.toThrow(
      CannotRing,
    )
  })

  test('the same ringing asked twice rings once', async () => {
    const { name, sip } = await agentTelephone()
    const { leg, callId } = await caller()
    const request = ringing({ leg: randomUUID(), callId, callerLeg: leg, telephone: name })
    await Promise.all([harness.lines.ringAgent(request), harness.lines.ringAgent(request)])
    await sip.nextCall()
    await expect(sip.nextCall(300)).rejects.toThrow()
  })
})

test('who is called back is rung while the operator hears ringing, and then both hear each other', async () => {
  const { name, sip } = await agentTelephone()
  const callId = randomUUID()
  const [agentLeg, citizenLeg] = [`${callId}-1`, `${callId}-2`]
  await harness.lines.ringAgent({ ...ringing({ leg: agentLeg, callId, callerLeg: '', telephone: name }), callerLeg: null })
  const agent = await sip.nextCall()
  agent.answer()
  await harness.fact('answered', fact => fact.leg === agentLeg)
  await harness.lines.ring(agentLeg)
  await hearsSomething(agent)
  const number = '+390600000009'
  await harness.lines.dial({ leg: citizenLeg, callId, callerLeg: null, number, from: '+390600000001', timeoutMs: patienceMs })
  const citizen = await trunk.nextCall()
  citizen.answer()
  await harness.fact('answered', fact => fact.leg === citizenLeg)
  await harness.lines.join(callId, [citizenLeg, agentLeg])
  agent.hum(440)
  citizen.hum(880)
  await hears(citizen, 440)
  await hears(agent, 880)
  citizen.hangUp()
  expect(await harness.fact('ended', fact => fact.leg === citizenLeg)).toMatchObject({ cause: 'normal' })
})

test('an office is rung over the trunk', async () => {
  const carrier = await telephone()
  // The trunk's address is fixed when Asterisk starts; this one has a telephone behind it.
  const second = await startTestAsterisk('trunk', { trunkPort: carrier.port })
  const ari = openTestAri(second)
  const lines = asteriskSwitch({ ari, prompts, log: testLog })
  const facts: SwitchFact[] = []
  try {
    await lines.start(fact => facts.push(fact))
    await connected(ari)
    const call = (await telephone()).call('0600000002', { port: second.settings.sipPort })
    await until(() => facts.some(({ type }) => type === 'arrived'), patienceMs, 'the call')
    const arrived = facts.find(fact => fact.type === 'arrived')
    const leg = arrived?.leg ?? ''
    await lines.ring(leg)
    await lines.dial({
      leg: 'office-1',
      callId: 'call-1',
      callerLeg: leg,
      number: '+390600000009',
      from: '+390612345678',
      timeoutMs: patienceMs,
    })
    const office = await carrier.nextCall()
    expect(office.invite?.start).toContain('sip:+390600000009@')
    expect(call.progress()).toBe(180)
    office.answer()
    await until(() => facts.some(fact => fact.type === 'answered' && fact.leg === 'office-1'), patienceMs, 'the office to answer')
    await lines.answer(leg)
    await lines.join('call-1', [leg, 'office-1'])
    office.hum(500)
    await hears(call, 500)
    await expect(
      lines.dial({ leg: 'x', callId: 'c', callerLeg: leg, number: '0600000009@evil', from: null, timeoutMs: 1 }),
    ).rejects.toThrow(CannotRing)
  } finally {
    await lines.close()
    await second.stop()
  }
})

describe('after a break', () => {
  test('what happened in a gap of the WebSocket is found by looking', async () => {
    await harness.close()
    const relay = await openRelay(asterisk.settings.httpPort)
    harness = await openHarness({ url: `http://127.0.0.1:${relay.port}` })
    try {
      const stays = await caller()
      const talks = await conversation()
      const leaves = await caller()
      // A playback whose end falls into the gap.
      await harness.lines.say(stays.leg, 'short', [{ number: 1 }], 'it')
      harness.facts.length = 0
      relay.cut()
      await harness.fact('away')
      leaves.call.hangUp()
      await leaves.call.ended
      const direct = openTestAri(asterisk, { application: 'looking-only' })
      await until(async () => (await direct.channels.list()).length === 3, patienceMs, 'three legs')
      await direct.close()
      relay.mend()
      const { legs } = await harness.fact('present')
      expect(legs.map(({ leg }) => leg).toSorted()).toEqual([stays.leg, talks.leg, talks.agentLeg].toSorted())
      expect(legs.find(({ leg }) => leg === talks.agentLeg)).toEqual({
        leg: talks.agentLeg,
        callId: talks.callId,
        role: 'agent',
        answered: true,
        joinedWith: [talks.leg],
        from: null,
        to: null,
      })
      expect(legs.find(({ leg }) => leg === stays.leg)).toMatchObject({
        callId: stays.callId,
        role: 'caller',
        from: '+390612345678',
        to: '+390600000001',
      })
      expect(await harness.fact('said')).toMatchObject({ leg: stays.leg, playback: 'short' })
      // Nobody in conversation has noticed.
      talks.agent.hum(620)
      await hears(talks.call, 620)
    } finally {
      await harness.close()
      await relay.close()
      harness = await openHarness()
    }
  })

  test('a new program finds legs and conversations of the old one, and an agent who still rings', async () => {
    const talks = await conversation()
    const waits = await caller()
    const { name, sip } = await agentTelephone()
    const ringingLeg = randomUUID()
    await harness.lines.ringAgent(ringing({ leg: ringingLeg, callId: waits.callId, callerLeg: waits.leg, telephone: name }))
    const agent = await sip.nextCall()
    await harness.lines.startMusic(waits.leg)
    await hearsSomething(waits.call)
    const from = performance.now()
    await harness.close()
    harness = await openHarness()
    const { legs } = await harness.fact('present')
    expect(legs).toContainEqual(
      expect.objectContaining({ leg: ringingLeg, callId: waits.callId, role: 'agent', answered: false }),
    )
    expect(legs).toContainEqual(expect.objectContaining({ leg: talks.leg, joinedWith: [talks.agentLeg] }))
    // Music goes on by itself.
    await until(() => soundMs(waits.call.heard, from) > 1_500, patienceMs, 'music')
    expect(longestSilenceMs(waits.call.heard, from, performance.now(), 5)).toBeLessThan(1_000)
    agent.answer()
    await harness.fact('answered', fact => fact.leg === ringingLeg)
    await harness.lines.join(waits.callId, [waits.leg, ringingLeg])
    agent.hum(620)
    await hears(waits.call, 620)
    await harness.lines.part(talks.callId)
    await until(
      async () => (await harness.ari.bridges.list()).length === 1,
      patienceMs,
      'the first conversation to be taken apart',
    )
  })

  test('empty bridges of ours are cleared away, others are left alone', async () => {
    await harness.ari.bridges.create({ bridgeId: 'fd-forgotten', type: 'mixing' })
    await harness.ari.bridges.create({ bridgeId: 'somebody-elses', type: 'mixing' })
    await harness.close()
    harness = await openHarness()
    expect((await harness.ari.bridges.list()).map(({ id }) => id)).toEqual(['somebody-elses'])
    await harness.ari.bridges.destroy('somebody-elses')
  })

  test('Asterisk dies and comes back: we are away, then connected, and hold nothing', async () => {
    await caller()
    await asterisk.kill()
    try {
      await harness.fact('away')
      expect(harness.lines.health()).toMatchObject({ ok: false })
    } finally {
      const { httpPort, sipPort } = asterisk.settings
      asterisk = await startTestAsterisk('switch', { httpPort, sipPort })
    }
    expect(await harness.fact('present')).toEqual({ type: 'present', legs: [] })
    expect(harness.lines.health()).toEqual({ ok: true })
    const { call, leg } = await caller()
    await harness.lines.startMusic(leg)
    await hearsSomething(call)
  })
})
