/** Which names of roles the check finds. */
import { expect, test } from 'vitest'
import { roleNames } from './role-names.ts'

test('a role that is compared, listed, or cannot be mistaken is found; a word of the trade is none', () => {
  expect(roleNames("if (actor.role === 'supervisor')\n  a()")).toEqual([{ line: 1, role: 'supervisor' }])
  expect(roleNames("x()\nmembersOf(db, { roles: ['operator'] })")).toEqual([{ line: 2, role: 'operator' }])
  expect(roleNames("const office = ['agency_officer', 'agency_manager']")).toEqual([
    ...[{ line: 1, role: 'agency_officer' }],
    ...[{ line: 1, role: 'agency_manager' }],
  ])
  expect(roleNames("end(step, 'operator'); node.type === 'operator'; leg.role === 'caller'")).toEqual([])
})
