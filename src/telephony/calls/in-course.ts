/**
 * Calls in course: each input of a call is taken in order, in one transaction, which changes the call's row and writes to the journal; then
 * the switch does what follows from it.
 *
 *   fact of the switch ─┐
 *   word of the leader ─┼─▶ the call's queue of inputs ─▶   row and journal, one transaction ─▶ deeds on the switch, in order
 *   deadline           ─┘
 *
 * The row is kept in memory too, by the process that holds the call, so that a step need not read it. Each write says from which version
 * it was made: a copy that is wrong writes nothing and is read anew. Steps of different calls that come together are written together
 * (saving.ts). The next step does not wait for the deeds of the one before, only its deeds do.
 *
 * Nothing that matters is only here. A process that dies between transaction and deed finds the row, compares it with the switch and does
 * the rest (recovery.ts); entries of the journal that it missed are read from the position that the row remembers.
 */
import { isDeepStrictEqual } from 'node:util'
import { contactIdentified } from '../../contacts/index.ts'
import { offerFailed, telephoneLost } from '../../distribution/index.ts'
import { type Flow, flowVersion } from '../../ivr/index.ts'
import {
  type CheckedEntry,
  checkEntry,
  type Entry,
  eachEntry,
  type House,
  inTransaction,
  payloadOf,
  system,
} from '../../platform/index.ts'
import { callInterrupted } from '../events.ts'
import {
  type CallChange,
  type CallRow,
  callById,
  callsInCourse,
  entriesAbout,
  isSeen,
  saveCalls,
  withKept,
  withSeen,
} from '../store.ts'
import type { Switch, SwitchFact } from '../switches/port.ts'
import { actorOfStep, changeBeside, hasBeside } from './beside.ts'
import { withdrawServed } from './callbacks/service.ts'
import { openTermsBook } from './callbacks/terms.ts'
import { OfferIsOver } from './earlier-time/answers.ts'
import { offersForStep } from './earlier-time/terms.ts'
import { doEffects } from './effects.ts'
import { openEntrance } from './entrance.ts'
import { withWhoKnows } from './known-caller.ts'
import { begin, happen, type Input, type LifeState, type Note, nextDue, type Transition } from './life/life.ts'
import type { TimeOfferTerms } from './life/state.ts'
import { withoutOffer } from './life/time-offer.ts'
import { openPatience } from './patience.ts'
import { unitPaths, whatWasCalled } from './places.ts'
import { openSaving } from './saving.ts'
import { openStaffBook } from './staff.ts'
import { timeOfferFlow } from './time-offers/flow.ts'
import { heardOfCalls, inputOf } from './translate.ts'
import { turnsOfStep } from './turns.ts'

/** A switch and what is needed to use it. */
export interface ConnectedSwitch {
  /** Which Asterisk, or which program holds the pages' sockets: the same after a restart. */
  readonly node: string
  readonly switch: Switch
  /** The name of an operator's telephone at this switch. @throws when there is none */
  telephoneOf(agentId: string): Promise<string>
}

/** A call of ours: to which number, and how it begins. */
export interface PlacedCall {
  callId: string
  number: string
  callerId: string | null
  begin(now: number): Transition
}

/** One call in course, as far as this process must remember it. */
interface Held {
  readonly callId: string
  readonly leg: string
  readonly connection: ConnectedSwitch
  /** As it was written last. */
  row: CallRow | undefined
  /** Resolves when the last input in its queue has been taken. */
  last: Promise<void>
  /** Resolves when everything asked of the switch has been done. */
  deeds: Promise<void>
  cancelDue: () => void
  /** Tells the entrance that an operator who has answered talks, or will not. */
  joined: (() => void) | undefined
  /** False while it is not known whether the switch still has its legs. */
  certain: boolean
}

interface Done extends Transition {
  row: CallRow
}

/** A step that was to be written, and the version that it would have made. */
interface Attempt {
  version: number
  done: Done
}

/** Somebody else has changed the call: the step is made again from what is written. */
class Overtaken extends Error {
  override readonly name = 'Overtaken'

  constructor(callId: string) {
    super(`The call ${callId} was changed by somebody else.`)
  }
}

