/**
 * `npm run why`: why a call went to whom, why then, and why not to a certain agent. Read from the journal, so it answers of any past day.
 *
 *   npm run why -- --call 01998c5e-… --agent anna.russo
 *   npm run why -- --call 01998c5e-… --agent anna.russo --language en
 */
import { z } from 'zod'
import { explainCallTo } from '../src/distribution/index.ts'
import { personByUser } from '../src/identity/index.ts'
import { languages, Uuid } from '../src/platform/index.ts'
import { Mistake, openCommandHouse, runCommand } from './house.ts'
import { readOptions } from './options.ts'

const { call, agent, language } = readOptions(
  z.object({ call: Uuid, agent: z.string().min(1), language: z.enum(languages).default('it') }),
)

await runCommand(async () => {
  const house = await openCommandHouse()
  try {
    const person = await personByUser(house.database.kysely, agent)
    if (person === undefined) throw new Mistake(`Nobody has the user name ${agent}.`)
    const sentences = await explainCallTo(house, person.id, call, language)
    if (sentences.length === 0) throw new Mistake(`The journal knows no queue in which the call ${call} was.`)
    console.log(sentences.join('\n'))
  } finally {
    await house.close()
  }
})
