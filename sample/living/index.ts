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
import { followFrom } from '../../src/cases/index.ts'
import { beginReadingAt } from '../../src/distribution/index.ts'
import { type NumberInForce, numbersInForce } from '../../src/organisation/index.ts'
import {
  addDays,
  boundsOf,
  dayAt,
  type House,
  houseSecret,
  journalEnd,
  sampleMark,
  sealJournal,
  type Tables,
  type Tx,
} from '../../src/platform/index.ts'
import { buildPeople, planner } from '../accounts.ts'
import { buildAgenda } from '../agenda.ts'
import { buildOrganisation, sampleId } from '../organisation.ts'
import { readTerritory } from '../territory.ts'
import { typologies } from '../typologies.ts'
import { daysOf, knownCitizens, livingDays } from './days.ts'
import { Stage } from './stage.ts'
import { writeDay } from './write.ts'

export { knownCitizens, livingDays } from './days.ts'
export { livingIds } from './story.ts'

const seed = 20_250_203
const noonMs = 12 * 3_600_000

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
  const { timeZone, ...told } = await factsOf(house, days)
  let n = 0
  for (const batch of daysOf(told)) {
    n++
    if (n <= days.written) continue
    await kysely.transaction().execute(async tx => {
      await writeDay(tx, batch)
      await setMark(tx, { ...days, written: n })
    })
    say(n, livingDays)
  }
  // Statistics first: whoever reads next would plan as if the tables were empty.
  await sql`analyze`.execute(kysely)
  // Nobody writes meanwhile, so there is an end; six weeks would take the worker some minutes.
  while ((await sealJournal(house.database, house.clock.now())) > 0);
  await kysely.transaction().execute(async tx => {
    const end = await journalEnd({ kysely: tx })
    await beginReadingAt(tx, end)
    await followFrom(tx, end)
    await setMark(tx, { ...days, written: n, done: true })
  })
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

async function factsOf({ config, database }: House, days: Days) {
  const { kysely } = database
  const { units, hours } = buildOrganisation(readTerritory(), planner)
  const people = buildPeople(units)
  const timeZone = config.TIME_ZONE
  const today = dayAt(timeZone, days.now)
  const channelled = new Map<string, NumberInForce[]>()
  for (let n = 0; n < livingDays; n++) {
    const day = addDays(today, -n)
    const inForce = await numbersInForce(kysely, new Date(boundsOf(timeZone, day)[0] + noonMs))
    channelled.set(
      day,
      inForce.filter(({ mode }) => mode === 'channelled'),
    )
  }
  return {
    timeZone,
    seed: days.seed,
    now: days.now,
    stage: new Stage({ units, people, agenda: buildAgenda(units, people, hours), typologies, timeZone }),
    outbox: { from: config.MAIL_FROM, secret: await houseSecret(config, kysely) },
    skills: await kysely.selectFrom('agent_skill').selectAll().orderBy('person_id').execute(),
    channelled: (day: string) => channelled.get(day) ?? [],
  }
}
