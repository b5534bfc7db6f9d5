/**
 * The operator's telephone: one object over two lines. What it is doing is in `state.ts`; here are the microphone, the loudspeaker, the
 * lines and the sign of life.
 *
 * It belongs to the browser window, not to a page of it: one walks from the desk to the agenda while talking. One tab has it, kept by a Web
 * Lock, which the browser lets go even when the tab crashes. The other tabs show what it does, act through it (tabs.ts), and wait for the
 * lock: when the tab is closed, the next one has the telephone. One that wants it sooner takes it over ("use this page").
 */
import { api } from '../../shared/api.ts'
import type { Beat, Pulse } from '../../shared/telephone/heartbeat.worker.ts'
import { LevelMeter, openMicrophone } from '../../shared/telephone/media.ts'
import { socketAddress } from '../../shared/telephone/signalling.ts'
import type { HearLine, Line } from './line.ts'
import { openOwnLine } from './own-line.ts'
import { openSipLine, type SipAccount } from './sip-line.ts'
import {
  answersAtOnce,
  earlyAnswerMs,
  handSetOf,
  isReady,
  type LineKind,
  next,
  off,
  type TelephoneFact,
  type TelephoneState,
} from './state.ts'
import { openTabs, type TabOrder, type Tabs } from './tabs.ts'

export interface Levels {
  /** From 0 to 1. */
  said: number
  heard: number
}

const lockName = 'filo-diretto-telephone'
const outputKey = 'telephone-output'
const readyPatienceMs = 6_000
const seekEveryMs = 60_000

