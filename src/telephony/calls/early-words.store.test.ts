/** The leader may be quicker than the answer that an arrival was written: what it says then of the call must not be lost. */
import type { KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { staff } from '../../../test/support/staff.ts'
import { says } from '../../../test/support/telephone-page.ts'
import { atDesk, dial, pensions, program } from '../../../test/support/telephony.ts'
import type { FlowInput } from '../../ivr/index.ts'

/** Holds the first answer to a statement of this name back: it was done, and whoever asked does not hear so yet. */
function lateAnswer(name: string): KyselyPlugin & { let(go: Promise<unknown>): void } {
  const asked = new WeakSet<object>()
  const { promise: gone, resolve } = Promise.withResolvers<unknown>()
  let isFirst = true
  return {
    let: resolve,
    transformQuery({ node, queryId }) {
      if (isFirst && node.kind === 'RawNode' && JSON.stringify(node).includes(`/* ${name} */`)) {
        isFirst = false
        asked.add(queryId)
      }
      return node
    },
    async transformResult({ result, queryId }) {
      if (asked.has(queryId)) await gone
      return result
    },
  }
}

onPostgres(open => {
  test('an offer that is made before the arrival is known to be written rings', async () => {
    const wires = lateAnswer('telephony.save-calls')
    const { house, url, journal } = await program(open, {}, wires)
    const straight: FlowInput = {
      ...{ id: 'main', name: 'Straight', languages: ['it'], start: 'queue' },
      nodes: { queue: { type: 'queue', section: pensions } },
    }
    await house.database.kysely
      .updateTable('flow')
      .set({ content: JSON.stringify(straight) })
      .where('status', '=', 'published')
      .execute()
    const anna = await atDesk(url, staff.anna)
    await anna.available()
    dial(url)
    const [offered] = await journal.until(entry => entry.type === 'offer.made')
    // The telephony's own follower has been handed the offer as well when the loop has come round.
    wires.let(new Promise(resolve => setImmediate(resolve)))
    const ring = await anna.page.until(says('ring'))
    expect(ring.callId).toBe(offered?.subjects.call)
  })
})
