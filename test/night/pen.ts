/** How the rooms write their facts: in transactions that take their time, again until they are written, and now and then twice. */
import { checkEntry, type Entry, type EventType, type SubjectName, type SubjectsOf, system } from '../../src/platform/index.ts'
import type { Store } from './database.ts'
import type { World } from './world.ts'

const rooms = system('telephony')

export class Pen {
  /** Everything goes well from now on. */
  healed = false
  readonly world: World
  readonly store: Store

  constructor(world: World, store: Store) {
    this.world = world
    this.store = store
  }

  /** Writes until it is written. A transaction takes its time, and the facts of others may be written in between. */
  write<P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    subjects: SubjectsOf<S>,
  ): Promise<void> {
    const { world, store } = this
    const { promise, resolve } = Promise.withResolvers<void>()
    const attempt = () => {
      if (store.away) return world.after(world.between(100, 1_000), attempt)
      const entry = checkEntry({ type, payload, subjects: { channel: 'telephone', ...subjects }, actor: rooms, at: store.now })
      const xid = store.begin()
      const slow = !this.healed && world.chance(store.rates.slowTransaction)
      if (slow) world.fault('slow transaction')
      const takes = slow ? world.anySize(5, 5_000) : world.between(0, 3)
      // A transaction has its number from its first word on; an entry draws its own when it is written.
      const writesAfter = world.between(0, Math.floor(takes))
      let entries: Entry[] = []
      world.after(writesAfter, () => {
        entries = store.place(xid, [entry])
      })
      return world.after(takes, () => {
        if (store.away) {
          store.abort(xid)
          world.after(world.between(100, 1_000), attempt)
          return
        }
        store.commit(xid, entries)
        world.stir()
        resolve()
      })
    }
    attempt()
    return promise
  }

  /** Whether what was just said is said again. */
  repeated(): boolean {
    if (this.healed || !this.world.chance(this.store.rates.repeated)) return false
    this.world.fault('event repeated')
    return true
  }
}
