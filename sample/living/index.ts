/**
 * The living sample: an institute that has been at work for six weeks until now. Made by our own simulator and written through the same rows and
 * entries as real work, a day in each transaction:
 *
 *   sample loaded ──▶ mark: seed, instant, days written ──day──▶ mark ──day──▶ … ──▶ leader and followers begin after it, mark done
 *
 * A loading that was cut off left whole days and the mark; the next start tells the same days again and writes those that are missing.
 */
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { followFrom, indexLater, leaveIndexToWorker } from '../../src/cases/index.ts'
import { beginReadingAt } from '../../src/distribution/index.ts'
import { insertClosure, type NumberInForce } from '../../src/organisation/index.ts'
import {
  addDays,
  dayAt,
  type House,
  houseSecret,
  journalEnd,
  openThreads,
  sampleMark,
  sealJournal,
  type Tables,
  type Threads,
  type Tx,
} from '../../src/platform/index.ts'
import { plansOf } from '../../src/simulation/index.ts'
import { sampleId } from '../organisation.ts'
import { knownCitizens, livingDays } from './days.ts'
import { writeIncidents } from './incidents.ts'
import { writeLetters } from './letters.ts'
import { writePrevention } from './prevention.ts'
import { writeResults } from './results.ts'
import type { Batch } from './story.ts'
import type { TellingFacts } from './telling.ts'
import { writeWaiting } from './waiting.ts'
import { writeDay } from './write.ts'

export { knownCitizens, livingDays } from './days.ts'
export { livingIds } from './story.ts'

const seed = 20_250_203
/** A quarter of PostgreSQL's own, in a third of the time; upkeep takes the whole. */
const firstStatistics = 25

const Mark = z.object({
  loaded: z.literal(true),
  /** Absent where the sample is the small one. */
  days: z.object({ seed: z.number(), now: z.number(), written: z.number().int(), done: z.boolean() }).optional(),
})
type Days = NonNullable<z.infer<typeof Mark>['days']>

/** Says that the sample is to have its six weeks, in the transaction that loads it. */
export const markLoaded = (tx: Tx, now: number | undefined): Promise<unknown> =>
  tx
    .insertInto('setting')
    .values({
      name: sampleMark,
      value: JSON.stringify(markOf(now === undefined ? undefined : { seed, now, written: 0, done: false })),
    })
    .execute()

const markOf = (days: Days | undefined): z.infer<typeof Mark> => ({ loaded: true, ...(days && { days }) })

/**
 * Writes the days that are missing; does nothing where the sample is not loaded, is the small one, or has them all. Must be done before anybody
 * distributes calls.
 * @param say is told about each part of the work
 */
export async function writeMissingDays(house: House, say: (written: number, of: number) => void = () => {}): Promise<void> {
  const { kysely } = house.database
  const row = await kysely.selectFrom('setting').select('value').where('name', '=', sampleMark).executeTakeFirst()
  const mark = row && Mark.safeParse(row.value)
  const days = mark?.success ? mark.data.days : undefined
  if (!days || days.done) return
  const telling = openThreads({
    ...ofTelling,
    program: new URL('./telling.ts', import.meta.url),
    settings: await factsOf(house, days),
  })
  try {
    for await (const [n, batch] of toldBy(telling, days.written + 1)) {
      await kysely.transaction().execute(async tx => {
        await indexLater(tx)
        await writeDay(tx, batch)
        await setMark(tx, { ...days, written: n })
      })
      say(n, livingDays)
    }
  } finally {
    await telling.close()
  }
  // Statistics first: whoever reads next would plan as if the tables were empty.
  await kysely.transaction().execute(async tx => {
    await sql`set local default_statistics_target = ${sql.lit(firstStatistics)}`.execute(tx)
    await sql`analyze`.execute(tx)
  })
  // Nobody writes meanwhile, so there is an end; six weeks would take the worker some minutes.
  while ((await sealJournal(house.database, house.clock.now())) > 0);
  await kysely.transaction().execute(async tx => {
    const end = await journalEnd({ kysely: tx })
    await beginReadingAt(tx, end)
    await followFrom(tx, end)
    await leaveIndexToWorker(tx)
    await closeForTraining(tx, house)
    await writeResults(tx, house.config.TIME_ZONE)
    await writeIncidents(tx, days.now)
    await writePrevention(tx, days.now, house.config.TIME_ZONE)
    await writeWaiting(tx, house)
    await writeLetters(tx, house, days.now)
    await setMark(tx, { ...days, written: livingDays, done: true })
  })
}

