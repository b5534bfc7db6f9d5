/** Asks questions, one reader or many at once, and keeps how long each answer took. */
import type { Question } from './questions.ts'

export interface Timed {
  question: Question
  ms: number
}

/** Answers that say that there is nothing to see are as good as others; what fails is not. */
const expected = [200, 403, 404, 422]

/**
 * Asks each question `rounds` times, `readers` at once, in an order that mixes them. A run stops asking when its time is over.
 * @throws Error for an answer that the program should not give
 */
export async function read(
  base: string,
  questions: readonly Question[],
  rounds: number,
  readers: number,
  withinMs: number,
): Promise<Timed[]> {
  const order = Array.from({ length: rounds }, (_, round) => mixed(questions, round)).flat()
  const timed: Timed[] = []
  const end = performance.now() + withinMs
  let next = 0
  const reader = async () => {
    for (let question = order[next++]; question && performance.now() < end; question = order[next++]) {
      const begun = performance.now()
      const answer = await fetch(base + question.path, { headers: { cookie: question.reader.cookie } })
      await answer.arrayBuffer()
      if (!expected.includes(answer.status)) throw new Error(`${question.path} as ${question.reader.role}: ${answer.status}`)
      timed.push({ question, ms: performance.now() - begun })
    }
  }
  await Promise.all(Array.from({ length: readers }, reader))
  return timed
}

/** The same questions in another order, the same each time. */
function mixed<T>(all: readonly T[], round: number): T[] {
  const order = [...all]
  let state = round + 1
  for (let i = order.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    const j = state % (i + 1)
    const [a, b] = [order[i], order[j]]
    if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a]
  }
  return order
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
