/** The thread of `draw.ts`. */
import { answerQuestions } from '../platform/index.ts'
import { openCompiler } from './compile.ts'
import type { Drawing } from './draw.ts'

answerQuestions<null, Drawing>(async () => {
  const draw = openCompiler()
  return async ({ letters, title }) => draw(letters, title)
})
