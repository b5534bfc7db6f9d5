/**
 * The client on a real Asterisk, down to one that stands still: alive, its sockets open, and answering nothing.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunningAsterisk } from '../../../../scripts/asterisk/instance.ts'
import {
  connected,
  endCalls,
  nextEvent,
  openTestAri,
  patienceMs,
  startTestAsterisk,
  testLog,
  until,
} from '../../../../test/support/asterisk.ts'
import { openSipTelephone, type SipTelephone } from '../../../../test/support/sip-telephone.ts'
import type { Log } from '../../../platform/index.ts'
import { calledNumber } from '../asterisk/written-number.ts'
import { type AriClient, AriConflict, AriError, AriNotFound, AriUnavailable, type EventOf } from './index.ts'

let asterisk: RunningAsterisk
let ari: AriClient
let telephone: SipTelephone

beforeAll(async () => {
  asterisk = await startTestAsterisk('client')
  telephone = await openSipTelephone()
  ari = openTestAri(asterisk)
  await connected(ari)
})
afterEach(() => endCalls(ari))
afterAll(async () => {
  await ari?.close()
  await telephone?.close()
  await asterisk?.stop()
})

const arrival = () =>
  nextEvent(ari, (event): event is EventOf<'StasisStart'> => event.type === 'StasisStart' && event.args[0] === 'trunk')

async function arrived() {
  const arriving = arrival()
  const call = telephone.call('0600000001', { port: asterisk.settings.sipPort })
  const { channel, args } = await arriving
  return { call, channel, args }
}

test('a wrong password is told, and never becomes a connection', async () => {
  const wrong = openTestAri({ ...asterisk, password: 'wrong' })
  await expect(wrong.channels.list()).rejects.toThrow(AriError)
  await expect(wrong.channels.list()).rejects.toThrow('401')
  expect(wrong.state()).toBe('connecting')
  await wrong.close()
})

test('tells its version and when it began', async () => {
  const { version, startedAt } = await ari.server.about()
  expect(version).toMatch(/^22\.1[1-9]/)
  expect(Date.now() - startedAt.getTime()).toBeLessThan(3_600_000)
  expect(ari.health()).toEqual({ ok: true, version })
})

test('a call comes with the number dialled, in whatever form the carrier gives it', async () => {
  for (const dialled of ['0600000001', '00390600000001', '+390600000001', '390600000001']) {
    const arriving = arrival()
    const call = telephone.call(dialled, { port: asterisk.settings.sipPort })
    const { args, channel } = await arriving
    const [carrier, written = '', presentation] = args
    expect([carrier, calledNumber(written), presentation], dialled).toEqual(['trunk', '+390600000001', 'allowed_not_screened'])
    await ari.channels.hangUp(channel.id)
    await call.ended
  }
})

test('who is not known, or dials what is no number, does not get in', async () => {
  const stranger = telephone.call('0600000001', { port: asterisk.settings.sipPort }, { headers: [] })
  expect(await stranger.ended).toBe(401)
  for (const dialled of ['echo', '06%24%7BSHELL(id)%7D', '12']) {
    const call = telephone.call(dialled, { port: asterisk.settings.sipPort })
    expect([404, 484], dialled).toContain(await call.ended)
  }
})

test('variables of ours come back with every event and every list', async () => {
  const { call, channel } = await arrived()
  await ari.channels.setVariables(channel.id, { FD_CALL: 'call-7', FD_LEG: 'caller' })
  const answered = nextEvent(
    ari,
    (event): event is EventOf<'ChannelStateChange'> => event.type === 'ChannelStateChange' && event.channel.id === channel.id,
  )
  await ari.channels.answer(channel.id)
  expect((await answered).channel.channelvars).toEqual({ FD_CALL: 'call-7', FD_LEG: 'caller' })
  expect((await ari.channels.list()).map(({ channelvars }) => channelvars)).toEqual([{ FD_CALL: 'call-7', FD_LEG: 'caller' }])
  expect(await ari.channels.getVariable(channel.id, 'FD_CALL')).toBe('call-7')
  expect(await ari.channels.getVariable(channel.id, 'NEVER_SET')).toBeUndefined()
  call.hangUp()
  await until(async () => (await ari.channels.list()).length === 0, patienceMs, 'the end of the call')
  await expect(ari.channels.getVariable(channel.id, 'FD_CALL')).rejects.toThrow(AriNotFound)
})

test('an identifier of ours is taken once', async () => {
  const { call, channel } = await arrived()
  const request = { channelId: randomUUID(), endpoint: 'PJSIP/+390600000009@trunk', args: ['office'], timeoutSeconds: 60 }
  await ari.channels.originate(request)
  await expect(ari.channels.originate(request)).rejects.toThrow(AriConflict)
  await ari.channels.hangUp(request.channelId)
  await ari.channels.hangUp(request.channelId)
  await ari.channels.hangUp(channel.id)
  await call.ended
})

test('a number that Asterisk reads by itself cannot be cut off; a list of recordings can', async () => {
  const { call, channel } = await arrived()
  await ari.channels.answer(channel.id)
  await call.answered
  const begun = () => nextEvent(ari, (event): event is EventOf<'PlaybackStarted'> => event.type === 'PlaybackStarted')
  const ended = () => nextEvent(ari, (event): event is EventOf<'PlaybackFinished'> => event.type === 'PlaybackFinished')
  for (const [media, canBeCut] of [
    [['number:888888'], false],
    [Array.from({ length: 10 }, () => 'sound:digits/88'), true],
  ] as const) {
    const beginning = begun()
    const ending = ended()
    const playbackId = randomUUID()
    await ari.channels.play(channel.id, { playbackId, media, language: 'it' })
    await beginning
    expect(await ari.playbacks.get(playbackId)).toMatchObject({ media_uri: media[0] })
    const cutting = ari.playbacks.stop(playbackId)
    if (canBeCut) await cutting
    else await expect(cutting).rejects.toThrow(AriUnavailable)
    expect((await ending).playback).toMatchObject({ id: playbackId, state: 'done' })
    await until(async () => (await ari.playbacks.get(playbackId)) === undefined, patienceMs, 'the playback to be forgotten')
  }
  call.hangUp()
})

test('a telephone is made in memory, given another password, and taken away', async () => {
  const id = `t${randomUUID().slice(0, 8)}`
  expect(await ari.server.endpoint('PJSIP', id)).toBeUndefined()
  await ari.telephones.create({ id, password: 'the first password', kind: 'sip' })
  await telephone.register(id, 'the first password', { port: asterisk.settings.sipPort })
  await until(async () => (await ari.server.endpoint('PJSIP', id))?.state === 'online', patienceMs, 'the telephone to be online')
  await ari.telephones.create({ id, password: 'the second password', kind: 'sip' })
  await expect(telephone.register(id, 'the first password', { port: asterisk.settings.sipPort })).rejects.toThrow('401')
  await telephone.register(id, 'the second password', { port: asterisk.settings.sipPort })
  await ari.telephones.remove(id)
  await ari.telephones.remove(id)
  expect(await ari.server.endpoint('PJSIP', id)).toBeUndefined()
})

test('a program that ends and begins again at once finds its application free, every time', async () => {
  const warnings: unknown[] = []
  const log: Log = Object.create(testLog, { warn: { value: (what: unknown) => warnings.push(what) } })
  for (let round = 0; round < 200; round++) {
    const next = openTestAri(asterisk, { application: 'again', log })
    await connected(next)
    await next.close()
  }
  // Asterisk had struck it off under a connection that was being made.
  expect(warnings).toEqual([])
})

test('an Asterisk that stands still is noticed, and found again when it goes on', async () => {
  // Asks often; elsewhere an Asterisk that is busy for a moment must not count as one that stands still.
  await ari.close()
  ari = openTestAri(asterisk, { probeEveryMs: 200, probeWithinMs: 2_000 })
  await connected(ari)
  const { call, channel } = await arrived()
  await ari.channels.answer(channel.id)
  await call.answered
  let lost = 0
  const forget = ari.onDisconnected(() => void lost++)
  process.kill(asterisk.pid, 'SIGSTOP')
  try {
    // A process that works on two processors does not stand still at the same instant in all its threads.
    const unanswered = () =>
      ari.channels.list().then(
        () => false,
        (error: unknown) => error instanceof AriUnavailable,
      )
    await until(unanswered, patienceMs, 'a request to stay without an answer')
    await until(() => lost === 1, patienceMs, 'the loss to be noticed')
    expect(ari.health()).toMatchObject({ ok: false })
  } finally {
    process.kill(asterisk.pid, 'SIGCONT')
  }
  await connected(ari)
  forget()
  // The caller is still there, and still ours.
  expect((await ari.channels.list()).map(({ id }) => id)).toEqual([channel.id])
  await ari.channels.hangUp(channel.id)
  await call.ended
  await ari.close()
  ari = openTestAri(asterisk)
  await connected(ari)
})

test('sixty calls within three seconds, all by ARI, do not lock it up', async () => {
  const rounds = 60
  const works = Array.from({ length: rounds }, async (_, round) => {
    await new Promise(resolve => setTimeout(resolve, round * 50))
    const caller = await openSipTelephone()
    const number = `06000${String(10_000 + round)}`
    const arriving = nextEvent(
      ari,
      (event): event is EventOf<'StasisStart'> => event.type === 'StasisStart' && event.args[1] === number,
    )
    const call = caller.call(number, { port: asterisk.settings.sipPort })
    const { channel } = await arriving
    await ari.channels.answer(channel.id)
    const bridgeId = randomUUID()
    await ari.bridges.create({ bridgeId, type: 'mixing' })
    await ari.bridges.add(bridgeId, channel.id)
    await ari.bridges.destroy(bridgeId)
    await ari.channels.hangUp(channel.id)
    expect(await call.ended).toBe(200)
    await caller.close()
  })
  await Promise.all(works)
  expect(await ari.probe()).toMatchObject({ ok: true })
})
