/** The search for free times: a plain list of first times, wherever they are. */
import { z } from 'zod'
import { Municipality } from '../../organisation/index.ts'
import { PageQuery, Uuid } from '../../platform/index.ts'
import { AgencyId, AppointmentMode, ServiceId, Slot } from '../model.ts'

/** A part of the day. The morning ends at 13:00 of office time. */
export const PartOfDay = z.enum(['morning', 'afternoon'])
export type PartOfDay = z.infer<typeof PartOfDay>

export const SearchQuery = PageQuery.extend({
  serviceId: ServiceId,
  unitId: AgencyId.optional().describe('only this office: its next times, whatever other place is named'),
  province: Municipality.shape.provinceCode.optional().describe('the offices of a province, whatever is near'),
  near: AgencyId.optional()
    .describe('an office, or the ISTAT code of a municipality: the offices around it')
    .meta({ example: '058091' }),
  km: z.coerce.number().int().min(1).max(300).default(50).describe('how far around it, as the crow flies'),
  mode: AppointmentMode.optional().describe('only where the service can be had in this way'),
  part: PartOfDay.optional(),
  weekday: z.coerce.number().int().min(1).max(7).optional().describe('1 is Monday'),
  first: AgencyId.optional().describe('an office whose first time comes before all others: the one that was called'),
  contactId: Uuid.optional().describe('whose officer of last time comes first, where the reader may see the citizen'),
  limit: z.coerce.number().int().min(1).max(20).default(10).describe('times on a page'),
})
export type SearchQuery = z.infer<typeof SearchQuery>

/** A free time that was found. */
export const FoundTime = Slot.extend({
  unit: z.object({ id: z.string(), name: z.string(), address: z.string() }),
  region: z.string().nullable(),
  distanceKm: z.number().nullable().describe('as the crow flies; null where no place was named'),
  mode: AppointmentMode,
  asLastTime: z.boolean().describe('with the officer who received the citizen last'),
}).meta({ id: 'FoundTime' })
export type FoundTime = z.infer<typeof FoundTime>
