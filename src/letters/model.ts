/**
 * Letters on paper: what one says, in the order in which it is read. Every text is data: nothing in it is a command to whoever draws it.
 */
import { z } from 'zod'

const text = z.string()
const Section = z.object({ heading: text, text })

export const PaperLetter = z.object({
  language: z.string().describe('BCP 47; in it the letter is hyphenated and read aloud'),
  sender: z.array(text).describe('lines: the institute, the office, where it is'),
  recipient: z.array(text).describe('lines, as they stand in the window of the envelope'),
  day: text.describe('on which it is written'),
  reference: text.describe('on every page'),
  title: text,
  greeting: text,
  opening: text,
  table: z.object({ header: z.array(text), rows: z.array(z.array(text)) }).nullable(),
  sections: z.array(Section),
  link: z.object({ url: z.url(), heading: text, text }).nullable().describe('drawn as a QR code'),
  closing: z.array(text).describe('lines'),
})
export type PaperLetter = z.infer<typeof PaperLetter>

/** So many letters are drawn as one document at most. */
export const maxLettersAtOnce = 50
