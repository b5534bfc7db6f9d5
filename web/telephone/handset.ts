/**
 * The citizen's telephone behind the page: the line to the program, the voice to the operator, and what is heard in between. What the call
 * is, `call.ts` says.
 */
import '../shared/telephone/plain-zod.ts'
import { type FromCaller, paths, protocolVersion, ToCaller } from '../../src/telephony/switches/browser/protocol.ts'
import { audioContext, LevelMeter, openMicrophone } from '../shared/telephone/media.ts'
import { Peer } from '../shared/telephone/peer.ts'
import { openSignalling, type Signalling, socketAddress } from '../shared/telephone/signalling.ts'
import { type CallFact, type CallState, idle, nextCall } from './call.ts'
import { keyTone, ringingTone, waitingMusic } from './sounds.ts'
import { type Speech, speak } from './speech.ts'

export class Handset {
  #state: CallState = idle
  readonly #listeners = new Set<() => void>()
  #signalling: Signalling<FromCaller> | undefined
  #token: string | undefined
  /** Tokens of calls that are over: this page may be called back in them. */
  readonly #awaits = new Set<string>()
  #peer: { connection: string; peer: Peer } | undefined
  #iceServers: RTCIceServer[] = []
  #voice: MediaStream | undefined
  /** Why the citizen is not heard; null when the microphone is open. */
  silent: string | null = null
  #ear: HTMLAudioElement | undefined
  #meters: { said: LevelMeter | undefined; heard: LevelMeter | undefined } = { said: undefined, heard: undefined }
  #speech: { playback: string; speech: Speech } | undefined
  #stopSound: { name: 'ringing' | 'music'; stop: () => void } | undefined

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly snapshot = (): CallState => this.#state

