/**
 * The shapes of telephony at the API: the card of a call for its operator, the operator's calls of today, the credentials of the browser's
 * telephone.
 */
import { z } from 'zod'
import { Reference } from '../cases/index.ts'
import { Instant, Text, Uuid } from '../platform/index.ts'
import { EndedBecause } from './events.ts'

const Place = z.object({ id: z.string(), name: z.string() })
const Territory = z.object({ code: z.string(), name: z.string() })

/** `dialling`: the number of a callback rings. `interrupted`: the operator's page died in the conversation; the caller hears music and the operator is rung again. */
export const CardState = z.enum(['ringing', 'dialling', 'talking', 'held', 'interrupted'])
export type CardState = z.infer<typeof CardState>

/** What the operator sees of a call, from the first ring on. */
export const CallCard = z
  .object({
    callId: Uuid,
    offer: z.string().nullable(),
    state: CardState,
    switch: z.enum(['asterisk', 'browser']).describe('on which of the two telephones of the page it rings'),
    from: z.string().nullable().describe('the number shown, E.164; it identifies nobody'),
    numberFrom: z
      .enum(['network', 'page'])
      .describe('who says that it is this number: the telephone network, or the caller on the public page'),
    to: z.string().describe('the number that was called, E.164'),
    office: Place.nullable().describe('the office whose number was called'),
    province: Territory.nullable(),
    region: Territory.nullable(),
    section: Place,
    path: z.array(z.string()).describe('what the caller chose in the menus, in order'),
    waitedMs: z
      .number()
      .int()
      .describe('what was waited in all until it was answered, or until now; time in conversation does not count'),
    arrivedAt: Instant,
    connectedAt: Instant.nullable(),
    until: Instant.nullable().describe('when the ringing ends'),
    contacts: z.array(z.object({ id: Uuid, name: z.string() })).describe('who has this number'),
    openCases: z.array(
      z.object({
        id: Uuid,
        code: z.string(),
        title: z.string(),
        openedAt: Instant,
        contactId: Uuid,
        reference: Reference.nullable(),
      }),
    ),
    continuity: z
      .object({
        outcome: z.enum(['asked', 'honoured', 'given-up']),
        names: z.array(z.string()).describe('who was asked for'),
        forReader: z.boolean().describe('the reader is among them'),
      })
      .nullable()
      .describe('whom the call was kept for first, because its number stands on the card of somebody with an open matter'),
    interactionId: Uuid.nullable().describe('the interaction that was opened for this call'),
    before: z
      .object({
        by: z.string().describe('the operator who had the call'),
        how: z.enum(['transferred', 'lost']).describe('handed on by that operator, or the line to that operator was lost'),
        section: Place.nullable().describe('the section from which it was handed on'),
        note: z.string().describe('for whoever takes it; may be empty'),
      })
      .nullable()
      .describe('whom the caller talked to before; null for a call that comes straight from its caller'),
    openCallbacks: z
      .array(z.object({ callId: Uuid, requestedAt: Instant }))
      .describe(
        'wishes to be called back at the number shown, in this section; whether the caller is that person, only asking tells',
      ),
    callback: z
      .object({
        requestedAt: Instant.describe('when the caller asked to be called back'),
        attempt: z.number().int().describe('which attempt this is, or will be'),
        maxAttempts: z.number().int(),
        lastOutcome: z.string().nullable().describe('how the attempt before this ended'),
      })
      .nullable()
      .describe('null for who is on the line; otherwise `from` is the number to call'),
  })
  .meta({ id: 'CallCard' })
export type CallCard = z.infer<typeof CallCard>

/** Null when there is no call. */
export const MyCall = z.object({ call: CallCard.nullable() })

export const TurnOutcome = z.enum([
  'ringing',
  'talking',
  'answered',
  'unreached',
  'interrupted',
  'transferred',
  'no-answer',
  'declined',
  'failed',
  'withdrawn',
])
export type TurnOutcome = z.infer<typeof TurnOutcome>

/** One time that a call was offered to an operator. */
export const CallTurn = z
  .object({
    callId: Uuid,
    offer: z.string(),
    outcome: TurnOutcome,
    from: z.string().nullable(),
    office: Place.nullable(),
    section: Place,
    waitedMs: z.number().int(),
    offeredAt: Instant,
    answeredAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    isCallback: z.boolean().describe('whether the caller has wished to be called back'),
    callEnded: EndedBecause.nullable().describe('why the call itself ended; null while it goes on'),
  })
  .meta({ id: 'CallTurn' })
export type CallTurn = z.infer<typeof CallTurn>

export const TransferCall = z.strictObject({
  sectionId: z.string().min(1).max(100).meta({ example: 'ccm-pensioni' }),
  note: Text.pipe(z.string().max(500)).optional().describe('for whoever takes the call: shown from the ring on'),
})

/** A section to which a call can be handed, and whether anybody is there. */
export const TransferChoice = z
  .object({
    id: z.string(),
    name: z.string(),
    isOpen: z.boolean(),
    waiting: z.number().int().describe('callers who wait there'),
    available: z.number().int().describe('operators who are free now'),
    atWork: z.number().int().describe('operators who are free, or will be after a call; without the one who asks'),
    paused: z.number().int(),
  })
  .meta({ id: 'TransferChoice' })
export type TransferChoice = z.infer<typeof TransferChoice>
export const NumberToTry = z.object({
  number: z.string().describe('E.164'),
  mode: z.enum(['channelled', 'direct']),
  unitName: z.string(),
})
export type NumberToTry = z.infer<typeof NumberToTry>

export const NewTelephone = z.strictObject({
  pageId: z.string().min(8).max(100).describe('the one of the heartbeat, made anew at each load of the page'),
})

/** Where the page's two telephones register. They are revoked when the session ends. */
export const TelephoneCredentials = z
  .object({
    asterisk: z
      .object({ socket: z.string(), uri: z.string(), user: z.string(), password: z.string() })
      .nullable()
      .describe('for JsSIP; null while no Asterisk is connected'),
    browser: z.object({ socket: z.string() }),
  })
  .meta({ id: 'TelephoneCredentials' })
export type TelephoneCredentials = z.infer<typeof TelephoneCredentials>