class Telephone {
  /** This page, to the program. A new one after each load and after each taking over: the newest page gets the calls. */
  pageId = crypto.randomUUID()
  #state: TelephoneState = off
  readonly #listeners = new Set<() => void>()
  readonly #lines = new Map<LineKind, Line>()
  #voice: MediaStream | undefined
  #ear: HTMLAudioElement | undefined
  #meters: { said: LevelMeter | undefined; heard: LevelMeter | undefined } = { said: undefined, heard: undefined }
  #worker: Worker | undefined
  #letGo: (() => void) | undefined
  #queued: AbortController | undefined
  /** The page of the tab that has the telephone, as far as this one has heard. */
  #pageElsewhere: string | undefined
  readonly #tabs: Tabs = openTabs({
    asked: () => this.#tellTabs(),
    told: (pageId, call) => {
      this.#pageElsewhere = pageId
      this.#hear({ type: 'elsewhere', call })
    },
    ordered: order => {
      if (this.#hasCalls()) this.#obey(order)
    },
  })
  #opening: Promise<boolean> | undefined
  #soughtAt = 0

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly snapshot = (): TelephoneState => this.#state

  /**
   * Opens the telephone: asks for the microphone, opens the lines, and says so to the program. Returns whether calls can come now.
   * @param takeOver also when another tab has it
   */
  open({ takeOver = false } = {}): Promise<boolean> {
    if (this.#state.open && !takeOver && this.#state.microphone === 'open') return this.#whenReady()
    this.#opening ??= this.#open(takeOver).finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #open(takeOver: boolean): Promise<boolean> {
    if (!(await this.#claim(takeOver))) {
      this.#belongElsewhere()
      return false
    }
    this.#hear({ type: 'microphone', microphone: 'asking' })
    const microphone = await openMicrophone()
    this.#hear({ type: 'microphone', microphone: microphone.ok ? 'open' : microphone.why })
    if (!microphone.ok) {
      this.#release()
      return false
    }
    this.#stopVoice()
    this.#voice = microphone.stream
    for (const track of microphone.stream.getTracks())
      track.addEventListener('ended', () => this.#hear({ type: 'microphone', microphone: 'missing' }))
    if (takeOver) this.pageId = crypto.randomUUID()
    await this.#openLines()
    this.#hear({ type: 'page', active: true })
    this.#beat()
    return this.#whenReady()
  }

  async #openLines(): Promise<void> {
    this.#closeLines()
    this.#soughtAt = Date.now()
    const access = await api.post('/api/telephone', { body: { pageId: this.pageId } })
    this.#hear({
      type: 'opened',
      lines: [...(access.asterisk ? ['asterisk' as const] : []), 'browser'],
    })
    if (access.asterisk) this.#openSip(access.asterisk)
    const address = socketAddress(access.browser.socket)
    this.#lines.set('browser', openOwnLine({ address, pageId: this.pageId, voice: () => this.#voice }, this.#hearer('browser')))
  }

  #openSip(account: SipAccount): void {
    this.#lines.get('asterisk')?.close()
    const reachable = { ...account, socket: socketAddress(account.socket) }
    this.#lines.set('asterisk', openSipLine(reachable, this.#hearer('asterisk')))
  }

  /** Asterisk came later than the page, or does not know its telephone any more: another one is asked for, now and then, between calls. */
  #seekAsterisk(): void {
    const { call, lines } = this.#state
    const wanted = lines.asterisk === 'absent' || lines.asterisk === 'refused'
    if (call || !wanted || Date.now() - this.#soughtAt < seekEveryMs) return
    this.#soughtAt = Date.now()
    api.post('/api/telephone', { body: { pageId: this.pageId } }).then(
      access => {
        if (!access.asterisk || this.#state.call || !this.#state.open) return
        this.#hear({ type: 'line', line: 'asterisk', state: 'connecting' })
        this.#openSip(access.asterisk)
      },
      // Asked again at the next time.
      () => undefined,
    )
  }

  #hearer(line: LineKind): HearLine {
    return fact => {
      switch (fact.type) {
        case 'line':
          return this.#hear({ type: 'line', line, state: fact.state })
        case 'rings':
          if (this.#state.call && this.#state.call.leg !== fact.leg) return this.#lines.get(line)?.hangUp(fact.leg)
          this.#hear({ type: 'rings', line, leg: fact.leg })
          if (answersAtOnce(this.#state, Date.now())) this.answer()
          return
        case 'sound':
          this.#listenTo(fact.stream)
          return this.#hear({ type: 'sound', leg: fact.leg })
        case 'reconnecting':
          return this.#hear(fact)
        case 'ended':
          if (this.#state.call?.leg === fact.leg) this.#silence()
          this.#hear(fact)
          if (this.#state.page === 'elsewhere') this.close()
      }
    }
  }

  /** Answers what rings; what will ring within some seconds, if nothing rings yet. */
  answer(): void {
    if (this.#order({ do: 'answer' })) return
    this.#hear({ type: 'answer', now: Date.now() })
    const { call } = this.#state
    if (!call) setTimeout(() => this.#hear({ type: 'answer-lapsed' }), earlyAnswerMs)
    if (call?.stage === 'answering' && this.#voice) this.#lines.get(call.line)?.answer(call.leg, this.#voice)
  }

  /** Ends the line's part of the call; that the conversation ends is said to the program by whoever calls this. */
  hangUp(): void {
    if (this.#order({ do: 'hang-up' })) return
    const { call } = this.#state
    if (call) this.#lines.get(call.line)?.hangUp(call.leg)
  }

  mute(on: boolean): void {
    if (this.#order({ do: 'mute', on })) return
    for (const track of this.#voice?.getAudioTracks() ?? []) track.enabled = !on
    this.#hear({ type: 'mute', on })
  }

  /** How loud both sides are just now. */
  levels(): Levels {
    return { said: this.#state.muted ? 0 : (this.#meters.said?.level() ?? 0), heard: this.#meters.heard?.level() ?? 0 }
  }

  /** The media connection of the conversation, to see whether sound comes and goes. */
  connection(): RTCPeerConnection | undefined {
    const { call } = this.#state
    return call ? this.#lines.get(call.line)?.connection() : undefined
  }

  get output(): string {
    return localStorage.getItem(outputKey) ?? ''
  }

  /** Chooses the loudspeaker or headset; the empty text is the system's own choice. */
  setOutput(deviceId: string): void {
    localStorage.setItem(outputKey, deviceId)
    if (this.#ear) void directTo(this.#ear, deviceId)
  }

  close(): void {
    this.#worker?.postMessage(null)
    this.#worker?.terminate()
    this.#worker = undefined
    this.#closeLines()
    this.#silence()
    this.#stopVoice()
    this.#release()
    this.#hear({ type: 'closed' })
  }

  // --- parts --------------------------------------------------------------------------------------------------------

  /** One tab has the telephone. Answers false when another one has it and shall keep it. */
  #claim(takeOver: boolean): Promise<boolean> {
    this.#queued?.abort()
    this.#queued = undefined
    if (this.#letGo) return Promise.resolve(true)
    if (!navigator.locks) return Promise.resolve(true)
    return new Promise(resolve => {
      const options = takeOver ? { steal: true } : { ifAvailable: true }
      navigator.locks
        .request(lockName, options, lock => {
          resolve(lock !== null)
          if (lock === null) return
          return new Promise<void>(letGo => {
            this.#letGo = letGo
          })
        })
        // The lock was taken over by another tab.
        .catch(() => this.#lostTo('other-tab'))
    })
  }

  #release(): void {
    if (!this.#letGo) return
    this.#letGo()
    this.#letGo = undefined
  }

  /** Another tab has the telephone: this one shows what it does, and is there when it becomes free. */
  #belongElsewhere(): void {
    this.#hear({ type: 'page', active: false })
    this.#tabs.ask()
    if (this.#queued || !navigator.locks) return
    this.#queued = new AbortController()
    navigator.locks
      .request(lockName, { signal: this.#queued.signal }, () => {
        this.#queued = undefined
        // The lock is let go at once: whoever is in service opens the telephone, and claims it then.
        void this.#askWhetherFree()
      })
      // This tab has taken it over meanwhile.
      .catch(() => undefined)
  }

  /** The other tab has let go. If calls ring on another machine by now, they go on ringing there. */
  async #askWhetherFree(): Promise<void> {
    if (this.#pageElsewhere === undefined || this.#state.call) return
    const { pageActive } = await api
      .get('/api/desk', { query: { pageId: this.#pageElsewhere } })
      // "Use this page" is still there.
      .catch(() => ({ pageActive: null }))
    if (pageActive) this.#hear({ type: 'page-free' })
  }

  /** Whether calls ring, or are talked about, in this tab. */
  #hasCalls(): boolean {
    return this.#state.page === 'active' || this.#state.call !== null
  }

  /** Gives an order to the tab that has the telephone. Returns false when it is this one, or none. */
  #order(order: TabOrder): boolean {
    if (handSetOf(this.#state).where !== 'other-tab') return false
    this.#tabs.order(order)
    return true
  }

  #obey(order: TabOrder): void {
    if (order.do === 'mute') this.mute(order.on)
    else if (order.do === 'answer') this.answer()
    else this.hangUp()
  }

  #tellTabs(): void {
    if (!this.#hasCalls()) return
    const { call, muted } = this.#state
    this.#tabs.tell(this.pageId, { muted, stage: call?.stage ?? null, reconnecting: call?.reconnecting ?? false })
  }

  /** @param to where the telephone is now; on another machine, nobody here waits for it */
  #lostTo(to: 'other-tab' | 'other-machine'): void {
    if (to === 'other-tab') {
      this.#letGo = undefined
      this.#belongElsewhere()
    } else {
      this.#release()
      this.#hear({ type: 'page', active: false })
    }
    // A conversation is not cut off because somebody opened another tab; the telephone is handed on when it ends.
    if (!this.#state.call) this.close()
  }

  #beat(): void {
    if (!this.#worker) {
      this.#worker = new Worker(new URL('../../shared/telephone/heartbeat.worker.ts', import.meta.url), { type: 'module' })
      this.#worker.addEventListener('message', ({ data }: MessageEvent<Beat>) => {
        if (!data.reached) {
          this.#hear({ type: 'heartbeat-failed' })
          if (data.status === 401) this.close()
        } else if (data.active) {
          this.#hear({ type: 'page', active: true })
          this.#seekAsterisk()
        } else this.#lostTo('other-machine')
      })
    }
    this.#worker.postMessage({ pageId: this.pageId, telephoneReady: isReady(this.#state) } satisfies Pulse)
  }

  #whenReady(): Promise<boolean> {
    if (isReady(this.#state)) return Promise.resolve(true)
    return new Promise(resolve => {
      const timer = setTimeout(() => end(false), readyPatienceMs)
      const stop = this.subscribe(() => {
        if (isReady(this.#state)) end(true)
      })
      const end = (ready: boolean) => {
        clearTimeout(timer)
        stop()
        resolve(ready)
      }
    })
  }

  #listenTo(stream: MediaStream): void {
    this.#ear ??= new Audio()
    this.#ear.srcObject = stream
    void directTo(this.#ear, this.output)
    this.#ear.play().catch(() => {})
    this.#meters.said ??= this.#voice ? new LevelMeter(this.#voice) : undefined
    this.#meters.heard?.close()
    this.#meters.heard = new LevelMeter(stream)
  }

  #silence(): void {
    for (const track of this.#voice?.getAudioTracks() ?? []) track.enabled = true
    if (this.#ear) this.#ear.srcObject = null
    this.#meters.said?.close()
    this.#meters.heard?.close()
    this.#meters = { said: undefined, heard: undefined }
  }

  #stopVoice(): void {
    for (const track of this.#voice?.getTracks() ?? []) track.stop()
    this.#voice = undefined
  }

  #closeLines(): void {
    for (const line of this.#lines.values()) line.close()
    this.#lines.clear()
  }

  #hear(fact: TelephoneFact): void {
    const before = this.#state
    this.#state = next(before, fact)
    if (this.#state === before) return
    if (this.#worker && isReady(before) !== isReady(this.#state)) this.#beat()
    for (const listener of this.#listeners) listener()
    this.#tellTabs()
  }
}

async function directTo(element: HTMLAudioElement, deviceId: string): Promise<void> {
  if (!('setSinkId' in element)) return
  try {
    await element.setSinkId(deviceId)
  } catch {
    // The headset is not plugged in today: the system's choice is right then.
    await element.setSinkId('').catch(() => {})
  }
}

/** The telephone of this window. */
export const telephone = new Telephone()
export type { Telephone }

// A page that goes lets go of its lines, so that Asterisk does not ring a telephone that is gone; a conversation waits for the next page.
addEventListener('pagehide', () => {
  if (telephone.snapshot().open) telephone.close()
})
