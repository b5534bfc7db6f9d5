/**
 * A national day, for benchmarks, for trying, and for the planner before there is a history: 12 sections, 3,000 agents in two shifts,
 * 120,000 calls with the two humps of a contact centre's day. The shape of the day is made up; its size is INPS's (24 million contacts
 * in ten months of 2023 are about 100,000 calls on a working day).
 */
import { defaultSection } from '../routing/index.ts'
import { type Behaviour, halfHourMs, type Scenario, type SimulatedAgent, type SimulatedSection } from './model.ts'

/** Weights of the half hours from 8:00 to 20:00. */
const shape = [3, 6, 9, 11, 12, 12, 11, 10, 9, 8, 7, 6, 6, 6, 7, 7, 6, 5, 4, 4, 3, 3, 2, 2]
const openHalfHour = 16
const hour = 2 * halfHourMs

export const nationalBehaviour: Behaviour = {
  answerDelay: { kind: 'log-normal', meanMs: 3_000, variation: 0.6 },
  unanswered: { share: 0.01, backAfter: { kind: 'exponential', meanMs: 120_000 } },
  retrial: { share: 0.4, after: { kind: 'exponential', meanMs: 600_000 }, most: 3 },
  repeat: { share: 0.05, after: { kind: 'exponential', meanMs: 2 * hour } },
  callbackTaken: 0,
}

export interface DaySize {
  calls: number
  agents: number
  sections: number | readonly string[]
}

/**
 * The day, which begins at midnight of `from`.
 * @param size calls that are expected, agents on the list (each works 6 hours), sections: how many, or their names
 */
export function nationalDay(seed = 1, size: DaySize = { calls: 120_000, agents: 3_000, sections: 12 }, from = 0): Scenario {
  const names =
    typeof size.sections === 'number' ? Array.from({ length: size.sections }, (_, i) => `section-${i + 1}`) : size.sections
  const weights = names.map((_, i) => 1 / (i + 2))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const day = shape.reduce((sum, weight) => sum + weight, 0)
  const sections = weights.map(
    (weight, i): SimulatedSection => ({
      id: names[i] ?? '',
      settings: {
        ...defaultSection,
        wrapUpMs: 30_000,
        helpers: [{ section: names[(i + 1) % names.length] ?? '', afterMs: 60_000 }],
      },
      handling: { kind: 'log-normal', meanMs: 270_000, variation: 1 },
      patience: {
        kind: 'hyper-exponential',
        parts: [
          { share: 0.15, meanMs: 20_000 },
          { share: 0.85, meanMs: 480_000 },
        ],
      },
      arrivals: {
        perHalfHour: [
          ...new Array<number>(openHalfHour).fill(0),
          ...shape.map(each => (each / day) * (weight / total) * size.calls),
        ],
      },
      withinMs: 20_000,
    }),
  )
  const agents: SimulatedAgent[] = []
  let share = 0
  for (const [i, weight] of weights.entries()) {
    share += weight / total
    const upTo = i === weights.length - 1 ? size.agents : Math.round(share * size.agents)
    for (let n = agents.length; n < upTo; n++) agents.push(agentOf(n, i, names, from))
  }
  return { seed, from, to: from + 20 * hour, sections, agents, behaviour: nationalBehaviour }
}

/** Two of three begin at 8, the third at 13; each serves its own section and, less well, the next. */
function agentOf(n: number, section: number, names: readonly string[], from: number): SimulatedAgent {
  const begin = from + (n % 3 === 2 ? 13 : 8) * hour + (n % 4) * (halfHourMs / 2)
  const pause = begin + 3 * hour + (n % 6) * 600_000
  return {
    id: `agent-${n + 1}`,
    skills: [
      { section: names[section] ?? '', level: 4 },
      ...(names.length > 1 ? [{ section: names[(section + 1) % names.length] ?? '', level: 2 as const }] : []),
    ],
    shifts: [{ from: begin, to: begin + 6 * hour, breaks: [{ from: pause, to: pause + 900_000 }] }],
  }
}