const closedInDays = 20

/** The regional centre of Lazio will be closed for a day: nothing that is open is due as late as that. */
async function closeForTraining(tx: Tx, { clock, config }: House): Promise<void> {
  const day = addDays(dayAt(config.TIME_ZONE, clock.now()), closedInDays)
  await insertClosure(tx, {
    ...{ id: sampleId('8900', 999_999), unit_id: 'cric-lazio', first_day: day, last_day: day },
    ...{ reason: 'Giornata di formazione del centro', decided_at: new Date(clock.now()), decided_by_name: 'Ada Poli' },
  })
}

/** One thread keeps what it has told; a day takes it well under a second. */
const ofTelling = { atOnce: 1, waiting: 1, memoryMb: 384, withinMs: 120_000, idleMs: 60_000 }

/** The days from the n-th on; the next is told while one is written. */
async function* toldBy(telling: Threads, from: number): AsyncGenerator<[n: number, Batch]> {
  const tell = (n: number): Promise<unknown> | undefined => {
    if (n > livingDays) return undefined
    const told = telling.ask(n)
    // It is heard of when its turn comes.
    told.catch(() => {})
    return told
  }
  let next = tell(from)
  for (let n = from; next; n++) {
    const batch = await next
    next = tell(n + 1)
    // `telling.ts` answers with what `daysOf` makes.
    yield [n, batch as Batch]
  }
}

export interface CitizenToBe {
  name: string
  number: string
  title: string
  waitsFor: 'answer' | 'visit'
}

/** The known citizens whose matter is still open. Indexes: contact_pkey, case_open_of_contact. */
export async function citizensToBe(db: Kysely<Tables>): Promise<CitizenToBe[]> {
  const { rows } = await sql<CitizenToBe>`
    select given_name || ' ' || family_name as name, phone.number, "case".title,
           case when exists (select 1 from ticket where case_id = "case".id) then 'answer' else 'visit' end as "waitsFor"
    from   contact
    join   contact_phone phone on phone.contact_id = contact.id and phone.position = 0
    cross  join lateral (select id, title from "case" where contact_id = contact.id and status = 'open' order by opened_at desc limit 1) "case"
    where  contact.id = any(${knownCitizens.map(({ n }) => sampleId('8100', n))}::uuid[])
    order  by contact.id`.execute(db)
  return rows
}

const setMark = (tx: Tx, days: Days): Promise<unknown> =>
  tx
    .updateTable('setting')
    .set({ value: JSON.stringify(markOf(days)) })
    .where('name', '=', sampleMark)
    .execute()

async function factsOf({ config, database }: House, { seed, now }: Days): Promise<TellingFacts> {
  const { kysely } = database
  const timeZone = config.TIME_ZONE
  const today = dayAt(timeZone, now)
  const days = Array.from({ length: livingDays }, (_, n) => addDays(today, -n))
  const channelled = new Map<string, NumberInForce[]>()
  for (const [day, plan] of await plansOf({ config, database }, days))
    channelled.set(
      day,
      plan.filter(({ mode }) => mode === 'channelled'),
    )
  return {
    timeZone,
    seed,
    now,
    channelled,
    outbox: { from: config.MAIL_FROM, secret: await houseSecret(config, kysely) },
    skills: await kysely.selectFrom('agent_skill').selectAll().orderBy('person_id').execute(),
  }
}
