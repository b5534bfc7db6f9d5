/**
 * The plans of the queries that a piece of work sends, so that a test can see that a list is read along its index and does not sort or
 * scan what it should not.
 */
import { CompiledQuery, createQueryId, type Kysely, type KyselyPlugin, type RootOperationNode, sql } from 'kysely'
import type { Tables } from '../../src/platform/index.ts'

/** What the database would do: indexes and tables that it reads, and how. */
export interface Plan {
  sql: string
  /** Names of the indexes that are used. */
  indexes: string[]
  /** Tables that are read from one end to the other. */
  scanned: string[]
  /** The whole plan, for what a test looks at beyond that. */
  text: string
}

/** Runs the work and returns the plan of each query that it sent. The tables should be filled and analysed. */
export async function plansOf(db: Kysely<Tables>, work: (db: Kysely<Tables>) => Promise<unknown>): Promise<Plan[]> {
  const nodes: RootOperationNode[] = []
  const listen: KyselyPlugin = {
    transformQuery({ node }) {
      nodes.push(node)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  await work(db.withPlugin(listen))
  const plans: Plan[] = []
  for (const node of nodes) {
    const query = db.getExecutor().compileQuery(node, createQueryId())
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': string }>(
      CompiledQuery.raw(`explain (costs off) ${query.sql}`, [...query.parameters]),
    )
    const text = rows.map(row => row['QUERY PLAN']).join('\n')
    plans.push({
      sql: query.sql,
      indexes: [...text.matchAll(/(?:using|Index Scan on) (\w+)/g)].map(match => match[1] ?? ''),
      scanned: [...text.matchAll(/Seq Scan on (\w+)/g)].map(match => match[1] ?? ''),
      text,
    })
  }
  return plans
}

/** Lets the planner know how much there is. */
export const analyse = (db: Kysely<Tables>): Promise<unknown> => sql`analyze`.execute(db)
