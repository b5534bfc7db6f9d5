/**
 * A look at what a switch holds, from time to time, beside everything that it tells us. What should never be, and is so at two looks in a row, is
 * put right. So a lost fact, or a race that nobody has thought of, costs a minute at most.
 *
 *   a leg of ours that no call expects, a bridge without legs    ended, by the switch
 *   a caller of whom no call knows                               taken up from the beginning
 *   a call whose caller is not in the switch                     compared with it, as after an absence
 */
import type { House } from '../../platform/index.ts'
import type { Calls, ConnectedSwitch } from './in-course.ts'
import { type LifeState, legsOfOutbound } from './life/life.ts'

const sweepEveryMs = 20_000
/** Put right in one sweep; what is left waits for the next. */
const maxAtOnce = 50

/** Whether a call has this leg, or is about to have it. */
export function legsOf(state: LifeState): string[] {
  const { phase, leg, agent, offer, office, callback } = state
  if (phase === 'ended') return []
  if (phase === 'outbound') return legsOfOutbound(state)
  const own = phase === 'callback' && !callback?.onLine ? null : leg
  return [own, agent?.leg, offer?.gone === null ? offer.leg : null, office?.leg].filter(each => each != null)
}

/** Whether the leg of the call is being made: it may not be in the switch yet. */
const isDialled = ({ phase, outbound }: LifeState): boolean =>
  phase === 'dialling' || (phase === 'outbound' && outbound?.stage !== 'talking')

/** Begins to look. Returns how to stop. */
export function sweepAgain(house: House, calls: Calls, connection: ConnectedSwitch): () => void {
  const { clock, log } = house
  let before: ReadonlySet<string> = new Set()
  let cancel = () => {}
  let stopped = false

  async function sweep(): Promise<void> {
    const course = calls.inCourse(connection)
    const expected = new Set(course.flatMap(({ state }) => legsOf(state)))
    const present = await connection.switch.sweep(({ leg }) => expected.has(leg))
    const there = new Set(present.map(({ leg }) => leg))
    const strangers = present.filter(({ leg, role }) => role === 'caller' && !expected.has(leg))
    const lost = course.filter(({ state }) => legsOf(state).includes(state.leg) && !isDialled(state) && !there.has(state.leg))
    const doubtful = new Set([...strangers.map(({ leg }) => leg), ...lost.map(({ callId }) => callId)])
    const isOld = (id: string) => before.has(id)
    before = doubtful
    for (const { leg, from, to } of strangers.filter(each => isOld(each.leg)).slice(0, maxAtOnce)) {
      log.warn({ leg }, 'telephony: a caller was found of whom no call knew')
      if (to === null) await connection.switch.hangUp(leg, 'normal')
      else calls.hear(connection, { type: 'arrived', leg, from, to })
    }
    for (const { callId, state } of lost.filter(each => isOld(each.callId)).slice(0, maxAtOnce)) {
      log.warn({ call: callId }, 'telephony: a call was found whose caller is gone')
      await calls.give(callId, { type: 'restored', present: present.filter(each => legsOf(state).includes(each.leg)) })
    }
  }

  function again(): void {
    if (stopped) return
    cancel = clock.after(sweepEveryMs, () => {
      const swept = connection.switch.health().ok ? sweep() : Promise.resolve()
      swept
        .catch((error: unknown) => log.warn({ error: String(error) }, 'telephony: a switch could not be looked at'))
        .finally(again)
    })
  }
  again()
  return () => {
    stopped = true
    cancel()
  }
}
