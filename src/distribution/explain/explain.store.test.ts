/** Why not I, asked on a node that does not lead. */
import { type KyselyPlugin, sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { onPostgres } from '../../../test/support/database.ts'
import { about, agentNumber, listener, onDuty, openCentre, queue, staffed } from '../../../test/support/routing.ts'
import { type Distribution, startDistribution } from '../leader/start.ts'
import { explainCallTo } from './explain.ts'

const [anna, luca] = [agentNumber(910), agentNumber(911)]
let leading: Distribution | undefined
afterEach(() => leading?.close())

onPostgres(open => {
  test('the leader answers, and no step is read, however many there are; while nobody leads, little is replayed or it is not told', async () => {
    const { house, another } = await open()
    const second = await another()
    const journal = await listener(house)
    leading = startDistribution(house, openCentre)
    await staffed(house, [anna, luca])
    await onDuty(house, anna)
    const call = await queue(house, house.ids())
    await journal.until(about(call, 'offer.made'))
    const sent: string[] = []
    const listening: KyselyPlugin = {
      transformQuery({ node }) {
        sent.push(JSON.stringify(node))
        return node
      },
      transformResult: async ({ result }) => result,
    }
    const node = { ...second, database: { ...second.database, kysely: second.database.kysely.withPlugin(listening) } }
    const last = async () => (await explainCallTo(node, luca.personId, call, 'en')).at(-1)
    expect(await last()).toBe('It is with a colleague.')
    expect(sent.length).toBeGreaterThan(0)
    expect(sent.filter(query => query.includes('router_step'))).toEqual([])

    await leading.close()
    expect(await last()).toBe('It is with a colleague.')
    await sql`
      insert into router_place (domain, after_seq, seq, epoch, position)
      select domain, seq, seq + 2001, epoch, position from router_place order by after_seq desc limit 1`.execute(
      house.database.kysely,
    )
    expect(await last()).toBe('Nobody distributes calls at the moment: where it stands now cannot be told.')
  })
})
