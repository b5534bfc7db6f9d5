/** The online procedures of the institute: a list that is data, by which IT tickets, incidents and known errors are found together. */
import { z } from 'zod'
import { Instant, TextLine } from '../platform/index.ts'

export const ProcedureId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(60)
  .meta({ example: 'domande-online' })

const ProcedureName = TextLine.pipe(z.string().min(3).max(120)).describe('as citizens and colleagues call it')

export const Procedure = z
  .object({
    id: ProcedureId,
    name: z.string(),
    retired: z.boolean().describe('not chosen any more; what is about it still names it'),
    version: z.number().int(),
  })
  .meta({ id: 'Procedure' })
export type Procedure = z.infer<typeof Procedure>

export const NewProcedure = z.object({ name: ProcedureName })
export type NewProcedure = z.infer<typeof NewProcedure>

export const ProcedureChange = z.object({ name: ProcedureName, retired: z.boolean() }).partial()
export type ProcedureChange = z.infer<typeof ProcedureChange>

export const procedureChangeKinds = ['added', 'renamed', 'retired', 'restored'] as const

/** What was done with a procedure, and what it was called then. */
export const ProcedureHistoryLine = z
  .object({
    version: z.number().int(),
    kind: z.enum(procedureChangeKinds),
    name: z.string(),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'ProcedureHistoryLine' })
export type ProcedureHistoryLine = z.infer<typeof ProcedureHistoryLine>

/** An identifier made of a name: `Domande di prestazione online` → `domande-di-prestazione-online`. Pure. */
export const procedureIdOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '') || 'procedura'
