/** The institute decides single questions of the table of who may do what with a ticket: sees what comes of it, puts it in force, goes back. */
import { z } from 'zod'
import { can } from '../../identity/index.ts'
import {
  type Actor,
  allowed,
  changedMeanwhile,
  decodeCursor,
  type House,
  type Language,
  must,
  nameOfActor,
  pageOf,
  Refused,
  refused,
  sentence,
  useCase,
  type Verdict,
} from '../../platform/index.ts'
import { ticketRulesSet } from '../events.ts'
import { ticketStates } from '../policy.ts'
import { allowedWith, differenceOf, everyCell, fixedBy, isFounding, tidied, violationsOf } from './invariants.ts'
import { Invariant, type NewRules, type RuleChange, type RulesEffect, type RulesVersion, type TicketRulesView } from './model.ts'
import { addRules, countByState, rulesInForce, rulesVersions } from './store.ts'

const maySetRules = (actor: Actor): Verdict =>
  actor.kind === 'person' && can(actor, 'rules.set') ? allowed : refused('cases.policy.onlyHeadquartersSetsRules')

const sentenceOf = (language: Language, invariant: Invariant): string => sentence(language, `cases.invariant.${invariant}`)

/** The rules that hold, with what of them is fixed and why. @throws Refused 403 */
export async function ticketRules(house: House, actor: Actor, language: Language): Promise<TicketRulesView> {
  must(maySetRules(actor))
  const { version, changes } = await rulesInForce(house.database.kysely)
  const allows = allowedWith(changes)
  const rules = everyCell.flatMap(cell => {
    const fixed = fixedBy(cell)
    return fixed === 'noSuchWay' ? [] : [{ ...cell, founding: isFounding(cell), allowed: allows(cell), fixed }]
  })
  const invariants = z
    .record(Invariant, z.string())
    .parse(Object.fromEntries(Invariant.options.map(each => [each, sentenceOf(language, each)])))
  return { version, changes: [...changes], rules, invariants }
}

/** What would come of some changes. Nothing is written. @throws Refused 403 */
export async function effectOfRules(
  house: House,
  actor: Actor,
  { changes }: { changes: readonly RuleChange[] },
  language: Language,
): Promise<RulesEffect> {
  must(maySetRules(actor))
  const db = house.database.kysely
  const { gained, lost } = differenceOf((await rulesInForce(db)).changes, tidied(changes))
  const concerned = ticketStates.filter(state => [...gained, ...lost].some(cell => cell.state === state))
  return {
    ...{ gained, lost, tickets: await countByState(db, concerned) },
    violations: violationsOf(changes).map(({ invariant, cells }) => ({
      ...{ invariant, cells: [...cells], sentence: sentenceOf(language, invariant) },
    })),
  }
}

/**
 * Puts rules in force, from the next action on. They are all that differs from the founding table: none at all is the way back to it.
 * @throws Refused 403, 422 with the invariant that they would break, 412 when somebody else has set them since `version`
 */
export const setRules = useCase(
  async (work, { version, changes, reason }: NewRules & { version: number }): Promise<{ version: number }> => {
    must(maySetRules(work.actor))
    const [broken] = violationsOf(changes)
    if (broken) throw new Refused(`cases.invariant.${broken.invariant}`, { field: 'changes' }, 422)
    const row = { changes: tidied(changes), reason, byName: nameOfActor(work.actor), at: work.now }
    if (!(await addRules(work.tx, version, row))) {
      const [newest] = await rulesVersions(work.tx, { limit: 1 })
      throw changedMeanwhile(
        { version: newest?.version ?? 0, changes: newest?.changes ?? [] },
        newest && { by: newest.byName, at: newest.at },
      )
    }
    await work.journal(ticketRulesSet, { version: version + 1, changes: row.changes, reason }, {})
    return { version: version + 1 }
  },
)

/** Every version there was, the newest first. @throws Refused 403 */
export async function ruleHistory(
  house: House,
  actor: Actor,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: RulesVersion[]; next: string | null }> {
  must(maySetRules(actor))
  const before = decodeCursor(z.tuple([z.number().int()]), query.cursor)?.[0]
  const rows = await rulesVersions(house.database.kysely, {
    ...(before === undefined ? {} : { before }),
    limit: query.limit + 1,
  })
  const { items, next } = pageOf(rows, query.limit, row => [row.version])
  return {
    items: items.map(({ version, changes, reason, byName, at }) => ({
      ...{ version, changes: [...changes], reason, by: byName, at: at.toISOString() },
    })),
    next,
  }
}
