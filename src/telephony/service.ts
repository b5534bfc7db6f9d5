/**
 * Calls in course: each input of a call is taken in order, in one transaction, which changes the call's row and writes to the journal; then
 * the switch does what follows from it.
 *
 *   fact of the switch ─┐
 *   word of the leader ─┼─▶ the call's own line of inputs ─▶ row and journal, one transaction ─▶ deeds on the switch, in order
 *   deadline           ─┘
 *
 * Nothing that matters is only here. A process that dies between transaction and deed finds the row, compares it with the switch and does
 * the rest (recovery.ts); entries of the journal that it missed are read from the position that the row remembers.
 */
import { telephoneLost } from '../distribution/index.ts'
import { type Flow, flowInForce, flowVersion } from '../ivr/index.ts'
import { type Entry, type House, inTransaction, isAfter, type Position, system, type Tx, type Work } from '../platform/index.ts'
import { doEffects } from './effects.ts'
import { callInterrupted } from './events.ts'
import { begin, type Effect, happen, type Input, type LifeState, type Note, nextDue } from './life.ts'
import { unitPaths, whatWasCalled } from './places.ts'
import { type CallRow, callsInCourse, entriesAbout, insertCall, lockCall, saveCall } from './store.ts'
import type { Switch, SwitchFact } from './switch.ts'
import { inputOf } from './translate.ts'
import { noteTurns } from './turns.ts'

/** A switch and what is needed to use it. */
export interface Line {
  /** Which Asterisk, or which program holds the pages' sockets: the same after a restart. */
  readonly node: string
  readonly switch: Switch
  /** The name of an operator's telephone at this switch. @throws when there is none */
  telephoneOf(agentId: string): Promise<string>
}

/** One call in course, as far as this process must remember it. */
interface Held {
  readonly callId: string
  readonly leg: string
  readonly line: Line
  /** The end of its line of inputs. */
  last: Promise<void>
  cancelDue: () => void
  /** False while it is not known whether the switch still has its legs. */
  certain: boolean
}

export interface Calls {
  /** Takes up the calls whose legs are at this switch, from the database. Call it before the switch starts. */
  takeUp(line: Line): Promise<void>
  /** Hears a fact of a switch. */
  hear(line: Line, fact: Exclude<SwitchFact, { type: 'present' | 'away' }>): void
  /** The switch is out of reach: what we know of its legs is no longer certain. */
  doubt(line: Line): void
  /** The calls of a switch of which we are not certain. */
  doubtful(line: Line): readonly { callId: string; leg: string }[]
  /** Puts an input at the end of a call's line. Resolves when it has been taken and done. */
  give(callId: string, input: Input, from?: Position): Promise<void>
  /** Says that the switch has the legs that it should. */
  trust(callId: string): void
  /** The call of a caller's leg that is in course. */
  callOf(line: Line, leg: string): string | undefined
  /** Whether the call is in course here. */
  knows(callId: string): boolean
  close(): Promise<void>
}

