/**
 * Engines that are broken on purpose: the real one with one thing changed in its source, made when it is asked for. So what the nights are to
 * notice is an engine that is wrong, in the leader and in whoever checks it alike, as a mistake of ours would be.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Engines } from '../../src/distribution/leader/memory.ts'

interface Mutant {
  readonly what: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly instead: string
  readonly comes: string
}

export const mutants = {
  'offer-doubled': {
    what: 'an offer is made twice',
    file: 'matching.ts',
    instead: "  state.commands.push({ type: 'offer', offer: work.offer, work: work.id, agent: agent.id, until, reason })\n",
    comes:
      "  for (const _ of [1, 2]) state.commands.push({ type: 'offer', offer: work.offer, work: work.id, agent: agent.id, until, reason })\n",
  },
  'offered-in-conversation': {
    what: 'an agent in conversation is free for the next call',
    file: 'state.ts',
    instead: '|| agent.call !== null) return false',
    comes: ') return false',
  },
  'offered-out-of-reach': {
    what: 'agents whose page is silent get offers',
    file: 'state.ts',
    instead: '|| !agent.reachable ||',
    comes: '||',
  },
  'order-turned': {
    what: 'who came last goes first',
    file: 'state.ts',
    instead: 'return (base + highest - priority) * classStep + middle + work.since',
    comes: 'return (base + highest - priority) * classStep + middle - work.since',
  },
  'priority-turned': {
    what: 'the less important goes first',
    file: 'state.ts',
    instead: 'return (base + highest - priority) * classStep',
    comes: 'return (base + priority) * classStep',
  },
  'caller-dropped': {
    what: 'who is not answered in time is not put in line again',
    file: 'works.ts',
    instead: "rest' : 'written-rest', restMs)\n  lineUp(state, work)",
    comes: "rest' : 'written-rest', restMs)",
  },
  'agent-not-freed': {
    what: 'an agent whose offer was withdrawn goes on as if offered',
    file: 'matching.ts',
    instead: 'work.agent = null\n  agent.offered = null\n  return agent',
    comes: 'work.agent = null\n  return agent',
  },
  'agent-not-asked-again': {
    what: 'an agent who becomes free does not look who waits',
    file: 'agents.ts',
    instead: 'endPhase(state, agent)\n  matchAgent(state, agent)\n}\n\nfunction',
    comes: 'endPhase(state, agent)\n}\n\nfunction',
  },
  'late-answer-taken': {
    what: 'an answer to an offer that is over counts for the next',
    file: 'works.ts',
    instead: "!work || work.offer !== event.offer) {\n    state.commands.push({ type: 'reject'",
    comes: "!work) {\n    state.commands.push({ type: 'reject'",
  },
  'promise-for-ever': {
    what: 'who was promised an agent waits for that agent without end',
    file: 'works.ts',
    instead: 'if (work.promised !== null && state.now >= work.promised.until) {',
    comes: 'if (work.promised !== null && state.now < 0) {',
  },
  'ringing-for-ever': {
    what: 'an unanswered offer never ends',
    file: 'works.ts',
    instead: "if (work.state === 'offered' && work.agent !== null) offerMissed(state, work.agent, work, 'no-answer')\n  else if",
    comes: 'if',
  },
  'gone-not-forgotten': {
    what: 'who has hung up stays known',
    file: 'works.ts',
    instead: "const left = leaveEverything(state, work, false, 'work-gone')\n  state.works.delete(id)",
    comes: "const left = leaveEverything(state, work, false, 'work-gone')",
  },
  'dismissed-in-silence': {
    what: 'who meets a limit is forgotten without being told',
    file: 'limits.ts',
    instead: "      state.commands.push({ type: 'dismiss', work: work.id, reason: limit, message: action.message })\n",
    comes: '',
  },
  'callback-at-any-hour': {
    what: 'a callback is offered before it may be dialled',
    file: 'works.ts',
    instead: 'if (work.wakeAt > state.now) {',
    comes: 'if (work.wakeAt < 0) {',
  },
  'callback-after-hours': {
    what: 'a callback is offered when its hours are over',
    file: 'matching.ts',
    instead: 'state.now < work.callback.notAfter) return false',
    comes: 'state.now < work.callback.notAfter + 600_000) return false',
  },
  'callback-without-end': {
    what: 'a callback is dialled again and again',
    file: 'works.ts',
    instead: 'if (work.dialled >= terms.maxAttempts) dismiss',
    comes: 'if (work.dialled < 0) dismiss',
  },
  'ticket-kept': {
    what: 'written work in the hands of who signs out is not given back',
    file: 'works.ts',
    instead: '  lineUp(state, work)\n}\n\n/** A call, and the wrap-up',
    comes: '}\n\n/** A call, and the wrap-up',
  },
  // The next two were ours.
  'given-back-to-who-left': {
    what: 'who signs out is offered the tickets that are given back',
    file: 'agents.ts',
    instead: '  // What is given back is for the others.\n  unseat(agent)\n',
    comes: '',
  },
  'attempts-forgotten': {
    what: 'a saved engine forgets how often a call was offered',
    file: 'snapshot.ts',
    instead: 'const life = { state, agent: work.agent?.id ?? null, offer, attempts,',
    comes: 'const life = { state, agent: work.agent?.id ?? null, offer, attempts: attempts * 0,',
  },
  'idleness-forgotten': {
    what: 'a saved engine forgets since when agents are idle',
    file: 'snapshot.ts',
    instead: 'return { id, seq, ...said, phase, timer, idleSince,',
    comes: 'return { id, seq, ...said, phase, timer, idleSince: idleSince * 0,',
  },
  'time-goes-back': {
    what: 'a clock that is set back takes the engine along',
    file: 'engine.ts',
    instead: 'if (now > state.now) state.now = now',
    comes: 'state.now = now',
  },
} as const satisfies Record<string, Mutant>
export type MutantName = keyof typeof mutants

const root = join(import.meta.dirname, '..', '..')

/** The engines of a mutant. @throws Error when the engine's source has no longer what the mutant changes. */
export const enginesOf = (name: MutantName): Promise<Engines> => mutantEngines(name, mutants[name])

/**
 * The engines of another release, as right as the one of now,
 * which decides one thing otherwise: of those who are free, it asks who has been free for the shortest time.
 */
export async function otherRelease(): Promise<Engines> {
  const engines = await mutantEngines('other-release', {
    what: 'another release',
    file: 'state.ts',
    instead: '* classStep + idleSince : idleSince',
    comes: '* classStep + idleSince : -idleSince',
  })
  return { ...engines, version: engines.version + 1 }
}

async function mutantEngines(name: string, { file, instead, comes }: Mutant): Promise<Engines> {
  const from = join(root, 'src', 'routing')
  mkdirSync(join(root, '.cache'), { recursive: true })
  const to = mkdtempSync(join(root, '.cache', `${name}-`))
  try {
    for (const each of readdirSync(from)) {
      if (/\.test\.ts$|^reference\.ts$/.test(each)) continue
      const source = readFileSync(join(from, each), 'utf8')
      if (each === file && source.split(instead).length !== 2)
        throw new Error(`The mutant ${name} finds no longer what it changes in ${file}.`)
      writeFileSync(join(to, each), each === file ? source.replace(instead, () => comes) : source)
    }
    const engine: typeof import('../../src/routing/index.ts') = await import(pathToFileURL(join(to, 'index.ts')).href)
    return { version: engine.engineVersion, create: engine.createEngine, restore: engine.restoreEngine }
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
}
