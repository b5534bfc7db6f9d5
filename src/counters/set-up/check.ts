/** Whether a set-up of counters makes sense, and what it leaves out. Pure. */
import type { KioskQuestion } from '../model.ts'
import type { CounterSetUp, SetUpHall } from './model.ts'

export interface CounterSetUpProblem {
  /** `counters.setUp.<code>` is its sentence. */
  code:
    | 'twice'
    | 'letterTwice'
    | 'deskTwice'
    | 'serviceGone'
    | 'receivedTwice'
    | 'questionGone'
    | 'questionCycle'
    | 'questionUnreached'
  /** Where it is wrong: the hall by its place in the list. */
  field: string
  /** What it is about, by name. */
  name: string
  hall: string
}

/** Returns the first thing that is wrong; undefined when nothing is. */
export function counterProblemOf({ halls }: CounterSetUp): CounterSetUpProblem | undefined {
  const received = halls.flatMap(hall => hall.services.flatMap(({ agendaServices }) => agendaServices))
  for (const [at, hall] of halls.entries()) {
    const problem = (code: CounterSetUpProblem['code'], part: string, name: string): CounterSetUpProblem => ({
      ...{ code, name, hall: hall.name, field: `setUp.halls.${at}.${part}` },
    })
    if (halls.some((other, n) => n < at && other.letter === hall.letter)) return problem('letterTwice', 'letter', hall.letter)
    if (halls.some((other, n) => n < at && other.id === hall.id)) return problem('twice', 'id', hall.name)
    for (const [n, { words, agendaServices }] of hall.services.entries())
      if (agendaServices.some(id => received.filter(each => each === id).length > 1))
        return problem('receivedTwice', `services.${n}.agendaServices`, words.it)
    const served = new Set(hall.services.map(({ id }) => id))
    for (const [n, desk] of hall.desks.entries()) {
      if (hall.desks.some((other, m) => m < n && other.label === desk.label))
        return problem('deskTwice', `desks.${n}.label`, desk.label)
      if (desk.services.some(id => !served.has(id))) return problem('serviceGone', `desks.${n}.services`, desk.label)
    }
    const asked = questionProblem(hall.questions, served)
    if (asked) return problem(asked.code, `questions.${asked.at}`, hall.questions[asked.at]?.text.it ?? '')
  }
  const ids = halls.flatMap(hall => [...hall.services, ...hall.desks].map(({ id }) => id))
  return new Set(ids).size < ids.length ? { code: 'twice', field: 'setUp.halls', name: '', hall: '' } : undefined
}

/** What is wrong with the questions of a hall: every way through them ends at one of its services, and each question is on one. */
function questionProblem(
  questions: readonly KioskQuestion[],
  served: ReadonlySet<string>,
): { code: CounterSetUpProblem['code']; at: number } | undefined {
  const placeOf = new Map(questions.map(({ id }, at) => [id, at]))
  if (placeOf.size < questions.length) return { code: 'twice', at: 0 }
  for (const [at, { answers }] of questions.entries())
    for (const { to } of answers) {
      if ('serviceId' in to && !served.has(to.serviceId)) return { code: 'serviceGone', at }
      if ('questionId' in to && !placeOf.has(to.questionId)) return { code: 'questionGone', at }
    }
  const reached = new Set<number>()
  const circle = circleFrom(questions, placeOf, 0, new Set(), reached)
  if (circle !== undefined) return { code: 'questionCycle', at: circle }
  const lost = questions.findIndex((_, at) => !reached.has(at))
  return lost < 0 ? undefined : { code: 'questionUnreached', at: lost }
}

/** The question that leads back to one before it; what is met on the way is noted as reached. */
function circleFrom(
  questions: readonly KioskQuestion[],
  placeOf: ReadonlyMap<string, number>,
  at: number,
  above: ReadonlySet<number>,
  reached: Set<number>,
): number | undefined {
  const question = questions[at]
  if (!question || reached.has(at)) return undefined
  const before = new Set([...above, at])
  for (const { to } of question.answers) {
    const next = 'questionId' in to ? placeOf.get(to.questionId) : undefined
    if (next === undefined) continue
    if (before.has(next)) return at
    const circle = circleFrom(questions, placeOf, next, before, reached)
    if (circle !== undefined) return circle
  }
  // A question is done with once all ways from it are known to end: then it need not be gone through again.
  reached.add(at)
  return undefined
}

/** The services of a hall to which no answer of the kiosk leads: the reception desk alone writes somebody in for them. */
export function notAtKiosk(hall: SetUpHall): string[] {
  const led = new Set(
    hall.questions.flatMap(({ answers }) => answers.flatMap(({ to }) => ('serviceId' in to ? to.serviceId : []))),
  )
  return hall.services.filter(({ id }) => !led.has(id)).map(({ words }) => words.it)
}
