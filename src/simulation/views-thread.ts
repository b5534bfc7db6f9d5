/** A thread of `views.ts`: reckons views on connections of its own. */
import { answerQuestions, openDatabase, systemClock } from '../platform/index.ts'
import { reckon, type ViewQuestion, type ViewSettings } from './views.ts'

answerQuestions<ViewSettings, ViewQuestion>(async ({ config }) => {
  const database = await openDatabase(config)
  return ({ view, query, clockAheadMs }) => {
    const clock = { ...systemClock, now: () => Date.now() + clockAheadMs }
    // A question names the view that its query belongs to.
    const answer = reckon[view] as (ground: object, asked: typeof query) => Promise<unknown>
    return answer({ database, config, clock }, query)
  }
})
