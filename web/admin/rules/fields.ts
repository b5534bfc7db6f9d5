/** The rules of tickets as a form: what differs from the founding table, a field for each action. Pure. */
import type { RuleCell, RuleChange, RuleLine } from '../../../src/cases/rules/model.ts'

export type Action = RuleCell['action']
export type Fields = Partial<Record<Action, readonly RuleChange[]>>

export function fieldsOf(changes: readonly RuleChange[], actions: readonly Action[]): Fields {
  return Object.fromEntries(actions.map(action => [action, changes.filter(change => change.action === action)]))
}

export const changesOf = (fields: Fields): RuleChange[] => Object.values(fields).flat()

export const isCell = (a: RuleCell, b: RuleCell): boolean =>
  a.action === b.action && a.state === b.state && a.standing === b.standing

/** Whether a question is allowed with what stands in the form. */
export const isAllowed = (fields: Fields, { founding, ...cell }: RuleLine): boolean =>
  fields[cell.action]?.find(change => isCell(change, cell))?.allowed ?? founding

/** The changes of an action after one of its questions is decided otherwise. */
export function decided(
  fields: Fields,
  { action, state, standing, founding }: RuleLine,
  allowed: boolean,
): readonly RuleChange[] {
  const cell = { action, state, standing }
  const others = (fields[action] ?? []).filter(change => !isCell(change, cell))
  return allowed === founding ? others : [...others, { ...cell, allowed }]
}
