/** The files of a case as the API has them: what people put there, and what came with its mails. */
import { z } from 'zod'
import { Instant, Permission, Uuid } from '../../platform/index.ts'

const File = z.object({
  id: Uuid,
  name: z.string(),
  type: z.string().describe('as the content shows'),
  sizeBytes: z.number().int(),
  at: Instant,
})

export const CaseFile = File.extend({
  scan: z.enum(['unchecked', 'clean']),
  byName: z.string().describe('who put it there'),
  removed: z.object({ byName: z.string(), at: Instant }).nullable().describe('who took it away; it can be put back'),
}).meta({ id: 'CaseFile' })
export type CaseFile = z.infer<typeof CaseFile>

export const MailFile = File.extend({
  scan: z.enum(['unchecked', 'clean', 'infected']),
  interactionId: Uuid.describe('of the mail with which it came'),
  from: z.string().describe('who sent the mail'),
  channel: z.enum(['email', 'pec']),
  mayOpen: z.boolean().describe('whether the reader works on the mails of the unit that has it'),
}).meta({ id: 'MailFile' })
export type MailFile = z.infer<typeof MailFile>

export const CaseFiles = z
  .object({
    files: z.array(CaseFile).describe('the newest first; also what was taken away'),
    fromMails: z.array(MailFile).describe('the newest first'),
    keep: Permission.describe('whether the reader may put files there and take them away'),
  })
  .meta({ id: 'CaseFiles' })
export type CaseFiles = z.infer<typeof CaseFiles>
