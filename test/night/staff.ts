/** The agents of a night: their pages report, vanish and come back, and they do at the desk what people do. */
import * as words from '../../src/distribution/events.ts'
import { heartbeatIntervalMs } from '../../src/distribution/model.ts'
import type { Centre } from './centre.ts'
import type { Pen } from './pen.ts'

const second = 1_000

export interface Agent {
  readonly id: string
  readonly path: string
  /** The page reports. */
  page: boolean
  duty: 'available' | 'paused' | 'signed-out'
  /** What rings. */
  offer: string
  talking: boolean
}

export class Staff {
  readonly agents: Agent[] = []
  private readonly pen: Pen
  private readonly centre: Centre

  constructor(pen: Pen, centre: Centre, count: number) {
    this.pen = pen
    this.centre = centre
    for (let n = 0; n < count; n++) this.agents.push(this.newAgent())
  }

  named(id: string): Agent | undefined {
    return this.agents.find(agent => agent.id === id)
  }

  private newAgent(): Agent {
    const { world, store } = this.pen
    const id = world.id()
    const agent: Agent = { id, path: 'inps/ccm/pensions/', page: false, duty: 'signed-out', offer: '', talking: false }
    this.drawSkills(agent)
    store.presence.set(id, { heardAt: 0, reachable: true, unitPath: agent.path })
    const beat = () => {
      if (agent.page && !store.away) this.report(agent)
      world.after(heartbeatIntervalMs, beat)
    }
    world.after(world.between(0, heartbeatIntervalMs), beat)
    return agent
  }

  drawSkills({ id }: Agent): void {
    const { world, store } = this.pen
    const skills = this.centre.sections.flatMap(section =>
      world.chance(0.6) ? [{ section: section.id, level: world.between(1, 5) }] : [],
    )
    store.skills.set(
      id,
      skills.sort((a, b) => (a.section < b.section ? -1 : 1)),
    )
  }

  report(agent: Agent): void {
    const { store } = this.pen
    const row = store.presence.get(agent.id)
    if (row === undefined) return
    row.heardAt = store.now
    if (row.reachable) return
    row.reachable = true
    this.pen.write(words.agentReachable, {}, { person: agent.id })
  }

  /** The page is closed, or its machine dies, without a word. */
  vanish(agent: Agent): void {
    const { world } = this.pen
    agent.page = false
    agent.offer = ''
    world.after(world.anySize(500, 180 * second), () => {
      agent.page = true
    })
  }

  /** The sweep would find it some seconds later; telephony, which hears the line break, says so at once. */
  lost(agent: Agent): void {
    this.vanish(agent)
    const row = this.pen.store.presence.get(agent.id)
    if (!row?.reachable) return
    row.reachable = false
    this.pen.write(words.agentUnreachable, {}, { person: agent.id })
  }

  /** What somebody does at the desk now and then. */
  act(agent: Agent): void {
    agent.page = true
    const what = this.pen.world.between(0, 9)
    if (what < 6) this.does(agent, 'available')
    else if (what < 8) this.does(agent, 'paused')
    else if (what === 8) this.does(agent, 'signed-out')
    else this.endWrapUp(agent)
  }

  backToWork(agent: Agent): void {
    agent.page = true
    this.report(agent)
    this.does(agent, 'available')
  }

  private does(agent: Agent, duty: Agent['duty']): void {
    const { pen } = this
    agent.duty = duty
    const say = () => {
      if (duty === 'available') pen.write(words.agentAvailable, {}, { person: agent.id })
      else if (duty === 'paused') pen.write(words.agentPaused, { reason: 'meal' }, { person: agent.id })
      else pen.write(words.agentSignedOut, {}, { person: agent.id })
    }
    say()
    if (pen.repeated()) pen.world.after(pen.world.between(0, 2 * second), say)
  }

  endWrapUp(agent: Agent): void {
    const { world } = this.pen
    world.after(world.between(1, 5) * second, () => this.pen.write(words.agentWrapUpEnded, {}, { person: agent.id }))
  }
}
