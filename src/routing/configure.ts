/**
 * Changes of settings while everything runs. Nothing is lost: who waits is put in line again under the new rules, who is offered
 * or in conversation stays so.
 */
import { helpersDue } from './limits.ts'
import { leaveQueues, lineUp, matchAgent, unseat } from './matching.ts'
import type { DomainSettings, RoutingEvent, SectionSettings } from './model.ts'
import { agentNamed, countSignedIn, media, type Section, type State, seatKey, sectionNamed, takeSeats } from './state.ts'

export function configureDomain(state: State, settings: DomainSettings): void {
  state.domain = settings
  lineUpAgain(state, () => true)
}

export function configureSection(state: State, id: string, settings: SectionSettings): void {
  const section = sectionNamed(state, id)
  section.configured = true
  section.settings = { ...settings, helpers: settings.helpers.toSorted((a, b) => a.afterMs - b.afterMs) }
  for (const medium of media) {
    const { free } = section.lanes[medium]
    for (const seat of free.owners()) {
      seat.entry.leave()
      free.add(seat.entry, seatKey(settings.choice, seat.level, seat.agent.idleSince))
    }
  }
  lineUpAgain(state, other => other === section)
}

export function configureAgent(state: State, event: Extract<RoutingEvent, { type: 'agent.configured' }>): void {
  const agent = agentNamed(state, event.agent)
  unseat(agent)
  if (agent.duty !== 'signed-out') countSignedIn(agent, -1)
  agent.capacities = event.capacities
  agent.skills = event.skills
  takeSeats(state, agent)
  matchAgent(state, agent)
}

export function openSection(state: State, id: string, open: boolean): void {
  sectionNamed(state, id).open = open
}

function lineUpAgain(state: State, concerns: (section: Section) => boolean): void {
  const waiting = [...state.works.values()].filter(work => work.lined && concerns(work.lane.section))
  for (const work of waiting) leaveQueues(work)
  waiting.sort((a, b) => a.order - b.order || a.seq - b.seq)
  for (const work of waiting) {
    work.helped = helpersDue(work, state.now)
    lineUp(state, work)
  }
}
