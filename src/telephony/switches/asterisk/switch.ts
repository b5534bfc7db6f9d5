/**
 * The switch that is Asterisk: requests of the port become requests of ARI, events of ARI become facts of the port.
 *
 *   caller's leg   came in through the dialplan; its id is Asterisk's
 *   agent, office  called by us under ids of ours, known before the request: Asterisk's first event may come before its answer
 *
 * Asterisk keeps for us, as variables of each leg, whose call it is and which part it plays. So a program that was away finds everything
 * again by listing channels and bridges; what it held in memory is not needed.
 *
 * Whatever is said to a leg has a tail behind it, in the same playback: comfort noise, then a quiet melody and a sentence. As long as we live the
 * tail is the sound under a wait for a key, and is cut off by what comes next; when we are killed, Asterisk goes on playing it by itself.
 */
import type { Log } from '../../../platform/index.ts'
import { type Prompts, type PromptText, SpeechFailed } from '../../prompts/index.ts'
import {
  type AriClient,
  AriConflict,
  AriError,
  type AriEvent,
  type AriEventType,
  AriNotFound,
  AriUnavailable,
  AriWrongState,
  type Found,
  serialQueues,
} from '../ari/index.ts'
import type { Dial, PresentLeg, RingAgent, Saying, Switch, SwitchFact } from '../port.ts'
import { type AsteriskLeg, type OngoingSpeech as LegSaying, newLeg, openLegs } from './legs.ts'
import { digitsMedia, hasRecordedNumbers, numberMedia } from './numbers.ts'
import {
  bridgeOf,
  callerIdOf,
  callVariable,
  causeOf,
  hangUpReasonOf,
  isOurBridge,
  legVariable,
  lossOf,
  presentLegs,
} from './translate.ts'
import { calledNumber, shownNumber } from './written-number.ts'

/** 22.10 brought variables that travel with events; 22.11 does not lock up when a bridge takes a leg while a call arrives. */
const oldestVersion = [22, 11] as const
/** Longer than a call rings an agent, whose leg we then hang up; this is for when we are away. */
const graceSeconds = 3
/** ITU-T Q.850. */
const normalClearing = 16
/** Bridges that are cleared away in one sweep. */
const maxBridgesAtOnce = 100

/** What is listened to; each event that Asterisk does not send is one that neither it writes nor we read. */
export const eventsOfSwitch = [
  'StasisStart',
  'StasisEnd',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelDtmfReceived',
  'PlaybackContinuing',
  'PlaybackFinished',
] as const satisfies readonly AriEventType[]

/** Nobody can be rung there: no telephone of this name, or none that is registered. */
export class CannotRing extends Error {
  override readonly name = 'CannotRing'
}

export interface AsteriskSwitchOptions {
  readonly ari: AriClient
  /** Undefined when no folder is shared with Asterisk: then nothing but Asterisk's own recordings can be heard, and calls are not taken. */
  readonly prompts: Prompts | undefined
  readonly log: Log
}

