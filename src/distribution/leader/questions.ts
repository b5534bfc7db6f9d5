/**
 * A question to the leader, from whatever node it is asked on: where a work stands now, and why not with me.
 *
 * The leader has the engine in memory and answers in one turn; to find the same from rows, the steps since the last snapshot would have to be
 * replayed. Question and answer go by NOTIFY and leave no row: a question that is lost is one that nobody has answered in time.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Database, systemClock } from '../../platform/index.ts'
import type { Engine, Explanation } from '../../routing/index.ts'

const questions = 'distribution_question'
const answers = 'distribution_answer'
/** A leader that is well answers within a hundredth of that. */
const answerWithinMs = 1_000
/** PostgreSQL takes 8,000 bytes in a notification. */
const longestAnswer = 7_500

/** What is said of now. */
export interface Now {
  /** How many are ahead in the line; null for a work that does not wait. */
  ahead: number | null
  /** Until when it waits for somebody by name, in milliseconds since the epoch. */
  waitsForUntil: number | null
  /** Why the asker does not have it. */
  why: string | null
}

const Question = z.object({ id: z.uuid(), domain: z.string(), work: z.string(), agent: z.string() })
const Answer = z.object({
  id: z.uuid(),
  now: z.object({ ahead: z.number().nullable(), waitsForUntil: z.number().nullable(), why: z.string().nullable() }).nullable(),
})

export const nowOf = (explanation: Explanation | null): Now | null =>
  explanation && {
    ahead: explanation.ahead,
    waitsForUntil: explanation.waitsFor?.until ?? null,
    why: explanation.asked?.why ?? null,
  }

type Wire = Pick<Database, 'listen' | 'query'>

/** Answers questions from the engine while the leader holds its office. Returns how to stop. */
export function answerLeaderQuestions(
  database: Wire,
  domain: string,
  engine: Pick<Engine, 'explain'>,
): Promise<() => Promise<void>> {
  return database.listen(questions, said => {
    const question = read(Question, said)
    if (question?.domain !== domain) return
    const now = nowOf(engine.explain(question.work, question.agent))
    const text = JSON.stringify({ id: question.id, now })
    // Nobody waits for long: a question that finds no answer is asked of the rows.
    if (text.length <= longestAnswer) database.query('select pg_notify($1, $2)', [answers, text]).catch(() => {})
  })
}

/** Asks the leader. Returns null for a work that is over, undefined when nobody has answered in time. */
export async function askLeader(database: Wire, domain: string, work: string, agent: string): Promise<Now | null | undefined> {
  const id = randomUUID()
  const { promise, resolve } = Promise.withResolvers<Now | null | undefined>()
  const stop = await database.listen(answers, said => {
    const answer = read(Answer, said)
    if (answer?.id === id) resolve(answer.now)
  })
  const cancel = systemClock.after(answerWithinMs, () => resolve(undefined))
  try {
    await database.query('select pg_notify($1, $2)', [questions, JSON.stringify({ id, domain, work, agent })])
    return await promise
  } finally {
    cancel()
    await stop()
  }
}

/** Anybody in the database may notify: what is not a question or an answer is let be. */
function read<T>(schema: z.ZodType<T>, said: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(said)).data
  } catch {
    return undefined
  }
}
