/** The thread of `index.ts`: tells the days, so that one is made up while the database writes the one before. */
import type { NumberInForce } from '../../src/organisation/index.ts'
import { answerQuestions } from '../../src/platform/index.ts'
import { buildPeople, planner } from '../accounts.ts'
import { buildAgenda } from '../agenda.ts'
import { buildOrganisation } from '../organisation.ts'
import { readTerritory } from '../territory.ts'
import { typologies } from '../typologies.ts'
import { type DaysFacts, daysOf } from './days.ts'
import { Stage } from './stage.ts'
import type { Batch } from './story.ts'

/** What the days are told from: plain data. */
export interface TellingFacts extends Omit<DaysFacts, 'stage' | 'channelled' | 'outbox'> {
  readonly timeZone: string
  readonly outbox: { readonly from: string; readonly secret: Uint8Array }
  /** The numbers that lead to the contact centre, by day. */
  readonly channelled: ReadonlyMap<string, readonly NumberInForce[]>
}

// A question is the number of a day, from 1; a thread that is asked for a later one tells those before it first.
answerQuestions<TellingFacts, number>(async ({ timeZone, channelled, outbox, ...facts }) => {
  const batches = daysOf({
    ...facts,
    outbox: { ...outbox, secret: Buffer.from(outbox.secret) },
    stage: stageIn(timeZone),
    channelled: day => channelled.get(day) ?? [],
  })
  let told = 0
  return async n => {
    let batch: Batch | undefined
    for (; told < n; told++) batch = batches.next().value ?? undefined
    if (!batch) throw new Error(`Day ${n} of the sample was told before, or is none of it.`)
    return batch
  }
})

function stageIn(timeZone: string): Stage {
  const { units, hours } = buildOrganisation(readTerritory(), planner)
  const people = buildPeople(units)
  return new Stage({ units, people, agenda: buildAgenda(units, people, hours), typologies, timeZone })
}
