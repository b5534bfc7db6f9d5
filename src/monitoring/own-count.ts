/** What the journal itself comes to, counted entry by entry and without the sums: for who compares a page with it. */

import { z } from 'zod'

export const OwnCount = z.object({
  arrivalsToday: z.number().int(),
  /** Of the waits that ended in the last half hour. */
  answeredWithin20: z.number().int(),
  abandoned30: z.number().int(),
  waiting: z.number().int(),
  talking: z.number().int(),
})
export type OwnCount = z.infer<typeof OwnCount>
