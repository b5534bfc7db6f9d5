/** The rules of tickets in force: the next action is judged by them, everywhere; two who set them at once; what cannot be read is passed over. */
import { describe, expect, test } from 'vitest'
import { onOneSession } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { Refused } from '../../platform/index.ts'
import type { RuleChange } from './model.ts'
import { ruleHistory, setRules, ticketRules } from './service.ts'
import { rulesInForce } from './store.ts'

const { headquarters } = staff
const toClaim: RuleChange = { action: 'claim', state: 'pool', standing: 'same-centre', allowed: true }

const refusalOf = async (act: Promise<unknown>): Promise<[number, string]> => {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Refused)) throw new Error('It was not refused.')
  return [error.status, error.code]
}

onOneSession(open => {
  describe('rules of tickets', () => {
    test('only headquarters set them, within the founding rules', async () => {
      const { house } = await open()
      const set = (actor: typeof headquarters, changes: RuleChange[]) =>
        setRules(house, actor, { version: 0, changes, reason: 'why' })
      expect(await refusalOf(set(staff.coordinator, [toClaim]))).toEqual([403, 'cases.policy.onlyHeadquartersSetsRules'])
      expect(await refusalOf(set(headquarters, [{ ...toClaim, standing: 'agency' }]))).toEqual([
        422,
        'cases.invariant.noDelegation',
      ])
      expect((await ticketRules(house, headquarters, 'it')).version).toBe(0)
    })

    test('of two who set them at once one is told, and what holds is one of them whole', async () => {
      const { house } = await open()
      const both = await Promise.allSettled(
        ['first', 'second'].map(reason => setRules(house, headquarters, { version: 0, changes: [toClaim], reason })),
      )
      expect(both.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
      const lost = both.find(each => each.status === 'rejected')
      expect(lost?.reason).toMatchObject({ status: 412, code: 'platform.changedMeanwhile' })
      const { items } = await ruleHistory(house, headquarters, { limit: 10 })
      expect(items.map(({ version, changes }) => ({ version, changes }))).toEqual([{ version: 1, changes: [toClaim] }])
    })

    test('the history has pages, the newest first', async () => {
      const { house } = await open()
      for (let version = 0; version < 5; version++)
        await setRules(house, headquarters, { version, changes: version % 2 === 0 ? [toClaim] : [], reason: `n. ${version + 1}` })
      const first = await ruleHistory(house, headquarters, { limit: 3 })
      const second = await ruleHistory(house, headquarters, { limit: 3, cursor: first.next ?? undefined })
      expect([...first.items, ...second.items].map(each => each.version)).toEqual([5, 4, 3, 2, 1])
      expect(second.next).toBeNull()
    })

    test('what a newer release has written, or what is fixed by now, does not hold and stops nothing', async () => {
      const { house } = await open()
      const strange = { action: 'sing', state: 'pool', standing: 'holder', allowed: true }
      const fixed: RuleChange = { action: 'claim', state: 'pool', standing: 'agency', allowed: true }
      await house.database.kysely
        .insertInto('ticket_rules')
        .values({ version: 1, changes: JSON.stringify([strange, fixed, toClaim]), reason: 'x', by_name: 'x', at: new Date() })
        .execute()
      expect(await rulesInForce(house.database.kysely)).toEqual({ version: 1, changes: [toClaim] })
    })
  })
})
