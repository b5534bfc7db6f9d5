/** `GET /api/status`: the answer that the Italian guidelines for interoperability expect from every service. */
import { Refused } from '../errors.ts'
import { languageOf, sentence } from '../languages.ts'
import { Problem } from './problem.ts'
import { type Route, route } from './route.ts'

const Standing = Problem.pick({ type: true, title: true, status: true, detail: true }).meta({ id: 'Standing' })

/** Whether the service stands, in the form that the Italian guidelines give it: a problem that is none, with status 200. */
export const statusRoute = (ready: () => Promise<{ ready: boolean }>): Route =>
  route({
    method: 'GET',
    url: '/api/status',
    operation: 'readStatus',
    summary: 'Whether the service stands',
    description: 'Answers 200 when requests can be answered, 503 when they cannot for now.',
    tag: 'status',
    access: 'public',
    perMinute: 600,
    answer: Standing,
    answerType: 'application/problem+json',
    async handle({ request }) {
      if (!(await ready()).ready) throw new Refused('platform.notReady', { retryAfterSeconds: 5 }, 503)
      const detail = sentence(languageOf(request), 'platform.ready', {})
      return { type: 'about:blank', title: 'OK', status: 200, detail }
    },
  })
