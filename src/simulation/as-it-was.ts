/** A real day in the same figures as a simulated one, so that the two can be laid side by side. Pure. */
import type { RealDay } from './history.ts'
import type { Result } from './model.ts'
import { Statistics } from './statistics.ts'

const withinMs = 20_000

/** The figures of a real day. Calls that were still in the queue at midnight count as given up then. */
export function asItWas(real: RealDay): Result {
  const indexes = new Map(real.sections.map(({ id }, i) => [id, i]))
  const statistics = new Statistics(
    real.from,
    real.to,
    real.sections.map(({ id }) => ({ id, withinMs })),
  )
  const moves: { at: number; change: 1 | -1 }[] = []
  for (const call of real.calls) {
    const section = indexes.get(call.sectionId)
    if (section === undefined) continue
    const end = call.connectedAt ?? call.leftAt ?? real.to
    moves.push({ at: call.queuedAt, change: 1 }, { at: end, change: -1 })
    statistics.ended(
      section,
      call.queuedAt,
      end - call.queuedAt,
      call.connectedAt === null ? (call.how ?? 'abandoned') : 'answered',
      null,
    )
  }
  for (const { at, change } of moves.sort((a, b) => a.at - b.at || b.change - a.change)) statistics.queueChanged(at, change)
  const busy = new Set(['offered', 'in-conversation', 'wrap-up'])
  const last = new Map<string, { at: number; state: string }>()
  const duty = (personId: string, until: number) => {
    const before = last.get(personId)
    const section = indexes.get(real.skills.get(personId)?.[0]?.section ?? '')
    if (!before || section === undefined) return
    if (before.state === 'available' || busy.has(before.state)) statistics.duty(section, before.at, until, busy.has(before.state))
  }
  for (const { personId, at, state } of real.states) {
    duty(personId, at)
    last.set(personId, { at, state })
  }
  for (const [personId] of last) duty(personId, real.to)
  return statistics.result(0, 0, real.to)
}
