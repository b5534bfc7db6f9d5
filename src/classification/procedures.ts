/** The online procedures of the institute: a list that is data, by which IT tickets, incidents and known errors are found together. */
import { z } from 'zod'

export const ProcedureId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(60)
  .meta({ example: 'domande-online' })

export const Procedure = z.object({ id: ProcedureId, name: z.string() }).meta({ id: 'Procedure' })
export type Procedure = z.infer<typeof Procedure>
