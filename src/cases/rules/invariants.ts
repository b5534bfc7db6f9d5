/**
 * What an institute may change in the table of who may do what with a ticket, and what it may not. Pure.
 *
 * The founding rules (circular, §4) hold whatever is changed: nothing is delegated to production units, nothing is closed without an answer,
 * nothing is left without somebody who can bring it on, an agency is met by appointment only and for the paper dossier only, and the
 * territory decides who sees. So a question of the table is either fixed, and `fixedBy` says by which of them, or free; and some are free
 * only together (`violationsOf`).
 */
import { TicketAction, type TicketState } from '../model.ts'
import { decidingRow, standings, ticketStates } from '../policy.ts'
import type { Invariant, RuleCell, RuleChange, TicketStanding } from './model.ts'

const inHand: readonly TicketState[] = ['claimed', 'returned']

/** The states in which an action has a meaning, and what it needs of who does it. */
const ways: Readonly<Record<TicketAction, { states: readonly TicketState[]; who: readonly TicketStanding[] }>> = {
  look: { states: [], who: [] },
  note: {
    states: ['pool', 'claimed', 'forwarded', 'returned', 'answered'],
    who: [
      ...(['holder', 'coordinator', 'member', 'same-centre'] as const),
      ...(['directorate', 'contact-centre', 'agency', 'onlooker', 'headquarters'] as const),
    ],
  },
  'ask-citizen': { states: inHand, who: ['holder', 'coordinator'] },
  prioritise: { states: ['pool', ...inHand], who: ['holder', 'coordinator', 'member'] },
  'ask-colleague': { states: ['claimed', 'forwarded', 'returned'], who: ['holder', 'coordinator', 'member', 'same-centre'] },
  claim: { states: ['pool'], who: ['coordinator', 'member', 'same-centre'] },
  release: { states: inHand, who: ['holder', 'coordinator', 'member'] },
  'hand-over': { states: ['pool', ...inHand], who: ['holder', 'coordinator', 'member'] },
  'take-over': { states: inHand, who: ['coordinator', 'member', 'same-centre'] },
  answer: { states: inHand, who: ['holder'] },
  close: { states: ['answered'], who: ['holder', 'coordinator', 'member'] },
  forward: { states: inHand, who: ['holder', 'coordinator'] },
  'send-back': { states: inHand, who: ['holder', 'coordinator'] },
  return: { states: ['forwarded'], who: ['directorate'] },
  appointment: { states: inHand, who: ['holder', 'coordinator'] },
  assign: { states: ['pool', ...inHand], who: ['holder', 'coordinator', 'member'] },
}

/** Production units, and whoever only looks on. */
const outsideTheCentre: readonly TicketStanding[] = ['contact-centre', 'agency', 'onlooker', 'headquarters']

/** Returns which founding rule keeps a question of the table as it is; null when the institute may decide it. */
export function fixedBy({ action, state, standing }: RuleCell): Invariant | null {
  if (standing === 'other-centre' || standing === 'outsider') return 'territory'
  if (action === 'look') return 'rightsSayWhoLooks'
  if (state === 'closed') return 'closedStays'
  const { states, who } = ways[action]
  if (action !== 'note') {
    if (outsideTheCentre.includes(standing)) return 'noDelegation'
    if (standing === 'directorate' || action === 'return') return 'directorateAnswersCentre'
    if (action === 'close' && state !== 'answered') return 'noClosingWithoutAnswer'
    if (action === 'answer' && inHand.includes(state)) return 'holderAnswers'
  }
  const nobodyHasIt = state === 'pool' && standing === 'holder'
  if (!states.includes(state) || !who.includes(standing) || nobodyHasIt) return 'noSuchWay'
  if (action === 'claim' && standing === 'member') return 'alwaysAnOwner'
  return action === 'close' && standing === 'coordinator' ? 'answeredIsClosed' : null
}

const keyOf = ({ action, state, standing }: RuleCell): string => `${action} ${state} ${standing}`

/** Whether the founding table allows it, for a ticket that is no IT matter. */
export const isFounding = (cell: RuleCell): boolean => founding.has(keyOf(cell))

/** Whether something is allowed with these changes, of which the last word counts, for a ticket that is no IT matter. */
export function allowedWith(changes: readonly RuleChange[]): (cell: RuleCell) => boolean {
  const decided = new Map(changes.map(change => [keyOf(change), change.allowed]))
  return cell => decided.get(keyOf(cell)) ?? isFounding(cell)
}

/** What is free only together: one of these has to stay. */
const oneOf: readonly { invariant: Invariant; cells: readonly RuleCell[] }[] = inHand.map(state => ({
  invariant: 'absentHolderIsReplaced',
  cells: (['take-over', 'release', 'hand-over'] as const).map(action => ({ action, state, standing: 'coordinator' })),
}))

export interface Violation {
  invariant: Invariant
  cells: readonly RuleCell[]
}

/** Returns what changes would break, the cells of each invariant together; empty when an institute may decide so. */
export function violationsOf(changes: readonly RuleChange[]): Violation[] {
  const fixed = new Map<Invariant, RuleCell[]>()
  for (const { action, state, standing, allowed } of changes) {
    const cell = { action, state, standing }
    const why = fixedBy(cell)
    if (why === null || allowed === isFounding(cell)) continue
    fixed.set(why, [...(fixed.get(why) ?? []), cell])
  }
  const allows = allowedWith(changes)
  const together = oneOf.filter(({ cells }) => !cells.some(allows))
  return [...[...fixed].map(([invariant, cells]) => ({ invariant, cells })), ...together]
}

/** Changes without what says nothing: each cell once, the last word counts, in the order of the table. */
export function tidied(changes: readonly RuleChange[]): RuleChange[] {
  const allows = allowedWith(changes)
  return everyCell.flatMap(cell => (allows(cell) === isFounding(cell) ? [] : [{ ...cell, allowed: allows(cell) }]))
}

/** Every question of the table. */
export const everyCell: readonly RuleCell[] = TicketAction.options.flatMap(action =>
  ticketStates.flatMap(state => standings.map(standing => ({ action, state, standing }))),
)

const founding: ReadonlySet<string> = new Set(
  everyCell
    .filter(({ action, state, standing }) => {
      const row = decidingRow(action, state, 'linea', standing)
      return row !== undefined && row.because === undefined
    })
    .map(keyOf),
)

/**
 * The changes that hold. What a later version of the program does not let an institute decide any more holds no longer; what would break an
 * invariant together holds not at all, and the founding table does.
 */
export function holding(changes: readonly RuleChange[]): RuleChange[] {
  const free = tidied(changes).filter(cell => fixedBy(cell) === null)
  return violationsOf(free).length === 0 ? free : []
}

/** What becomes allowed, and what is not any more, when one set of changes takes the place of another. */
export function differenceOf(
  before: readonly RuleChange[],
  after: readonly RuleChange[],
): { gained: RuleCell[]; lost: RuleCell[] } {
  const [was, is] = [allowedWith(before), allowedWith(after)]
  const changed = everyCell.filter(cell => was(cell) !== is(cell))
  return { gained: changed.filter(is), lost: changed.filter(cell => !is(cell)) }
}
