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
export const counterRulesSet = defineEvent('counters.rules-set', ofOffice, z.object({ ...unit, hallId: Id }))
export const counterDeviceChanged = defineEvent(
  'counters.device-changed',
  ofOffice,
  z.object({ ...unit, deviceId: Id, what: z.enum(['added', 'code', 'connected', 'disabled']) }),
)
