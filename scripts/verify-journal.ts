/**
 * `npm run verify:journal`: computes the seals of the journal again. Ends with 1 when an entry was changed, removed or inserted.
 *
 *   npm run verify:journal                          all of them
 *   npm run verify:journal -- --since 2026-11-01    those made from that day on (or instant, ISO 8601); the one before is believed
 *   npm run verify:journal -- --since 4711          from that seal on
 */
import { z } from 'zod'
import { needCurrentDatabase, openDatabase, readConfig, type Since, verifyJournal } from '../src/platform/index.ts'
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

const { since } = readOptions(z.object({ since: z.string().optional() }))

await runCommand(async () => {
  const begins = since === undefined ? undefined : sinceOf(since)
  const database = await openDatabase(readConfig(process.env))
  try {
    await needCurrentDatabase(database)
    const result = await verifyJournal(database, begins)
    console.log(
      result.sound
        ? `The journal is sound: ${result.rows} entries under ${result.seals} seals, ${result.unsealed} not sealed yet.`
        : `The journal is NOT sound. ${result.sentence}`,
    )
    process.exitCode = result.sound ? 0 : 1
  } finally {
    await database.close()
  }
})
