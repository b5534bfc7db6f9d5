/**
 * What stands beside the people of a night: transactions that others hold open in the same cluster, and entries that this release cannot take.
 *
 *   of another database   draws a number of the cluster's one counter and runs on, mostly beyond the instant at which all else heals
 *   of our own, long      draws its entries' numbers early and tells them late, or never
 *   an entry              of a newer release, not of its shape, of an older shape that can be read, or one on which the engine breaks off
 */
import { z } from 'zod'
import * as words from '../../src/distribution/events.ts'
import type { Engines } from '../../src/distribution/leader/memory.ts'
import { type CheckedEntry, defineEvent, system } from '../../src/platform/index.ts'
import type { Engine } from '../../src/routing/index.ts'
import type { Store } from './database.ts'
import type { World } from './world.ts'

const second = 1_000
const minute = 60 * second

/** About a place, so the leader hears of it as settings; with a shape of before. */
const unitRenamed = defineEvent('unit.renamed-in-the-night', {
  version: 2,
  payload: z.object({ name: z.string() }),
  from: { 1: old => ({ name: old.title }) },
})

/** A call of which nobody has heard. What is told of it is a fact, and changes nothing. */
const unheardOf = 'unheard-of-'
/** On a fact about such a call the engine of a night breaks off in the middle. */
const breaking = 'breaking-'

const unreadable: readonly (Pick<CheckedEntry, 'type' | 'version' | 'payload'> & { why: 'newer' | 'damaged' })[] = [
  {
    type: words.callQueued.type,
    version: words.callQueued.version + 1,
    payload: '{"section": {"id": "pensions"}}',
    why: 'newer',
  },
  { type: words.callLeftQueue.type, version: 99, payload: '{}', why: 'newer' },
  { type: words.agentAvailable.type, version: words.agentAvailable.version + 1, payload: 'null', why: 'newer' },
  { type: unitRenamed.type, version: unitRenamed.version + 1, payload: '{"names": []}', why: 'newer' },
  { type: words.callQueued.type, version: words.callQueued.version, payload: '{"sectionId": 7}', why: 'damaged' },
  { type: words.callQueued.type, version: 0, payload: '{}', why: 'damaged' },
  { type: words.offerAnswered.type, version: words.offerAnswered.version, payload: '[]', why: 'damaged' },
  { type: words.conversationEnded.type, version: words.conversationEnded.version, payload: '"ended"', why: 'damaged' },
  { type: words.agentPaused.type, version: words.agentPaused.version, payload: '{"reason": 1}', why: 'damaged' },
  { type: unitRenamed.type, version: 1, payload: '{"nome": "Pensioni"}', why: 'damaged' },
]

export class Strangers {
  private readonly world: World
  private readonly store: Store

  constructor(world: World, store: Store) {
    this.world = world
    this.store = store
  }

  /** Somebody works for long in another database of the cluster: seconds, or until long after the night. */
  holdOpen(): void {
    const { world, store } = this
    const xid = store.begin()
    world.after(world.chance(0.3) ? world.between(1_000, 2_000) * minute : world.anySize(5 * second, 120 * minute), () =>
      store.abort(xid),
    )
  }

  /** A long transaction of our own: its entries have their numbers long before anybody may see them. */
  writeForLong(): void {
    const { world, store } = this
    const xid = store.begin()
    const takes = world.anySize(5 * second, 40 * minute)
    const entries = [
      this.entry(words.callLeftQueue.type, 1, '{"reason": "tidied up"}', unheardOf),
      this.entry(words.sectionRoutingSet.type, 1, '{"sectionId": "pensions"}'),
    ]
    world.after(world.between(0, Math.min(Math.round(takes), minute)), () => {
      const placed = store.place(xid, entries)
      world.after(takes, () => {
        if (store.away || world.chance(0.2)) store.abort(xid)
        else this.commit(xid, placed)
      })
    })
  }

  /** What a node of a newer release writes, or a hand in the database. */
  writeUnreadable(why: 'newer' | 'damaged'): void {
    const { world, store } = this
    if (store.away) return
    const { type, version, payload } = world.oneOf(unreadable.filter(each => each.why === why))
    const xid = store.begin()
    const placed = store.place(xid, [this.entry(type, version, payload, unheardOf, true)])
    for (const { id } of placed) store.strange.set(id, why)
    this.commit(xid, placed)
  }

  /** What an older release wrote is read as today's. */
  writeOfBefore(): void {
    if (this.store.away) return
    const xid = this.store.begin()
    this.commit(xid, this.store.place(xid, [this.entry(unitRenamed.type, 1, '{"title": "Pensioni"}')]))
  }

  /** One at a time: of three in a row only the board would count, which does not know what somebody said during a conversation. */
  writeBreaking(): void {
    const { store } = this
    if (store.away || [...store.strange].some(([id, why]) => why === 'failed' && store.places.last.id < id)) return
    const xid = store.begin()
    const placed = store.place(xid, [this.entry(words.callLeftQueue.type, 1, '{"reason": "hung-up"}', breaking)])
    for (const { id } of placed) store.strange.set(id, 'failed')
    this.commit(xid, placed)
  }

  private commit(xid: number, placed: ReturnType<Store['place']>): void {
    this.store.commit(xid, placed)
    this.world.stir()
  }

  private entry(type: string, version: CheckedEntry['version'], payload: string, call?: string, person = false): CheckedEntry {
    return {
      at: new Date(this.store.now),
      type,
      version,
      actor: JSON.stringify(system('another')),
      channel: null,
      call_id: call === undefined ? null : `${call}${this.world.id()}`,
      case_id: null,
      contact_id: null,
      person_id: person ? this.world.id() : null,
      unit_ids: [],
      payload,
    }
  }
}

/** Engines that break off in the middle of a fact about a call of a certain kind, as an engine with a mistake would. */
export function fragile(made: Engines): Engines {
  const wrap = (engine: Engine): Engine => ({
    ...engine,
    apply(fact, at) {
      if (fact.type === 'work.gone' && fact.work.startsWith(breaking)) throw new TypeError('the engine breaks off')
      return engine.apply(fact, at)
    },
  })
  return { ...made, create: () => wrap(made.create()), restore: snapshot => wrap(made.restore(snapshot)) }
}
