/**
 * "And with two more people on Monday?" A change of a scenario, to be run with the same seed: callers, patience and questions stay the same,
 * so the difference of the results is what the change does. Pure.
 */
import { z } from 'zod'
import { halfHourMs, type Scenario } from './model.ts'

const Half = z.number().int().min(0).max(47)

export const Change = z.discriminatedUnion('kind', [
  /** So many more (or fewer) people in a section from one half hour to another. */
  z.object({
    kind: z.literal('agents'),
    section: z.string(),
    number: z.number().int().min(-5_000).max(5_000),
    fromHalfHour: Half,
    toHalfHour: z.number().int().min(1).max(48),
  }),
  /** The agents of a section help another one after a caller has waited there for so long. */
  z.object({
    kind: z.literal('helper'),
    section: z.string(),
    helps: z.string(),
    afterSeconds: z.number().int().min(0).max(3_600),
  }),
  /** Calls of a section become more or fewer by a factor: a campaign, an outage. */
  z.object({ kind: z.literal('calls'), section: z.string().nullable(), factor: z.number().min(0).max(20) }),
  /** Calls take longer or shorter by a factor. */
  z.object({ kind: z.literal('handling'), section: z.string().nullable(), factor: z.number().min(0.05).max(20) }),
  /** More calls, from elsewhere: so many expected in each half hour of the day. The calls that were there stay as they are. */
  z.object({ kind: z.literal('added'), section: z.string(), perHalfHour: z.array(z.number().min(0).max(100_000)).max(50) }),
])
export type Change = z.infer<typeof Change>

/**
 * The scenario with the changes made, in order.
 * @throws RangeError naming a section that the scenario does not have
 */
export function withChanges(scenario: Scenario, changes: readonly Change[]): Scenario {
  return changes.reduce((before, change, i) => withChange(before, change, i), scenario)
}

function withChange(scenario: Scenario, change: Change, index: number): Scenario {
  for (const section of [change.section, change.kind === 'helper' ? change.helps : null])
    if (section !== null && !scenario.sections.some(each => each.id === section))
      throw new RangeError(`The day has no section "${section}".`)
  switch (change.kind) {
    case 'agents':
      return change.number >= 0 ? withMore(scenario, change, index) : withFewer(scenario, change)
    case 'helper':
      return {
        ...scenario,
        sections: scenario.sections.map(section =>
          section.id !== change.helps
            ? section
            : {
                ...section,
                settings: {
                  ...section.settings,
                  helpers: [
                    ...section.settings.helpers.filter(helper => helper.section !== change.section),
                    { section: change.section, afterMs: change.afterSeconds * 1_000 },
                  ],
                },
              },
        ),
      }
    case 'calls':
      return {
        ...scenario,
        sections: scenario.sections.map(section =>
          change.section !== null && section.id !== change.section
            ? section
            : {
                ...section,
                arrivals: timesCalls(section.arrivals, change.factor),
                ...(section.added === undefined
                  ? {}
                  : { added: section.added.map(perHalfHour => perHalfHour.map(calls => calls * change.factor)) }),
              },
        ),
      }
    case 'added':
      return {
        ...scenario,
        sections: scenario.sections.map(section =>
          section.id === change.section ? { ...section, added: [...(section.added ?? []), change.perHalfHour] } : section,
        ),
      }
    case 'handling':
      return {
        ...scenario,
        sections: scenario.sections.map(section =>
          change.section !== null && section.id !== change.section
            ? section
            : { ...section, handling: timesDuration(section.handling, change.factor) },
        ),
      }
  }
}

function withMore(scenario: Scenario, change: Extract<Change, { kind: 'agents' }>, index: number): Scenario {
  const shift = {
    from: scenario.from + change.fromHalfHour * halfHourMs,
    to: scenario.from + change.toHalfHour * halfHourMs,
    breaks: [],
  }
  const more = Array.from({ length: change.number }, (_, n) => ({
    id: `more-${index}-${n}`,
    skills: [{ section: change.section, level: 3 as const }],
    shifts: [shift],
  }))
  return { ...scenario, agents: [...scenario.agents, ...more] }
}

/** Takes people of the section away for the time; who serves only in that time is gone. */
function withFewer(scenario: Scenario, change: Extract<Change, { kind: 'agents' }>): Scenario {
  const from = scenario.from + change.fromHalfHour * halfHourMs
  const to = scenario.from + change.toHalfHour * halfHourMs
  let left = -change.number
  return {
    ...scenario,
    agents: scenario.agents.map(agent => {
      const serves = agent.skills[0]?.section === change.section
      if (left === 0 || !serves || !agent.shifts.some(shift => shift.from < to && from < shift.to)) return agent
      left--
      const shifts = agent.shifts.flatMap(shift =>
        [
          { ...shift, to: Math.min(shift.to, from) },
          { ...shift, from: Math.max(shift.from, to) },
        ]
          .filter(part => part.from < part.to)
          .map(part => ({ ...part, breaks: part.breaks.filter(pause => part.from <= pause.from && pause.to <= part.to) })),
      )
      return { ...agent, shifts }
    }),
  }
}

type Arrivals = Scenario['sections'][number]['arrivals']

/** A real day is made denser by repeating calls a little later, and thinner by leaving some out, evenly. */
function timesCalls(arrivals: Arrivals, factor: number): Arrivals {
  if ('perHalfHour' in arrivals) return { perHalfHour: arrivals.perHalfHour.map(calls => calls * factor) }
  const wanted = Math.round(arrivals.at.length * factor)
  return {
    at: Array.from({ length: wanted }, (_, i) => {
      const source = Math.floor(i / factor)
      return (arrivals.at[source] ?? 0) + (i - Math.ceil(source * factor)) * 1_000
    }).toSorted((a, b) => a - b),
  }
}

type Handling = Scenario['sections'][number]['handling']

function timesDuration(duration: Handling, factor: number): Handling {
  switch (duration.kind) {
    case 'fixed':
      return { kind: 'fixed', ms: Math.round(duration.ms * factor) }
    case 'exponential':
      return { kind: 'exponential', meanMs: duration.meanMs * factor }
    case 'log-normal':
      return { ...duration, meanMs: duration.meanMs * factor }
    case 'hyper-exponential':
      return { ...duration, parts: duration.parts.map(part => ({ ...part, meanMs: part.meanMs * factor })) }
    case 'measured':
      return { kind: 'measured', ms: duration.ms.map(ms => ms * factor) }
  }
}
