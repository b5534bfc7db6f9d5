/**
 * What telephony writes to the journal about a call, beside the words that it shares with distribution (`src/distribution/events.ts`).
 *
 *   call.arrived ─▶ call.menu-chosen* ─▶ call.queued ─▶ offer.made … ─▶ call.connected ─▶ call.held / resumed / transferred / interrupted ─▶ call.ended
 *                │                                                    └▶ call.callback-queued ─▶ offer.made … ─▶ call.callback-dialled ─▶ call.connected
 *                └▶ call.office-rung ─▶ call.office-answered ─────────────────────────────────────────────────────────────────────────────▶ call.ended
 *
 * The call is `subjects.call`, the operator `subjects.person`, the units those of the office that was called and of the section.
 */
import { z } from 'zod'
import { about, defineEvent, Uuid } from '../platform/index.ts'

const ofCall = about('telephone', 'call')
const ofAppointment = about('matter', 'call')

export const callArrived = defineEvent(
  'call.arrived',
  ofCall,
  z.object({
    from: z.string().nullable(),
    to: z.string(),
    /** Null for a number that is not in the number plan. */
    unitId: z.string().nullable(),
    unitName: z.string().nullable(),
    provinceCode: z.string().nullable(),
    regionCode: z.string().nullable(),
    leg: z.enum(['asterisk', 'browser']),
    /** How the number was treated at this moment. */
    mode: z.enum(['channelled', 'direct', 'unknown']),
  }),
  { from: null },
)
export const callMenuChosen = defineEvent(
  'call.menu-chosen',
  ofCall,
  z.object({ node: z.string(), key: z.string(), label: z.string() }),
)
export const callOfficeRung = defineEvent('call.office-rung', ofCall, z.object({ number: z.string() }))
export const callOfficeAnswered = defineEvent('call.office-answered', ofCall, z.object({ number: z.string() }))
/** An operator is there for a caller who is to be called back: the number is dialled from now on, whatever happens to us. */
export const callCallbackDialled = defineEvent(
  'call.callback-dialled',
  ofCall,
  z.object({ agent: Uuid, number: z.string(), attempt: z.number().int().positive() }),
  { number: '' },
)
/** Somebody asks that the number be not called any more; a caller who was served meanwhile, and is known to be that caller, needs no callback. */
export const callCallbackWithdrawn = defineEvent(
  'call.callback-withdrawn',
  ofCall,
  z.object({ why: z.enum(['served', 'withdrawn']), note: z.string().nullable() }),
  { note: null },
)
/** A callback in which nobody was reached has been looked after. */
export const callCallbackSettled = defineEvent('call.callback-settled', ofCall, z.object({ note: z.string() }), { note: '' })
/** The caller and an operator hear each other. */
export const callConnected = defineEvent(
  'call.connected',
  ofCall,
  z.object({ agent: Uuid, offer: z.string(), sectionId: z.string(), waitedMs: z.number().int() }),
)
export const callHeld = defineEvent('call.held', ofCall, z.object({ agent: Uuid }))
export const callResumed = defineEvent('call.resumed', ofCall, z.object({ agent: Uuid }))
export const callTransferred = defineEvent(
  'call.transferred',
  ofCall,
  z.object({ agent: Uuid, fromSectionId: z.string(), sectionId: z.string() }),
)
/** The operator's page died in the conversation; the caller hears music and the same operator is rung again. */
export const callInterrupted = defineEvent('call.interrupted', ofCall, z.object({ agent: Uuid }))
export const EndedBecause = z.enum([
  /** The caller hung up. */
  'caller',
  'operator',
  'office',
  /** The flow came to its end. */
  'flow',
  'dismissed',
  /** Who was to be called back could not be reached. */
  'not-reached',
  /** The callback is not wanted any more. */
  'withdrawn',
  /** The caller wished to be called back at a number for which a callback is open: that one stands. */
  'noted',
  /** Nobody at the office could be reached. */
  'office-unreachable',
  'unknown-number',
  /** The switch ended with the call, or lost the caller's leg while we were away. */
  'lost',
  /** The caller's line did not answer any more: nobody hung up. */
  'line-lost',
])
export type EndedBecause = z.infer<typeof EndedBecause>
/** Version 2 knows lines that were lost, which ended as the caller's own before. */
export const callEnded = defineEvent('call.ended', ofCall, {
  version: 2,
  payload: z.object({ reason: EndedBecause }),
  from: { 1: old => old },
})

/** An operator asks something of the call on a page; the node that holds the call's switch does it. */
export const CallAction = z.discriminatedUnion('do', [
  z.object({ do: z.literal('hold') }),
  z.object({ do: z.literal('resume') }),
  z.object({ do: z.literal('hang-up') }),
  z.object({ do: z.literal('decline'), offer: z.string() }),
  z.object({ do: z.literal('transfer'), sectionId: z.string() }),
])
export type CallAction = z.infer<typeof CallAction>
export const callAsked = defineEvent('call.asked', ofCall, z.object({ agent: Uuid, action: CallAction }))

export const AppointmentCallOutcome = z.enum(['talked', 'no-answer', 'busy', 'officer-away', 'failed'])
export type AppointmentCallOutcome = z.infer<typeof AppointmentCallOutcome>
const ofAppointmentCall = { appointmentId: Uuid }
/** An officer asks to be put through to the citizen of an appointment; the node that has the switch does it. */
export const appointmentCallAsked = defineEvent('appointment.call-asked', ofAppointment, z.object(ofAppointmentCall))
/** The officer is there: the citizen's number is dialled from now on, whatever happens to us. */
export const appointmentCallDialled = defineEvent('appointment.call-dialled', ofAppointment, z.object(ofAppointmentCall))
/** Officer and citizen hear each other. */
export const appointmentCallConnected = defineEvent('appointment.call-connected', ofAppointment, z.object(ofAppointmentCall))
export const appointmentCallEnded = defineEvent(
  'appointment.call-ended',
  ofAppointment,
  z.object({ ...ofAppointmentCall, outcome: AppointmentCallOutcome }),
)

/** What came of a call about a time that is offered: `over` is that the offer was, `undecided` that nothing was keyed. */
export const OfferCallOutcome = z.enum([
  ...['accepted', 'kept', 'no-more', 'over', 'undecided', 'no-code', 'hung-up'],
  ...['no-answer', 'busy', 'failed'],
] as const)
export type OfferCallOutcome = z.infer<typeof OfferCallOutcome>
/** The citizen is to be called about an earlier time; the node that has the switch does it. */
export const offerCallAsked = defineEvent('appointment.offer-call-asked', ofAppointment, z.object(ofAppointmentCall))
export const offerCallEnded = defineEvent(
  'appointment.offer-call-ended',
  ofAppointment,
  z.object({ ...ofAppointmentCall, outcome: OfferCallOutcome }),
)
