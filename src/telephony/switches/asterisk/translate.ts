/**
 * Between Asterisk's words and those of the port: causes, reasons, names of legs. Pure.
 */
import type { AriChannel, Bridge, HangUpReason } from '../ari/index.ts'
import type { EndReason, PresentLeg, SwitchFact } from '../port.ts'
import { calledNumber, plainNumber, shownNumber } from './written-number.ts'

/** Variables on each leg of ours; `ari.conf` makes Asterisk tell them with every event and in every list. */
export const callVariable = 'FD_CALL'
export const legVariable = 'FD_LEG'

const bridgePrefix = 'fd-'
/** The bridge in which the two of a call hear each other. */
export const bridgeOf = (callId: string): string => `${bridgePrefix}${callId}`
export const isOurBridge = ({ id }: Bridge): boolean => id.startsWith(bridgePrefix)

type Cause = Extract<SwitchFact, { type: 'ended' }>['cause']

/** Why a leg ended, from ITU-T Q.850 as Asterisk gives it. What was answered can only end normally. */
export function causeOf(q850: number, answered: boolean): Cause {
  if (answered) return 'normal'
  switch (q850) {
    case 16:
      return 'normal'
    case 17:
      return 'busy'
    case 21:
      return 'declined'
    // 18: nobody responds; 19: nobody answers; 102: a timer ran out.
    case 18:
    case 19:
    case 102:
      return 'no-answer'
    // 1: no such number; 3: no way there; 20: not registered; 22: number changed; 27: out of order; 28: incomplete.
    case 1:
    case 3:
    case 20:
    case 22:
    case 27:
    case 28:
      return 'unreachable'
    case 26:
      return 'normal'
    default:
      return 'failed'
  }
}

/** Asterisk's own bits for why it ends a channel by itself (`AST_SOFTHANGUP_…`), which stand where a cause would. */
const soft = { device: 1, shutdown: 4, timeout: 8 } as const
/** Nobody there, network out of order, temporary failure, no answer in time. */
const lostLine: ReadonlySet<number | undefined> = new Set([18, 27, 38, 41, 102])

/**
 * How a line is being lost, from the request to end it: `failed` when its party does not answer any more, `lost` when Asterisk goes away; null when
 * somebody hangs up, the party or we.
 */
export function lossOf({
  cause,
  soft: isSoft = false,
}: {
  cause?: number | undefined
  soft?: boolean | undefined
}): 'failed' | 'lost' | null {
  if (!isSoft) return lostLine.has(cause) ? 'failed' : null
  if (((cause ?? 0) & soft.shutdown) !== 0) return 'lost'
  return ((cause ?? 0) & (soft.device | soft.timeout)) !== 0 ? 'failed' : null
}

const reasons = {
  normal: 'normal',
  busy: 'busy',
  'no-answer': 'no_answer',
  'answered-elsewhere': 'answered_elsewhere',
  unallocated: 'unallocated',
  congestion: 'congestion',
  'called-back': 'normal',
} as const satisfies Record<EndReason, HangUpReason>
export const hangUpReasonOf = (reason: EndReason): HangUpReason => reasons[reason]

/** Returns what an operator's or a citizen's telephone shows, for ARI: digits, or nobody. */
export const callerIdOf = (number: string | null): string =>
  number !== null && plainNumber.test(number) ? number : '"" <anonymous>'

/** Whether a channel is under our control, or on its way to it; what the dialplan handles by itself is not. */
export function isOurChannel({ channelvars, dialplan }: AriChannel, application: string): boolean {
  if (channelvars[legVariable] !== undefined || channelvars[callVariable] !== undefined) return true
  return dialplan.app_name === 'Stasis' && dialplan.app_data.split(',')[0] === application
}

/** The legs in Asterisk, as the port tells them. */
export function presentLegs(channels: readonly AriChannel[], bridges: readonly Bridge[], application: string): PresentLeg[] {
  const ours = channels.filter(channel => isOurChannel(channel, application))
  return ours.map(({ id, channelvars, state, caller, dialplan }) => {
    const role = roleOf(channelvars[legVariable])
    // As the dialplan has called us: the application, `trunk`, the number that was called, whether the caller's is shown.
    const [, , to = null, presentation] = dialplan.app_data.split(',')
    const joined = bridges
      .filter(bridge => isOurBridge(bridge) && bridge.channels.includes(id))
      .flatMap(bridge => bridge.channels)
    return {
      leg: id,
      callId: channelvars[callVariable] ?? null,
      role,
      answered: state === 'Up',
      joinedWith: joined.filter(other => other !== id),
      from: role === 'caller' ? shownNumber(caller.number, presentation) : null,
      to: role === 'caller' && to !== null ? (calledNumber(to) ?? to) : null,
    }
  })
}

const roleOf = (said: string | undefined): PresentLeg['role'] => (said === 'agent' || said === 'office' ? said : 'caller')
