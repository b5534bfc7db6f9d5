/** What goes out with an answer, whatever it answers, as the API has it. */
import { z } from 'zod'
import { TextLine, Uuid } from '../../platform/index.ts'

export const AnswerFile = z.object({
  id: Uuid,
  name: z.string(),
  type: z.string().describe('as the content shows'),
  sizeBytes: z.number().int(),
  scan: z.enum(['unchecked', 'clean']),
})
export type AnswerFile = z.infer<typeof AnswerFile>

export const FileName = z.object({ name: TextLine.pipe(z.string().min(1).max(255)).describe('of the file, with its ending') })