export interface Calls {
  /** Takes up the calls whose legs are at this switch, from the database. Call it before the switch starts. */
  takeUp(connection: ConnectedSwitch): Promise<void>
  /** Hears a fact of a switch. */
  hear(connection: ConnectedSwitch, fact: Exclude<SwitchFact, { type: 'present' | 'away' }>): void
  /** The switch is out of reach: what we know of its legs is no longer certain. */
  doubt(connection: ConnectedSwitch): void
  /** The calls of a switch of which we are not certain. */
  doubtful(connection: ConnectedSwitch): readonly { callId: string; leg: string }[]
  /** Puts an input at the end of a call's queue; `from` is the entry of the journal that it comes from. Resolves when it has been taken and done. */
  give(callId: string, input: Input, from?: number): Promise<void>
  /** Says that the switch has the legs that it should. */
  trust(callId: string): void
  /** The call of a caller's leg that is in course. */
  callOf(connection: ConnectedSwitch, leg: string): string | undefined
  /** The calls of a switch that have not ended, as they were written last; those of which we are not certain are left out. */
  inCourse(connection: ConnectedSwitch): readonly { callId: string; state: LifeState }[]
  /** Begins a call of ours. Does nothing where another process has begun it, or it is over. */
  place(connection: ConnectedSwitch, call: PlacedCall): Promise<void>
  /** Whether the call is in course here. */
  knows(callId: string): boolean
  close(): Promise<void>
}

/** A call that has ended is remembered for so long, for what still comes about it. */
const rememberMs = 60_000
const telephony = system('telephony')

