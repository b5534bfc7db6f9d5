/** What must hold of an engine's state as a whole, whatever led to it. */
import type { EngineSnapshot } from '../../src/routing/index.ts'
import { isCall } from './book.ts'

export function wrongIn(state: EngineSnapshot): string[] {
  return [...wrongPairs(state), ...waitsInVain(state), ...promisesOutlived(state)]
}

/** A promise holds until its bound, not longer: what is due is done before anything else is. */
function promisesOutlived({ now, works }: EngineSnapshot): string[] {
  return works
    .filter(({ state, promised }) => state === 'waiting' && promised !== null && promised.until <= now)
    .map(({ id }) => `${id} waits beyond the bound for somebody by name`)
}

/** No agent has two calls, no call two agents, and every agent is in the one state that follows from the calls. */
function wrongPairs({ works, agents }: EngineSnapshot): string[] {
  const wrong: string[] = []
  const offered = new Map<string, string>()
  const calls = new Map<string, string>()
  for (const { id, state, agent, kind } of works) {
    const held = state === 'offered' || state === 'connected'
    if (held !== (agent !== null)) wrong.push(`${id} is ${state} with ${agent}`)
    if (agent === null) continue
    const hands = state === 'offered' ? offered : isCall(kind) ? calls : null
    if (hands === null) continue
    if (hands.has(agent)) wrong.push(`${agent} has two works`)
    hands.set(agent, id)
  }
  const sums = { offered: 0, 'in-conversation': 0, others: 0 }
  for (const { id, told, duty, phase } of agents) {
    sums[told.state === 'offered' || told.state === 'in-conversation' ? told.state : 'others']++
    const [call, offer] = [calls.get(id), offered.get(id)]
    if (call !== undefined && offer !== undefined) wrong.push(`${id} is offered ${offer} in conversation`)
    const expected = call ? 'in-conversation' : offer ? 'offered' : phase === 'wrap-up' ? 'wrap-up' : duty
    if (told.state !== expected || told.work !== (call ?? offer ?? null))
      wrong.push(`${id} is said to be ${told.state} and is ${expected}`)
  }
  const sum = sums.offered + sums['in-conversation'] + sums.others
  if (sum !== agents.length || sums.offered !== offered.size || sums['in-conversation'] !== calls.size)
    wrong.push('the states of the agents do not add up')
  return wrong
}

/** Nobody is free while a work waits that could be given to that agent. */
export function waitsInVain({ sections, agents, works }: EngineSnapshot): string[] {
  const waiting = works.filter(({ state }) => state === 'waiting')
  if (waiting.length === 0) return []
  const wrong: string[] = []
  const settings = new Map(sections.map(section => [section.id, section.settings]))
  const withOffer = new Set(works.filter(({ state }) => state === 'offered').map(work => work.agent))
  // An offer of written work, and the rest from it, keep no call away.
  const withCall = new Set(works.filter(({ agent, kind }) => agent !== null && isCall(kind)).map(work => work.agent))
  for (const agent of agents) {
    if (agent.duty !== 'available' || !agent.reachable || withCall.has(agent.id)) continue
    for (const work of waiting) {
      const calls = isCall(work.kind)
      if (agent.phase !== 'ready' && !(agent.phase === 'written-rest' && calls)) continue
      if (withOffer.has(agent.id) && !calls) continue
      const helpers = settings.get(work.section)?.helpers ?? []
      const through = [work.section, ...helpers.slice(0, work.helped).map(helper => helper.section)]
      const serves = agent.skills.some(skill => through.includes(skill.section))
      const named = work.promised?.agents.includes(agent.id) ?? false
      if ((named || (serves && !work.promised?.exclusive)) && hasRoom(agent, work, works))
        wrong.push(`${agent.id} is free while ${work.id} waits`)
    }
  }
  return wrong
}

function hasRoom(
  agent: EngineSnapshot['agents'][number],
  { kind }: EngineSnapshot['works'][number],
  works: EngineSnapshot['works'],
): boolean {
  if (kind === 'call' || kind === 'callback') return agent.capacities.call > 0
  const inHand = works.filter(work => work.state === 'connected' && work.kind === kind && work.agent === agent.id)
  return inHand.length < agent.capacities[kind]
}
