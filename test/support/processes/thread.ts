/** A thread of `threads.test.ts`: computes, or fails in the way that it is asked to. */
import { answerQuestions, Refused } from '../../../src/platform/index.ts'

type Question = { double: number } | { refuse: string } | { eat: true } | { forEver: true } | { die: true }

answerQuestions<{ factor: number }, Question>(async ({ factor }) => async question => {
  if ('double' in question) return question.double * factor
  if ('refuse' in question) throw new Refused(question.refuse, { day: 'Monday' }, 422)
  if ('die' in question) process.exit(3)
  const eaten: number[][] = []
  for (;;) if ('eat' in question) eaten.push(Array.from({ length: 100_000 }, (_, n) => n))
})