  /** Calls a number (E.164). Asks for the microphone first; without one the call goes on, and the citizen only listens. */
  async dial(number: string, from: string | null): Promise<void> {
    const before = this.#state
    this.#hear({ type: 'dial', number })
    if (this.#state === before) return
    audioContext()
    const microphone = await openMicrophone()
    this.silent = microphone.ok ? null : microphone.why
    this.#voice = microphone.ok ? microphone.stream : silence()
    // It may have been given up while the browser asked.
    if (this.#state.stage !== 'calling') return this.#putDown()
    this.#open()
    this.#signalling?.send({ type: 'dial', to: number, from })
  }

  /** Picks up a call to this page. */
  async answer(): Promise<void> {
    const leg = this.#state.rung
    if (this.#state.stage !== 'rung' || leg === null) return
    audioContext()
    const microphone = await openMicrophone()
    this.silent = microphone.ok ? null : microphone.why
    this.#voice = microphone.ok ? microphone.stream : silence()
    this.#signalling?.send({ type: 'answer', leg })
  }

  /** The page is left: nobody is called back here any more. */
  leave(): void {
    this.hangUp()
    this.#awaits.clear()
    this.#signalling?.close()
    this.#signalling = undefined
  }

  #open(): void {
    this.#signalling ??= openSignalling<ToCaller, FromCaller>({
      address: socketAddress(paths.caller),
      schema: ToCaller,
      hello: () => ({
        type: 'hello',
        version: protocolVersion,
        ...(this.#token === undefined ? {} : { resume: { token: this.#token, connection: this.#peer?.connection ?? null } }),
      }),
      hear: message => this.#take(message),
      state: state => this.#hear({ type: 'socket', lost: state !== 'ready' }),
      ended: why => {
        this.#signalling = undefined
        this.#hear({ type: 'gone', cause: why === 'outdated' || why === 'switched-off' ? why : 'lost' })
      },
    })
  }

  press(key: string): void {
    if (this.#state.stage === 'idle' || this.#state.stage === 'ended') return
    keyTone(key)
    this.#signalling?.send({ type: 'key', key })
    this.#hear({ type: 'pressed', key })
  }

  hangUp(): void {
    this.#signalling?.send({ type: 'hang-up' })
    this.#hear({ type: 'hung-up' })
  }

  levels(): { said: number; heard: number } {
    return { said: this.#meters.said?.level() ?? 0, heard: this.#meters.heard?.level() ?? 0 }
  }

  #take(message: ToCaller): void {
    if (message.type === 'welcome') {
      this.#iceServers = message.iceServers.map(({ urls, username, credential }) => ({
        urls,
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { credential }),
      }))
      // The leg is gone, and with it the call.
      if (this.#token !== undefined && !message.resumed) this.#hear({ type: 'gone', cause: 'lost' })
      for (const token of this.#awaits) this.#signalling?.send({ type: 'await', token })
      return
    }
    if (message.type === 'leg' || message.type === 'ring') this.#token = message.token
    if (message.type === 'connect') this.#connect(message.connection, message.initiator)
    if (message.type === 'signal' && this.#peer?.connection === message.connection) this.#peer.peer.take(message.signal)
    if (message.type === 'disconnect' && this.#peer?.connection === message.connection) this.#disconnect()
    this.#hear({ type: 'from-program', message, now: Date.now() })
  }

  #connect(connection: string, initiator: boolean): void {
    this.#disconnect()
    const voice = this.#voice
    if (!voice) return
    const peer = new Peer(
      { voice, iceServers: this.#iceServers, initiator },
      {
        send: signal => this.#signalling?.send({ type: 'signal', connection, signal }),
        sound: stream => this.#listenTo(stream),
        reconnecting: () => {},
      },
    )
    this.#peer = { connection, peer }
  }

  #listenTo(stream: MediaStream): void {
    this.#ear ??= new Audio()
    this.#ear.srcObject = stream
    this.#ear.play().catch(() => {})
    this.#meters.heard?.close()
    this.#meters.heard = new LevelMeter(stream)
    if (this.#voice) this.#meters.said ??= new LevelMeter(this.#voice)
  }

  #disconnect(): void {
    this.#peer?.peer.close()
    this.#peer = undefined
    this.#meters.heard?.close()
    this.#meters.heard = undefined
    if (this.#ear) this.#ear.srcObject = null
  }

  #putDown(): void {
    this.#disconnect()
    this.#meters.said?.close()
    this.#meters.said = undefined
    for (const track of this.#voice?.getTracks() ?? []) track.stop()
    this.#voice = undefined
    // The line stays open: who asked for it is called back here.
    if (this.#token !== undefined) {
      this.#awaits.add(this.#token)
      this.#signalling?.send({ type: 'await', token: this.#token })
    }
    this.#token = undefined
  }

  #hear(fact: CallFact): void {
    const before = this.#state
    this.#state = nextCall(before, fact)
    if (this.#state === before) return
    this.#sound()
    if (this.#state.stage === 'ended' && before.stage !== 'ended') this.#putDown()
    for (const listener of this.#listeners) listener()
  }

  /** Makes heard what the state says is to be heard. */
  #sound(): void {
    const { saying, music, stage } = this.#state
    if (this.#speech && this.#speech.playback !== saying?.playback) {
      this.#speech.speech.stop()
      this.#speech = undefined
    }
    if (saying && !this.#speech) {
      const { playback, text, language } = saying
      const speech = speak(text, language, () => {
        this.#speech = undefined
        this.#signalling?.send({ type: 'said', playback })
        this.#hear({ type: 'spoken', playback })
      })
      this.#speech = { playback, speech }
    }
    const wanted = stage === 'ringing' || stage === 'rung' ? 'ringing' : music && !saying ? 'music' : undefined
    if (this.#stopSound && this.#stopSound.name !== wanted) {
      this.#stopSound.stop()
      this.#stopSound = undefined
    }
    if (wanted && !this.#stopSound) {
      this.#stopSound = { name: wanted, stop: wanted === 'ringing' ? ringingTone() : waitingMusic() }
    }
  }
}

/** A voice that says nothing, for who has no microphone: the connection needs one. */
const silence = (): MediaStream => audioContext().createMediaStreamDestination().stream

export const handset = new Handset()
