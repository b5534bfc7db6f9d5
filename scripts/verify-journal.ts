/**
 * `npm run verify:journal`: computes the seals of the journal again. Ends with 1 when an entry was changed, removed or inserted.
 *
 *   npm run verify:journal                          all of them
 *   npm run verify:journal -- --since 2026-11-01    those made from that day on (or instant, ISO 8601); the one before is believed
 *   npm run verify:journal -- --since 4711          from that seal on
 *   npm run verify:journal -- --month 2026-10       the archived table of a month, as it was when it was closed
 */
import { z } from 'zod'
import { needCurrentDatabase, openDatabase, readConfig, type Since, verifyJournal, verifyMonth } from '../src/platform/index.ts'
import { runCommand } from './house.ts'
import { readOptions } from './options.ts'

/** @throws when the text is neither a number nor a date. */
function sinceOf(text: string): Since {
  if (/^[1-9]\d{0,14}$/.test(text)) return { seq: Number(text) }
  const at = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at.getTime()))
    throw new Error(`--since takes the number of a seal or a date such as 2026-11-01, not "${text}".`)
  return { at }
}

/** What is said of archived months whose tables are elsewhere. */
const believedOf = (months: readonly string[] = []): string =>
  months.length === 0 ? '' : ` Believed, because their archived tables are not here: ${months.join(', ')}.`

/** What is said of seals under which personal data were erased. */
const erasedOf = (seals = 0): string =>
  seals === 0 ? '' : ` Under ${seals} of them personal data were erased, as entries of the journal say (journal.erased).`

const { since, month } = readOptions(
  z.object({
    since: z.string().optional(),
    month: z
      .string()
      .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-10')
      .optional(),
  }),
)

await runCommand(async () => {
  const begins = since === undefined ? undefined : sinceOf(since)
  const database = await openDatabase(readConfig(process.env))
  try {
    await needCurrentDatabase(database)
    const result = month === undefined ? await verifyJournal(database, begins) : await verifyMonth(database, month)
    console.log(
      result.sound
        ? `The journal is sound: ${result.rows} entries under ${result.seals} seals, ${result.unsealed} not sealed yet.${erasedOf(result.erased)}${believedOf(result.believed)}`
        : `The journal is NOT sound. ${result.sentence}`,
    )
    process.exitCode = result.sound ? 0 : 1
  } finally {
    await database.close()
  }
})
