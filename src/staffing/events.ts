/** What staffing writes to the journal: who of the staff works where, never anything of a citizen. */
import { z } from 'zod'
import { about, Changes, defineEvent } from '../platform/index.ts'
import { Provenance } from './model.ts'

const ofSection = about('organisation', 'units')

/** Somebody is a member of a section, or something of it has changed; version 1 is its beginning. */
export const sectionMemberSet = defineEvent(
  'section-member.set',
  ofSection,
  z.object({
    memberId: z.uuid(),
    sectionId: z.string(),
    name: z.string(),
    provenance: Provenance,
    version: z.number().int(),
    changes: Changes,
  }),
)

/** Somebody of a product team or an expert can be taken into a section, or not any more. */
export const staffReserveChanged = defineEvent(
  'staff-reserve.changed',
  ofSection,
  z.object({ reserveId: z.uuid(), name: z.string(), isThere: z.boolean() }),
)