export function asteriskSwitch({ ari, prompts, log }: AsteriskSwitchOptions): Switch {
  const { serial } = serialQueues()
  const legs = openLegs()
  const playbacks = new Map<string, AsteriskLeg>()
  /** Calls whose two sides are in a bridge, as far as we know. */
  const joined = new Set<string>()
  /** What the last sweep found to belong to nobody; the next one ends it if it is still so. */
  let doubtful: ReadonlySet<string> = new Set()
  let hear: (fact: SwitchFact) => void = () => {}
  let version: string | undefined

  /** The leg, or one that nobody remembers: a request may come after the end of its leg, and must leave no trace. */
  const of = (id: string): AsteriskLeg => legs.get(id) ?? newLeg(id, 'caller')
  /** Runs a request in the mailbox of its call. One about something that is gone does nothing. */
  const send = (mailbox: string, request: () => Promise<void>): Promise<void> =>
    serial(mailbox, () => request().catch(passWhenGone))

  // --- events ---

  function onEvent(event: AriEvent): void {
    if (event.type === 'StasisStart') started(event.channel.id, event.args, event.channel.caller.number)
    else if (event.type === 'PlaybackFinished') finished(event.playback.id)
    else if (event.type === 'PlaybackContinuing') tailed(event.playback.id, event.playback.next_media_uri)
    else if (event.type === 'ChannelHangupRequest') note(event.channel.id, lossOf(event))
    // Of a leg that was with us Asterisk tells no more than this; of one that never answered it tells nothing but the next.
    else if (event.type === 'StasisEnd') ended(event.channel.id, normalClearing)
    else if (event.type === 'ChannelDestroyed') ended(event.channel.id, event.cause)
    else if (event.type === 'ChannelDtmfReceived' && legs.get(event.channel.id))
      hear({ type: 'key', leg: event.channel.id, key: event.digit })
  }

  function started(id: string, args: readonly string[], number: string): void {
    const [part = '', to = '', presentation] = args
    const known = legs.get(id)
    if (part === 'agent' || part === 'office') {
      const leg = known ?? legs.take(id, part)
      if (leg.answered) return
      leg.answered = true
      hear({ type: 'answered', leg: id })
      return
    }
    if (known) return
    legs.take(id, 'caller')
    hear({ type: 'arrived', leg: id, from: shownNumber(number, presentation), to: calledNumber(to) ?? to })
  }

  function finished(playback: string): void {
    const leg = playbacks.get(playback)
    if (!leg) return
    playbacks.delete(playback)
    leg.sayings.delete(playback)
    // A saying silences the music of its leg; the caller who waits gets it back without being asked for.
    if (leg.music) void musicAgain(leg).catch((error: unknown) => complain('music could not go on', leg, error))
    hear({ type: 'said', leg: leg.id, playback })
  }

  /** What is said goes over into its tail: it has been said. */
  function tailed(playback: string, next: string | undefined): void {
    const leg = playbacks.get(playback)
    if (!leg || next === undefined || !leg.sayings.get(playback)?.tail.includes(next)) return
    leg.tail = playback
    finished(playback)
  }

  const musicAgain = (leg: AsteriskLeg) =>
    send(leg.mailbox, async () => {
      if (!leg.music || leg.sayings.size > 0) return
      await cutTail(leg)
      await ari.channels.startMusic(leg.id)
    })

  function note(id: string, loss: AsteriskLeg['loss']): void {
    const leg = legs.get(id)
    if (leg) leg.loss ??= loss
  }

  function ended(id: string, cause: number): void {
    const leg = legs.get(id)
    if (!leg) return
    for (const playback of leg.sayings.keys()) playbacks.delete(playback)
    legs.forget(id)
    // Without the caller there is no conversation, so the bridge is taken away, after whatever is making it at this moment.
    if (leg.role === 'caller' && leg.callId !== null && joined.has(leg.callId))
      void part(leg.callId, leg.mailbox).catch((error: unknown) => complain('a bridge could not be cleared away', leg, error))
    hear({ type: 'ended', leg: id, cause: leg.loss ?? causeOf(cause, leg.role === 'caller' || leg.answered) })
  }

  /** Everything that Asterisk holds, at each connection: events may have been lost. */
  async function connected(found: Found): Promise<void> {
    version = found.version
    const present = presentLegs(found.channels, found.bridges, ari.application)
    for (const gone of legs.replace(present)) for (const playback of gone.sayings.keys()) playbacks.delete(playback)
    joined.clear()
    for (const { callId, joinedWith } of present) if (callId !== null && joinedWith.length > 0) joined.add(callId)
    const empty = found.bridges.filter(bridge => isOurBridge(bridge) && bridge.channels.length === 0)
    await Promise.all(empty.map(({ id }) => ari.bridges.destroy(id)))
    hear({ type: 'present', legs: present })
    // The end of what was being said may be among the events that were lost, or that only its tail sounds.
    const begun = [...playbacks].filter(([id, leg]) => leg.sayings.get(id)?.begun)
    await Promise.all(
      begun.map(async ([id]) => {
        const playback = await ari.playbacks.get(id)
        if (playback) tailed(id, playback.media_uri)
        else finished(id)
      }),
    )
  }

  // --- sayings ---

  async function mediaOf(sayings: readonly Saying[], language: string): Promise<string[]> {
    const media: string[] = []
    for (const saying of sayings) {
      if ('number' in saying && hasRecordedNumbers(language)) media.push(...numberMedia(saying.number, language))
      else if ('digits' in saying && hasRecordedNumbers(language)) media.push(...digitsMedia(saying.digits))
      else media.push((await spoken(promptOf(saying, language))).media)
    }
    return media
  }

  async function spoken(prompt: PromptText) {
    if (!prompts) throw new SpeechFailed('No folder is shared with Asterisk: set ASTERISK_SOUNDS_DIR.')
    return prompts.media(prompt)
  }

  async function say(
    id: string,
    playback: string,
    sayings: readonly Saying[],
    language: string,
    instead?: string,
  ): Promise<void> {
    const leg = of(id)
    if (leg.sayings.has(playback)) return
    const saying: LegSaying = { cut: false, begun: false, tail: [] }
    leg.sayings.set(playback, saying)
    playbacks.set(playback, leg)
    await send(leg.mailbox, async () => {
      try {
        const media = await mediaOf(sayings, language)
        // Cut off before it began; or the leg has ended meanwhile.
        if (saying.cut || media.length === 0) return finished(playback)
        if (!leg.sayings.has(playback)) return
        const tail = (await prompts?.tail(language)) ?? []
        saying.tail = tail
        await cutTail(leg)
        if (instead !== undefined) await ari.playbacks.stop(instead)
        saying.begun = true
        await ari.channels.play(id, { playbackId: playback, media: [...media, ...tail], language })
      } catch (error) {
        if (error instanceof AriConflict && saying.begun) return
        leg.sayings.delete(playback)
        playbacks.delete(playback)
        if (!(error instanceof SpeechFailed)) throw error
        // A caller who cannot be told something must not wait for it: the call goes on.
        complain('a sentence could not be spoken', leg, error)
        hear({ type: 'said', leg: id, playback })
      }
    })
  }

  async function cut(leg: AsteriskLeg): Promise<void> {
    for (const [playback, saying] of leg.sayings) {
      saying.cut = true
      if (saying.begun) await ari.playbacks.stop(playback)
    }
  }

  async function cutTail(leg: AsteriskLeg): Promise<void> {
    const { tail } = leg
    leg.tail = null
    if (tail !== null) await ari.playbacks.stop(tail)
  }

  /** Nothing of ours is heard on the leg any more. */
  async function quiet(leg: AsteriskLeg): Promise<void> {
    await cut(leg)
    await cutTail(leg)
    if (leg.music || leg.adopted) await ari.channels.stopMusic(leg.id).catch(passWhenGone)
    if (leg.ringing || leg.adopted) await ari.channels.stopRinging(leg.id).catch(passWhenGone)
    leg.music = false
    leg.ringing = false
    leg.adopted = false
  }

  async function part(callId: string, mailbox = legs.mailboxOfCall(callId)): Promise<void> {
    joined.delete(callId)
    await send(mailbox, () => ari.bridges.destroy(bridgeOf(callId)))
  }

  async function join(callId: string, pair: readonly [string, string]): Promise<void> {
    const bridgeId = bridgeOf(callId)
    joined.add(callId)
    await send(legs.mailboxOfCall(callId), async () => {
      // They hear each other only when all of this is done, so it is done side by side where possible.
      await Promise.all([
        ...pair.map(id => quiet(of(id))),
        ari.bridges.create({ bridgeId, type: 'mixing', name: callId, variables: { [callVariable]: callId } }),
      ])
      try {
        await ari.bridges.add(bridgeId, ...pair)
      } catch (error) {
        // One of the two is gone, and the end of a caller may have been told before the bridge was there.
        joined.delete(callId)
        await ari.bridges.destroy(bridgeId)
        throw error
      }
    })
  }

  /** Ends what belongs to nobody in two sweeps in a row. One sweep proves nothing: what it saw may have changed since. */
  async function sweep(expects: (leg: PresentLeg) => boolean): Promise<readonly PresentLeg[]> {
    const [channels, bridges] = await Promise.all([ari.channels.list(), ari.bridges.list()])
    const present = presentLegs(channels, bridges, ari.application)
    const strays = present.filter(leg => leg.role !== 'caller' && !expects(leg)).map(({ leg }) => leg)
    const empty = bridges.filter(bridge => isOurBridge(bridge) && bridge.channels.length === 0).map(({ id }) => id)
    const before = doubtful
    doubtful = new Set([...strays, ...empty])
    const isOld = (id: string) => before.has(id)
    for (const id of strays.filter(isOld)) await ari.channels.hangUp(id)
    for (const id of empty.filter(isOld).slice(0, maxBridgesAtOnce)) await ari.bridges.destroy(id)
    return present
  }

  // --- calling ---

  async function originate(request: Dial | RingAgent, role: 'agent' | 'office', endpoint: string): Promise<void> {
    const { leg: id, callId, callerLeg, from, timeoutMs } = request
    const leg = legs.take(id, role)
    leg.callId = callId
    leg.mailbox = callerLeg === null ? legs.mailboxOfCall(callId) : of(callerLeg).mailbox
    await serial(leg.mailbox, async () => {
      try {
        await ari.channels.originate({
          channelId: id,
          endpoint,
          args: [role, callId],
          callerId: callerIdOf(from),
          timeoutSeconds: Math.ceil(timeoutMs / 1_000) + graceSeconds,
          variables: { [callVariable]: callId, [legVariable]: role },
          settings: { 'PJSIP_HEADER(add,X-FD-Call)': callId },
          ...(callerLeg === null ? {} : { originator: callerLeg }),
        })
      } catch (error) {
        // The same request came before and was carried out.
        if (error instanceof AriConflict) return
        legs.forget(id)
        // No answer says nothing about what was done: a telephone that rings for nobody must not go on.
        if (error instanceof AriUnavailable && error.request.status === 0) await ari.channels.hangUp(id).catch(() => {})
        if (error instanceof AriError) throw new CannotRing(`${endpoint} cannot be rung: ${error.message}`, { cause: error })
        throw error
      }
    })
  }

  function complain(what: string, leg: AsteriskLeg, error: unknown): void {
    log.error({ call: leg.callId, leg: leg.id, error: String(error) }, `telephony: ${what}`)
  }

  return {
    kind: 'asterisk',
    async start(listener) {
      hear = listener
      ari.onEvent(onEvent)
      ari.onDisconnected(() => hear({ type: 'away' }))
      ari.onConnected(connected)
    },
    async answer(id) {
      const leg = of(id)
      await send(leg.mailbox, () => ari.channels.answer(id))
      leg.answered = true
    },
    async ring(id) {
      const leg = of(id)
      leg.ringing = true
      await send(leg.mailbox, async () => {
        await cutTail(leg)
        await ari.channels.ring(id)
      })
    },
    async name(id, callId) {
      const leg = legs.get(id) ?? legs.take(id, 'caller')
      legs.belongs(leg, callId)
      await send(leg.mailbox, () => ari.channels.setVariables(id, { [callVariable]: callId, [legVariable]: leg.role }))
    },
    say,
    async hush(id, playback) {
      const leg = of(id)
      const saying = leg.sayings.get(playback)
      if (saying) saying.cut = true
      // Also one that we do not know: it may have been begun by the program that ran before us.
      await send(leg.mailbox, async () => {
        // Not what has been said and whose tail has been cut off.
        if (saying ? saying.begun : leg.adopted || leg.tail === playback) await ari.playbacks.stop(playback)
        if (leg.tail === playback) leg.tail = null
      })
    },
    async startMusic(id) {
      const leg = of(id)
      leg.music = true
      await musicAgain(leg)
    },
    async stopMusic(id) {
      const leg = of(id)
      leg.music = false
      await send(leg.mailbox, () => ari.channels.stopMusic(id))
    },
    ringAgent: request => originate(request, 'agent', `PJSIP/${request.telephone}`),
    async dial(request) {
      // It becomes part of an endpoint's name.
      if (!/^\+[1-9][0-9]{2,14}$/.test(request.number)) throw new CannotRing(`${request.number} is not an E.164 number`)
      await originate(request, 'office', `PJSIP/${request.number}@trunk`)
    },
    join,
    part: callId => part(callId),
    async hangUp(id, reason) {
      const leg = legs.get(id)
      // Asterisk has told of its end, unless we have not compared what there is yet.
      if (leg || version === undefined) await send(of(id).mailbox, () => ari.channels.hangUp(id, hangUpReasonOf(reason)))
    },
    sweep,
    async prepare(sayings, language) {
      await Promise.all([mediaOf(sayings, language), prompts?.tail(language)])
    },
    health() {
      const health = ari.health()
      if (!health.ok) return health
      if (!prompts) return { ok: false, reason: 'no folder for prompts is shared with Asterisk: set ASTERISK_SOUNDS_DIR' }
      if (version !== undefined && !isRecent(version))
        return { ok: false, reason: `Asterisk ${version} is too old: ${oldestVersion.join('.')} or later is needed` }
      return { ok: true }
    },
    close: () => ari.close(),
  }
}

/** What is said, where Asterisk has no recordings of numbers in the language: the same by our voice. */
function promptOf(saying: Saying, language: string): PromptText {
  if ('text' in saying) return { text: saying.text, language, ...(saying.key === undefined ? {} : { key: saying.key }) }
  return { text: 'number' in saying ? String(saying.number) : [...saying.digits].join(' '), language }
}

/** Swallows what says that the leg is gone or has left us: the fact `ended` tells it, or has told it. */
function passWhenGone(error: unknown): void {
  if (error instanceof AriNotFound || error instanceof AriConflict || error instanceof AriWrongState) return
  throw error
}

/** Whether a version such as `22.11.0-rc2+dfsg` is recent enough. Pure. */
export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(part => Number.parseInt(part, 10))
  // Numbering goes 20, 22, 23 …: each branch counts by itself; later branches brought what we need with them.
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1])
}