/** A call that has ended is remembered for so long, for what still comes about it. */
const rememberMs = 60_000
/** A database that does not answer is asked again after these pauses, in turn; the last one until it does. */
const retryMs = [50, 200, 1_000, 3_000] as const

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
  const timers = new Set<() => void>()
  let closed = false

  const stopFollowing = await house.tail.follow(entries => {
    for (const entry of entries) {
      const callId = entry.subjects.call
      if (callId !== undefined && calls.has(callId)) void giveEntry(callId, entry)
    }
  })

  async function giveEntry(callId: string, entry: Entry): Promise<void> {
    const input = inputOf(entry)
    if (input) await give(callId, input, { xid: entry.xid, id: entry.id })
  }

  function give(callId: string, input: Input, from?: Position): Promise<void> {
    const held = calls.get(callId)
    if (!held) return Promise.resolve()
    held.last = held.last.then(() => take(held, input, from))
    return held.last
  }

  async function take(held: Held, input: Input, from?: Position): Promise<void> {
    const done = await persistently(() => transition(held.callId, input, from), held.callId)
    if (!done) return
    await settle(held, done)
  }

  /** What a transition asks for, and what comes of it. */
  async function settle(held: Held, done: { row: CallRow; state: LifeState; effects: Effect[] }): Promise<void> {
    remind(held, done.state)
    const hands = { switch: held.line.switch, telephoneOf: held.line.telephoneOf, log }
    for (const news of await doEffects(hands, done.state, done.row.from, done.effects)) void give(held.callId, news)
    if (done.state.phase === 'ended') forgetLater(held)
  }

  /** One transaction. Nothing when the input was taken before. */
  function transition(callId: string, input: Input, from: Position | undefined) {
    return inTransaction(house, telephony, async work => {
      const row = await lockCall(work.tx, callId)
      if (!row || (from && !isAfter(from, row.seen))) return undefined
      const now = work.now
      const next = happen(row.state, input, now.getTime(), await flowOf(work.tx, row.state.flow))
      await noteTurns(work.tx, row.state, input, next, now)
      await saveCall(work.tx, row, next.state, from, now)
      // Before the call queues again: who has no telephone is waited for, and not rung in vain.
      for (const { event, agent } of next.notes)
        if (event.type === callInterrupted.type && agent !== null) await telephoneLost(work, agent)
      await writeNotes(work, next.state, next.notes)
      return { row, ...next }
    })
  }

  async function writeNotes({ tx, journal }: Work, state: LifeState, notes: readonly Note[]): Promise<void> {
    if (notes.length === 0) return
    const units = await pathsOf(tx, [state.context.office?.id ?? null, state.section])
    for (const { event, payload, agent } of notes)
      await journal(event, payload, {
        channel: 'telephone',
        call: state.callId,
        units,
        ...(agent === null ? {} : { person: agent }),
      })
  }

  /** A database that is away for a moment must cost no caller anything. */
  async function persistently<T>(work: () => Promise<T>, callId: string): Promise<T | undefined> {
    for (let attempt = 0; !closed; attempt++) {
      try {
        return await work()
      } catch (error) {
        log.error({ call: callId, err: error, attempt }, 'telephony: a step of a call failed; trying again')
        // What fails five times in a row will not succeed the sixth time; the next input is another matter.
        if (attempt === retryMs.length && !isOutage(error)) return undefined
        await pause(retryMs[Math.min(attempt, retryMs.length - 1)] ?? 0)
      }
    }
    return undefined
  }

  const pause = (ms: number) =>
    new Promise<void>(resolve => {
      const cancel = clock.after(ms, () => {
        timers.delete(cancelAndGo)
        resolve()
      })
      const cancelAndGo = () => {
        cancel()
        resolve()
      }
      timers.add(cancelAndGo)
    })

  function flowOf(tx: Tx, wanted: LifeState['flow']): Promise<Flow | null> {
    if (!wanted) return Promise.resolve(null)
    const name = `${wanted.id} ${wanted.version}`
    const known = flows.get(name) ?? flowVersion(tx, wanted.id, wanted.version).then(kept => kept?.flow ?? null)
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
    legs.delete(nameOf(held.line, held.leg))
    const cancel = clock.after(rememberMs, () => {
      timers.delete(cancel)
      calls.delete(held.callId)
    })
    timers.add(cancel)
  }

  function hold(line: Line, callId: string, leg: string, certain: boolean, first: Promise<void>): Held {
    const held: Held = { callId, leg, line, last: first, cancelDue: () => {}, certain }
    calls.set(callId, held)
    legs.set(nameOf(line, leg), Promise.resolve(callId))
    return held
  }

  /** A caller calls. */
  async function arrive(line: Line, { leg, from, to }: Extract<SwitchFact, { type: 'arrived' }>): Promise<string | undefined> {
    const callId = house.ids()
    const done = await persistently(
      () =>
        inTransaction(house, telephony, async work => {
          const flow = await flowInForce(work.tx)
          const at = work.now
          const called = await whatWasCalled(work.tx, { from, to, at, timeZone: house.config.TIME_ZONE, flow })
          const first = begin({ callId, leg, switch: line.switch.kind, from, to, flow: flow ?? null, ...called }, at.getTime())
          const { node, switch: lines } = line
          if (!(await insertCall(work.tx, { id: callId, node, switch: lines.kind, from, to, state: first.state, now: at })))
            return undefined
          await writeNotes(work, first.state, first.notes)
          return { row: rowOfNew(line, callId, from, to, first.state, at), ...first }
        }),
      callId,
    )
    if (!done) {
      legs.delete(nameOf(line, leg))
      return undefined
    }
    log.info({ call: callId, leg: line.switch.kind, office: done.state.context.office?.id }, 'telephony: a call arrived')
    const held = hold(line, callId, leg, true, Promise.resolve())
    held.last = settle(held, done)
    return callId
  }

  return {
    async takeUp(line) {
      for (const row of await callsInCourse(db, line.node)) {
        if (calls.has(row.id)) continue
        const held = hold(line, row.id, row.state.leg, false, Promise.resolve())
        remind(held, row.state)
        // What was said while we were away, before anything new.
        for (const entry of await entriesAbout(db, row.id, row.seen)) void giveEntry(row.id, entry)
      }
    },
    hear(line, fact) {
      if (fact.type === 'arrived') {
        const name = nameOf(line, fact.leg)
        if (!legs.has(name)) legs.set(name, arrive(line, fact))
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
        void legs.get(nameOf(line, fact.leg))?.then(callId => {
          if (callId !== undefined) void give(callId, input)
        })
    },
    doubt(line) {
      for (const held of calls.values()) if (held.line === line) held.certain = false
    },
    doubtful: line => [...calls.values()].filter(held => held.line === line && !held.certain),
    give,
    trust(callId) {
      const held = calls.get(callId)
      if (held) held.certain = true
    },
    knows: callId => calls.has(callId),
    callOf: (line, leg) => [...calls.values()].find(held => held.line === line && held.leg === leg)?.callId,
    async close() {
      closed = true
      stopFollowing()
      for (const cancel of timers) cancel()
      for (const held of calls.values()) held.cancelDue()
      await Promise.allSettled([...legs.values()])
      await Promise.allSettled([...calls.values()].map(held => held.last))
    },
  }
}

const nameOf = (line: Line, leg: string): string => `${line.node} ${leg}`

/** The database was away, not the step wrong: PostgreSQL's classes 08, 53, 57, and what the driver says of a broken connection. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /^(08|53|57)/.test(code) || /^E[A-Z]+$/.test(code) || /connection|terminat/i.test(error.message)
}

const rowOfNew = (line: Line, id: string, from: string | null, to: string, state: LifeState, startedAt: Date): CallRow => ({
  id,
  node: line.node,
  switch: line.switch.kind,
  from,
  to,
  officeId: state.context.office?.id ?? null,
  officeName: state.context.office?.name ?? null,
  provinceCode: state.context.province,
  regionCode: state.context.region,
  state,
  seen: { xid: '0', id: 0 },
  startedAt,
  endedAt: null,
})
