/**
 * What the counters write to the journal, for whoever looks on: each entry of a visit, who sits where, what is set up, what was said at the end of a visit.
 * No data of citizens stand in them but the code of a day.
 */
import { z } from 'zod'
import { about, defineEvent } from '../platform/index.ts'
import { CameBecause, NotDelivered } from './model.ts'

const ofVisit = about('matter', 'units')
const ofOffice = about('organisation', 'units')
const Id = z.uuid()
const unit = { unitId: z.string() }
const visit = { ...unit, visitId: Id, hallId: Id }

/** An entry was added to a visit. */
export const visitNoted = defineEvent(
  'visit.noted',
  ofVisit,
  z.object({ ...visit, entryId: Id, kind: z.string(), code: z.string(), deskId: Id.nullable() }),
)
/** A visit ended at a desk: what indicators ask of it. */
export const visitClosed = defineEvent(
  'visit.closed',
  ofVisit,
  z.object({
    ...visit,
    persons: z.number().int(),
    services: z.number().int(),
    notDelivered: NotDelivered.nullable(),
    callEnough: z.boolean().nullable(),
    cameBecause: CameBecause.nullable(),
  }),
)
export const deskTaken = defineEvent('desk.taken', ofOffice, z.object({ ...unit, deskId: Id, name: z.string() }))
export const deskLeft = defineEvent('desk.left', ofOffice, z.object({ ...unit, deskId: Id }))
export const counterDayClosed = defineEvent('counters.day-closed', ofOffice, z.object({ ...unit, visits: z.number().int() }))
/** An office has set its counters up anew. */
export const countersSetUp = defineEvent(
  'counters.set-up',
  ofOffice,
  z.object({ ...unit, version: z.number().int(), reason: z.string() }),
)
const help = { ...unit, hallId: Id, deskId: Id, helpId: Id, name: z.string() }
/** A desk asks its hall for a colleague; `name` is who asks. */
export const helpAsked = defineEvent('desk.help-asked', ofOffice, z.object(help))
/** `name` is who comes. */
export const helpTaken = defineEvent('desk.help-taken', ofOffice, z.object(help))
/** `name` is who says that it is over. */
export const helpEnded = defineEvent('desk.help-ended', ofOffice, z.object(help))
export const counterDeviceChanged = defineEvent(
  'counters.device-changed',
  ofOffice,
  z.object({ ...unit, deviceId: Id, what: z.enum(['added', 'code', 'connected', 'disabled']) }),
)
