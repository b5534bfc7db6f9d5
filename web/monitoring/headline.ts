/** What the figures say, as the title of the page: where does it hurt now? Pure. */
import type { AgentCounts, DayFigures, SectionFigures } from '../../src/monitoring/model.ts'

/** The share of calls that should be answered within 20 seconds. */
export const target = 0.8

/** Within which a call should be answered. */
export const thresholdSeconds = 20

/** Fewer calls than this say nothing about a share. */
const meaningful = 5

export type Headline =
  | { kind: 'nobody-free'; section: string; waiting: number }
  | { kind: 'waiting'; section: string; waiting: number }
  | { kind: 'below-target'; section: string; percent: number }
  | { kind: 'nobody-present' }
  /** Open sections in which nobody is at work. */
  | { kind: 'unstaffed'; count: number; open: number }
  /** Fewer people than open sections: each has somebody only because the same ones serve several. */
  | { kind: 'thin'; count: number; open: number }
  | { kind: 'calm' }

/** Those who take calls, or will after the one that they have. Agents in a pause are not counted. */
const atWork = (agents: AgentCounts): number => agents.available + agents.offered + agents.talking + agents.wrapUp

/**
 * What hurts most, and then how many open sections have nobody.
 * @param people all who are present, each once, however many sections they serve
 */
export function headlinesOf(sections: readonly SectionFigures[], people: AgentCounts): Headline[] {
  const first = headlineOf(sections, people)
  const unstaffed = unstaffedOf(sections)
  return unstaffed && first.kind === 'nobody-free' ? [first, unstaffed] : [first]
}

function unstaffedOf(sections: readonly SectionFigures[]): Headline | undefined {
  const open = sections.filter(section => section.isOpen)
  const empty = open.filter(section => atWork(section.agents) === 0)
  return empty.length > 0 ? { kind: 'unstaffed', count: empty.length, open: open.length } : undefined
}

function headlineOf(sections: readonly SectionFigures[], people: AgentCounts): Headline {
  const byWaiting = sections.filter(section => section.waiting > 0).toSorted((a, b) => b.waiting - a.waiting)
  const stuck = byWaiting.find(section => section.agents.available === 0)
  if (stuck) return { kind: 'nobody-free', section: stuck.name, waiting: stuck.waiting }
  if (sections.every(({ agents }) => Object.values(agents).every(count => count === 0))) return { kind: 'nobody-present' }
  const unstaffed = unstaffedOf(sections)
  if (unstaffed) return unstaffed
  const longest = byWaiting[0]
  if (longest && longest.waiting >= meaningful) return { kind: 'waiting', section: longest.name, waiting: longest.waiting }
  const worst = sections
    .flatMap(({ name, serviceLevel30: { share, offered } }) => (share !== null && offered >= meaningful ? [{ name, share }] : []))
    .toSorted((a, b) => a.share - b.share)[0]
  if (worst && worst.share < target) return { kind: 'below-target', section: worst.name, percent: Math.round(worst.share * 100) }
  const open = sections.filter(section => section.isOpen).length
  if (atWork(people) < open) return { kind: 'thin', count: atWork(people), open }
  return { kind: 'calm' }
}

/** How a wait looks: amber after the threshold of the service level, red after two minutes. */
export const waitTone = (ms: number): 'calm' | 'wait' | 'late' =>
  ms > 120_000 ? 'late' : ms > thresholdSeconds * 1_000 ? 'wait' : 'calm'

/** The fullest half hour; undefined when there was no call. */
export const peakOf = (slots: DayFigures['slots']): DayFigures['slots'][number] | undefined =>
  slots.filter(slot => slot.arrivals > 0).toSorted((a, b) => b.arrivals - a.arrivals)[0]
