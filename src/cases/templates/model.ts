/** Templates of answers as the API has them. */
import { z } from 'zod'
import { Instant, languages, Text, TextLine, Uuid } from '../../platform/index.ts'

const fields = {
  unitId: z.string().min(1).max(100).describe('the unit that has it, with all units under it'),
  typologyId: z.string().min(1).max(100).nullable().describe('what it is about, with everything under it; null for any question'),
  language: z.enum(languages),
  name: TextLine.pipe(z.string().min(2).max(120)),
  body: Text.pipe(z.string().min(3).max(10_000)).describe('with variables in braces, such as {{cittadino}} or {{citizen}}'),
}

export const NewAnswerTemplate = z.object({ ...fields, typologyId: fields.typologyId.default(null) })
export type NewAnswerTemplate = z.infer<typeof NewAnswerTemplate>

/** What is changed; what is left out stays. */
export const AnswerTemplateChange = z.object(fields).partial()
export type AnswerTemplateChange = z.infer<typeof AnswerTemplateChange>

export const AnswerTemplate = z
  .object({
    ...fields,
    id: Uuid,
    unitName: z.string(),
    typology: z.string().nullable().describe('its label'),
    changedAt: Instant,
    changedBy: z.string(),
    version: z.number().int(),
  })
  .meta({ id: 'AnswerTemplate' })
export type AnswerTemplate = z.infer<typeof AnswerTemplate>

/** A template for one mail: filled as far as its values are known. */
export const FilledTemplate = z
  .object({ id: Uuid, name: z.string(), language: z.enum(languages), typologyId: z.string().nullable(), text: z.string() })
  .meta({ id: 'FilledTemplate' })
export type FilledTemplate = z.infer<typeof FilledTemplate>