/** Begins to follow the journal. */
export async function openCalls(house: House): Promise<Calls> {
  const { clock, log } = house
  const db = house.database.kysely
  const calls = new Map<string, Held>()
  /** Callers' legs, by switch and leg, from the first fact on. */
  const legs = new Map<string, Promise<string | undefined>>()
  const flows = new Map<string, Promise<Flow | null>>()
  const pathsOf = unitPaths()
  const terms = openTermsBook(house.config.TIME_ZONE)
  const staff = openStaffBook(house.config.TIME_ZONE)
  const timers = new Set<() => void>()
  const saving = openSaving(house)
  const entrance = openEntrance(clock)
  const { persistently, ...patience } = openPatience(house)
  let closed = false

  const follow = eachEntry(house, 'telephony', [...heardOfCalls, contactIdentified], hearEntry)
  const stopFollowing = await house.tail.follow(follow)

  /** Puts the entry into its call's queue of inputs. The journal does not wait for what the call makes of it. */
  function hearEntry(entry: Entry): void {
    const callId = entry.subjects.call
    const input = callId !== undefined && calls.has(callId) ? inputOf(entry) : null
    if (callId !== undefined && input !== null) void give(callId, input, entry.id)
    if (
      callId !== undefined &&
      calls.has(callId) &&
      ['verified', 'digital'].includes(payloadOf(contactIdentified, entry)?.level ?? '')
    )
      withdrawLater(callId, entry.subjects.contact)
  }

  function give(callId: string, input: Input, from?: number): Promise<void> {
    const held = calls.get(callId)
    if (!held) return Promise.resolve()
    // An input that cannot be taken is lost for the call, and only that one: the next finds the call as it was.
    held.last = held.last
      .then(() => take(held, input, from))
      .catch((error: unknown) =>
        log.error({ call: callId, input: input.type, err: error }, 'telephony: an input could not be taken'),
      )
    const done = held.last.then(() => held.deeds)
    void done.then(entrance.begin())
    return done
  }

  async function take(held: Held, input: Input, from?: number): Promise<void> {
    let attempt: Attempt | undefined
    const done = await persistently(async () => {
      // After an error it is not known what is written.
      if (attempt) {
        held.row = await callById(db, held.callId)
        if (held.row && isResultOf(attempt, held.row)) return attempt.done
      }
      const row = held.row
      if (!row || (from !== undefined && isSeen(row.seen, from))) return undefined
      const now = new Date(clock.now())
      const callbacks = await terms.forStep(db, row, input, now.getTime())
      const staffed = await staff.forStep(db, row.state, input, now.getTime())
      const readOffers = () => offersForStep(db, row, input, { now: now.getTime(), timeZone: house.config.TIME_ZONE })
      const offers = await readOffers()
      const flow = await flowOfCall(row.state)
      const seen = from === undefined ? row.seen : withSeen(row.seen, from)
      const make = async (holds: TimeOfferTerms | null): Promise<Done> => {
        const next = happen(row.state, input, now.getTime(), flow, callbacks, staffed, holds)
        const done = { row: withKept({ ...row, seen }, next.state), ...next }
        if (next.notes.length === 0 && isDeepStrictEqual(next.state, row.state)) {
          // Nothing to write: whoever reads this input again, from the row as it is, comes to the same.
          held.row = done.row
          return done
        }
        attempt = { version: row.version + 1, done }
        const turns = turnsOfStep(row.state, input, next, now)
        const entries = await entriesOf(next.state, row.from, next.notes, now)
        await write({ before: row, state: next.state, seen: done.row.seen, now, turns, entries }, next.notes)
        const endedAt = row.endedAt ?? (next.state.phase === 'ended' ? now : null)
        held.row = { ...done.row, version: attempt.version, endedAt }
        return done
      }
      try {
        return await make(offers)
      } catch (error) {
        if (!(error instanceof OfferIsOver)) throw error
        // Nothing of the step was written: it is made again, and tells the citizen so, and what is booked by now.
        const holds = await readOffers()
        return make(holds && withoutOffer(holds))
      }
    }, held.callId)
    if (done) settle(held, done)
  }

  /** @throws Overtaken when somebody else has changed the call; OfferIsOver when it answers an offer that is over. Nothing is then written */
  async function write(change: CallChange, notes: readonly Note[]): Promise<void> {
    const lost = notes.flatMap(note => (tellsOfLostPage(note) && note.agent !== null ? [note.agent] : []))
    const isAlone = lost.length === 0 && !hasBeside(change)
    const written = isAlone
      ? await saving.save(change)
      : await inTransaction(house, actorOfStep(change), async work => {
          // Written first, so that the leader waits for an operator whose telephone is lost, instead of ringing it in vain and counting a
          // failed offer.
          for (const agent of lost) await telephoneLost(work, agent)
          const written = await saveCalls(work.tx, [change])
          if (!written.has(change.before.id) || !(await changeBeside(work, change))) throw new Overtaken(change.before.id)
          return true
        })
    if (!written) throw new Overtaken(change.before.id)
    if (!isAlone) house.tail.committed()
  }

  /** What a step asks for is done after what the steps before have asked for, and what comes of it is an input again. */
  function settle(held: Held, { row, state, effects }: Done): void {
    remind(held, state)
    if (state.phase === 'waiting' && state.offer?.answered === true) held.joined ??= entrance.begin()
    else {
      held.joined?.()
      held.joined = undefined
    }
    const hands = { switch: held.connection.switch, telephoneOf: held.connection.telephoneOf, log }
    held.deeds = held.deeds
      .then(async () => {
        for (const news of await doEffects(hands, state, state.callback?.number ?? row.from, effects))
          void give(held.callId, news)
      })
      .catch((error: unknown) => log.error({ call: held.callId, err: error }, 'telephony: a deed failed'))
    if (state.phase === 'ended') forgetLater(held)
  }

  /** Runs beside the conversation, which does not wait for it. */
  function withdrawLater(callId: string, contactId: string | undefined): void {
    const call = calls.get(callId)?.row
    if (!call || contactId === undefined) return
    withdrawServed(house, telephony, call, contactId).catch((error: unknown) =>
      log.error({ call: callId, err: error }, 'telephony: a callback that is not needed any more could not be withdrawn'),
    )
  }

  async function entriesOf(state: LifeState, from: string | null, noted: readonly Note[], now: Date): Promise<CheckedEntry[]> {
    if (noted.length === 0) return []
    const notes = await withWhoKnows(house, { state, from, now }, noted)
    const units = await pathsOf(db, [state.context.office?.id ?? null, state.section])
    return notes.map(({ event, payload, agent }) =>
      checkEntry({
        type: event,
        payload,
        subjects: { channel: 'telephone', call: state.callId, units, ...(agent === null ? {} : { person: agent }) },
        actor: telephony,
        at: now.getTime(),
      }),
    )
  }

  /** A call of ours about a time that is offered has a flow of its own. */
  const flowOfCall = async ({ offerCall, flow }: LifeState): Promise<Flow | null> =>
    offerCall ? timeOfferFlow(offerCall.language) : flowOf(flow)

  function flowOf(wanted: LifeState['flow']): Promise<Flow | null> {
    if (!wanted) return Promise.resolve(null)
    const name = `${wanted.id} ${wanted.version}`
    const known = flows.get(name) ?? flowVersion(db, wanted.id, wanted.version).then(kept => kept?.flow ?? null)
    flows.set(name, known)
    // What could not be read is read again next time.
    known.catch(() => flows.delete(name))
    return known
  }

  /** Wakes the call at its next deadline. */
  function remind(held: Held, state: LifeState): void {
    held.cancelDue()
    const at = nextDue(state)
    if (at === null || closed) return
    held.cancelDue = clock.after(Math.max(0, at - clock.now()), () => void give(held.callId, { type: 'due' }))
  }

  function forgetLater(held: Held): void {
    held.cancelDue()
    legs.delete(nameOf(held.connection, held.leg))
    const cancel = clock.after(rememberMs, () => {
      timers.delete(cancel)
      calls.delete(held.callId)
    })
    timers.add(cancel)
  }

  function hold(connection: ConnectedSwitch, callId: string, leg: string): Held {
    const held: Held = {
      ...{ callId, leg, connection, row: undefined, certain: true },
      ...{ last: Promise.resolve(), deeds: Promise.resolve(), cancelDue: () => {}, joined: undefined },
    }
    calls.set(callId, held)
    return held
  }

  /**
   * A caller calls. The call is held before it is written: the leader may have read it, and made an offer, before the database has told us that it
   * is there. What is said of it meanwhile waits in its queue of inputs.
   */
  function arrive(connection: ConnectedSwitch, fact: Extract<SwitchFact, { type: 'arrived' }>): Promise<string | undefined> {
    const held = hold(connection, house.ids(), fact.leg)
    const arriving = taken(held, fact)
    held.last = arriving.then(() => {})
    return arriving
  }

  async function taken(held: Held, fact: Extract<SwitchFact, { type: 'arrived' }>): Promise<string | undefined> {
    const leave = await entrance.enter()
    try {
      return await begun(held, fact)
    } finally {
      void held.deeds.then(leave)
    }
  }

  async function begun(held: Held, { leg, from, to }: Extract<SwitchFact, { type: 'arrived' }>): Promise<string | undefined> {
    const { callId, connection } = held
    const done = await persistently(async () => {
      const at = new Date(clock.now())
      const { flow, ...called } = await whatWasCalled(db, { from, to, at, timeZone: house.config.TIME_ZONE }, flowOf)
      const first = begin({ callId, leg, switch: connection.switch.kind, from, to, flow: flow ?? null, ...called }, at.getTime())
      const row = rowOfNew(connection, callId, from, to, first.state, at)
      const entries = await entriesOf(first.state, row.from, first.notes, at)
      const turns = { offered: [], settled: [] }
      const written = await saving.save({ before: row, state: first.state, seen: row.seen, now: at, turns, entries })
      // Where nothing was written, the leg has a call already: this one, if the answer to an earlier attempt was lost, or the fact came twice.
      const kept = written ? { ...withKept(row, first.state), version: 1 } : await callById(db, callId)
      return kept && { ...first, state: kept.state, row: kept }
    }, callId)
    if (!done) {
      legs.delete(nameOf(connection, leg))
      calls.delete(callId)
      return undefined
    }
    held.row = done.row
    log.info({ call: callId, leg: connection.switch.kind, office: done.state.context.office?.id }, 'telephony: a call arrived')
    settle(held, done)
    return callId
  }

  async function place(connection: ConnectedSwitch, { callId, number, callerId, begin }: PlacedCall): Promise<void> {
    if (calls.has(callId)) return
    const held = hold(connection, callId, `${callId}-1`)
    const done = await persistently(async () => {
      const at = new Date(clock.now())
      const first = begin(at.getTime())
      const row = rowOfNew(connection, callId, number, callerId ?? '', first.state, at)
      const change = {
        before: row,
        state: first.state,
        seen: row.seen,
        now: at,
        turns: { offered: [], settled: [] },
        entries: [],
      }
      try {
        await write(change, first.notes)
      } catch (error) {
        if (error instanceof Overtaken) return undefined
        throw error
      }
      return { ...first, row: { ...withKept(row, first.state), version: 1 } }
    }, callId)
    if (!done) {
      calls.delete(callId)
      return
    }
    held.row = done.row
    settle(held, done)
  }

  return {
    place,
    async takeUp(connection) {
      for (const row of await callsInCourse(db, connection.node)) {
        if (calls.has(row.id)) continue
        const held = hold(connection, row.id, row.state.leg)
        held.row = row
        held.certain = false
        legs.set(nameOf(connection, held.leg), Promise.resolve(held.callId))
        remind(held, row.state)
        // What was said while we were away, before anything new.
        await follow(await entriesAbout(db, row.id, row.seen))
      }
    },
    hear(connection, fact) {
      if (fact.type === 'arrived') {
        const name = nameOf(connection, fact.leg)
        if (!legs.has(name)) legs.set(name, arrive(connection, fact))
        return
      }
      const input: Input =
        fact.type === 'key'
          ? { type: 'key', key: fact.key }
          : fact.type === 'said'
            ? { type: 'said', playback: fact.playback }
            : fact.type === 'answered'
              ? { type: 'answered', leg: fact.leg }
              : { type: 'ended', leg: fact.leg, cause: fact.cause }
      // The legs that we call bear the name of their call.
      const ours = /^([0-9a-f-]{36})-\d+$/.exec(fact.leg)?.[1]
      if (ours !== undefined) void give(ours, input)
      else
        void legs.get(nameOf(connection, fact.leg))?.then(callId => {
          if (callId !== undefined) void give(callId, input)
        })
    },
    doubt(connection) {
      for (const held of calls.values()) if (held.connection === connection) held.certain = false
    },
    doubtful: connection => [...calls.values()].filter(held => held.connection === connection && !held.certain),
    give,
    trust(callId) {
      const held = calls.get(callId)
      if (held) held.certain = true
    },
    inCourse: connection =>
      [...calls.values()].flatMap(({ callId, row, connection: own, certain }) =>
        own === connection && certain && row && row.state.phase !== 'ended' ? [{ callId, state: row.state }] : [],
      ),
    knows: callId => calls.has(callId),
    callOf: (connection, leg) => [...calls.values()].find(held => held.connection === connection && held.leg === leg)?.callId,
    async close() {
      closed = true
      patience.close()
      entrance.open()
      stopFollowing()
      for (const cancel of timers) cancel()
      for (const held of calls.values()) held.cancelDue()
      await Promise.allSettled([...legs.values()])
      await Promise.allSettled([...calls.values()].map(held => held.last))
      await Promise.allSettled([...calls.values()].map(held => held.deeds))
    },
  }
}

/** Whoever is in the call has shown that they are a contact. */
const tellsOfLostPage = ({ event, payload }: Note): boolean =>
  event.type === callInterrupted.type || (event.type === offerFailed.type && payload.reason === 'page-gone')

/** Whether it is this step that was written: the answer to its commit was lost. */
const isResultOf = ({ version, done }: Attempt, row: CallRow): boolean =>
  row.version === version && isDeepStrictEqual(row.state, JSON.parse(JSON.stringify(done.state)))

const nameOf = (connection: ConnectedSwitch, leg: string): string => `${connection.node} ${leg}`

const rowOfNew = (
  connection: ConnectedSwitch,
  id: string,
  from: string | null,
  to: string,
  state: LifeState,
  startedAt: Date,
): CallRow => ({
  id,
  node: connection.node,
  switch: connection.switch.kind,
  from,
  to,
  officeId: state.context.office?.id ?? null,
  officeName: state.context.office?.name ?? null,
  provinceCode: state.context.province,
  regionCode: state.context.region,
  state,
  version: 0,
  seen: [],
  startedAt,
  endedAt: null,
})
