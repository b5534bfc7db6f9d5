/**
 * How long a national day takes in the simulator: 120,000 calls, 3,000 agents, 12 sections that help each other, patience, retrials, and
 * the real engine with all that it does (announcements, expected waits, reasons).
 */
import { nationalDay, simulate } from '../src/simulation/index.ts'

const runs = 5
const targetSeconds = 2

export default async function bench(): Promise<void> {
  const scenario = nationalDay()
  simulate(nationalDay(2, { calls: 20_000, agents: 500, sections: 12 }))
  const results = Array.from({ length: runs }, () => {
    const started = performance.now()
    const result = simulate(scenario)
    return { seconds: (performance.now() - started) / 1000, result }
  }).toSorted((a, b) => a.seconds - b.seconds)
  const median = results[Math.floor(runs / 2)]
  if (!median) return
  const { seconds, result } = median
  const { total } = result
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  console.table({
    'seconds, median of five (target ≤ 2)': seconds.toFixed(2),
    'seconds, best and worst': `${results[0]?.seconds.toFixed(2)} … ${results.at(-1)?.seconds.toFixed(2)}`,
    'facts told to the engine': result.events,
    'calls, calls again included': total.arrived,
    'answered within 20 s': percent(total.serviceLevel),
    'mean wait of the answered, s': (total.averageSpeedOfAnswerMs / 1000).toFixed(1),
    'gave up': percent(total.abandonment),
    occupancy: percent(total.occupancy),
    'calls again after giving up': result.retrials,
    'within the target': seconds <= targetSeconds ? 'yes' : 'no',
  })
  console.log(
    `bench simulate day_s=${seconds.toFixed(2)} events_per_s=${Math.round(result.events / seconds)} calls=${total.arrived} agents=${scenario.agents.length}`,
  )
}
