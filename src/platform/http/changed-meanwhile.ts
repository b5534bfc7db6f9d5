/**
 * Two who edit the same thing. An edit names the version that it was made on; when that is not the newest any more it is refused with 412, and the
 * refusal carries what stands there now, who changed it and when, so that a form can show both and let its writer choose. One shape for all rooms.
 */
import { z } from 'zod'
import { Refused } from '../errors.ts'
import type { LastEntry } from '../events/last-entry.ts'
import { Instant } from './route.ts'

/** The `values` of a problem with the code `platform.changedMeanwhile`. */
export const ChangedMeanwhile = z
  .object({
    current: z
      .looseObject({ version: z.number().int() })
      .describe(
        'what the route sets, as it is now, by the names that its answer has for it, with the version for the next `If-Match`',
      ),
    changedBy: z.string().nullable().describe('name of who changed it last; null when that is not known'),
    changedAt: Instant.nullable(),
  })
  .meta({ id: 'ChangedMeanwhile' })
export type ChangedMeanwhile = z.infer<typeof ChangedMeanwhile>

/** The refusal of an edit of an older version. @param last the change that made it old, where it is known */
export const changedMeanwhile = (
  current: { readonly version: number; readonly [field: string]: unknown },
  last: LastEntry | undefined,
): Refused =>
  new Refused(
    'platform.changedMeanwhile',
    { current, changedBy: last?.by ?? null, changedAt: last?.at.toISOString() ?? null },
    412,
  )
