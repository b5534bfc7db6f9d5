/** Letters to citizens about their appointments, for those who are written to by post. */
import { z } from 'zod'
import { Instant, PageQuery, page, Uuid } from '../../platform/index.ts'

export const LetterKind = z.enum(['confirmation', 'move', 'change', 'cancellation'])
export type LetterKind = z.infer<typeof LetterKind>

/** What a letter says of the appointment: as it was when it was written, in the citizen's language. */
export interface LetterContent {
  service: string
  bring: string
  mode: 'counter' | 'telephone' | 'video'
  /** ISO instant. */
  start: string
  unit: string
  /** Where the office is. */
  address: string
  officer: string | null
  code: string
  /** The number on its day; null where there is none. */
  dayCode: string | null
}

/** As many letters as are printed, or marked, at once. */
export const maxLetters = 50

export const LettersQuery = PageQuery.extend({
  state: z
    .enum(['open', 'sent'])
    .default('open')
    .describe('to be printed, the nearest appointment first; or sent, the latest first'),
})
export type LettersQuery = z.infer<typeof LettersQuery>

export const LetterLine = z
  .object({
    id: Uuid,
    appointmentId: Uuid,
    kind: LetterKind,
    contactName: z.string(),
    hasAddress: z
      .boolean()
      .describe('the card has a whole postal address; without one it is handed over, or the envelope is written by hand'),
    serviceName: z.string(),
    start: Instant.describe('of the appointment that it is about'),
    writtenAt: Instant,
    isLate: z.boolean().describe('the post is slower than the days that are left: somebody had better telephone'),
    sentAt: Instant.nullable(),
    sentBy: z.string().nullable(),
  })
  .meta({ id: 'AppointmentLetter' })
export type LetterLine = z.infer<typeof LetterLine>

export const Letters = page(LetterLine)
  .extend({ count: z.number().int().describe('how many are to be printed, counted up to 200') })
  .meta({ id: 'AppointmentLetters' })
export type Letters = z.infer<typeof Letters>

export const countedLetters = 200

export const ChosenLetters = z.object({ letterIds: z.array(Uuid).min(1).max(maxLetters) })
export type ChosenLetters = z.infer<typeof ChosenLetters>

const id = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'

/** The same, as an address can carry them. */
export const LettersToPrint = z.object({
  ids: z
    .string()
    .regex(new RegExp(`^${id}(?:,${id}){0,${maxLetters - 1}}$`))
    .describe(`identifiers of letters, at most ${maxLetters}, parted by commas`)
    .meta({ example: '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d' }),
})

/** What became of letters that somebody marked. */
export const MarkedLetters = z
  .object({
    marked: z.array(Uuid),
    left: z.array(Uuid).describe('letters that were overtaken meanwhile, or marked by a colleague: they stay as they are'),
  })
  .meta({ id: 'MarkedAppointmentLetters' })
export type MarkedLetters = z.infer<typeof MarkedLetters>
