/**
 * Comparing what we know with what a switch has, when the program comes back or the connection does.
 *
 *   our call, its caller is there    the life says what is missing: a sentence, music, a join (life/restoring.ts)
 *   our call, its caller is gone     it has ended in between
 *   a caller of whom we know nothing is taken up from the beginning; one whose number is not known any more is hung up
 *   a leg of ours without a call     is hung up
 *
 * Calls that began while we were connected are known to the last detail and are left alone.
 */
import type { House } from '../../platform/index.ts'
import type { PresentLeg } from '../switches/port.ts'
import type { Calls, ConnectedSwitch } from './in-course.ts'

/** Resolves when every call is as it should be. */
export async function reconcileCalls(
  house: House,
  calls: Calls,
  connection: ConnectedSwitch,
  present: readonly PresentLeg[],
): Promise<void> {
  const ours = calls.doubtful(connection)
  await Promise.all(
    ours.map(async ({ callId, leg }) => {
      calls.trust(callId)
      await calls.give(callId, { type: 'restored', present: present.filter(each => each.callId === callId || each.leg === leg) })
    }),
  )
  const known = new Set(ours.map(({ callId }) => callId))
  for (const leg of present) {
    if (leg.callId !== null && known.has(leg.callId)) continue
    if (calls.callOf(connection, leg.leg) !== undefined) continue
    // A leg of a call that began meanwhile.
    if (leg.role !== 'caller' && leg.callId !== null && calls.knows(leg.callId)) continue
    if (leg.role === 'caller' && leg.to !== null)
      calls.hear(connection, { type: 'arrived', leg: leg.leg, from: leg.from, to: leg.to })
    else await connection.switch.hangUp(leg.leg, 'normal').catch((error: unknown) => complain(house, leg, error))
  }
  if (ours.length > 0) house.log.info({ calls: ours.length }, 'telephony: calls were taken up again')
}

function complain(house: House, leg: PresentLeg, error: unknown): void {
  house.log.warn({ leg: leg.leg, error: String(error) }, 'telephony: a leg that belongs to nobody could not be hung up')
}
