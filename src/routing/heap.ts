/**
 * A priority queue whose entries know their place, so that any of them can leave in O(log n), not only the first.
 *
 * Entries are ordered by `key`, then by `seq`. No two entries of one heap share both, so the first entry depends on what is
 * inside and never on the way it came in: a restored engine decides like the one that was saved.
 */

/** One thing that can wait in one heap at a time. `seq` never changes; `key` only while the entry is in no heap. */
export class Entry<T> {
  key = 0
  readonly seq: number
  readonly owner: T
  heap: Heap<T> | null = null
  slot = 0

  constructor(owner: T, seq: number) {
    this.owner = owner
    this.seq = seq
  }

  /** Leaves the heap it is in, if it is in one. */
  leave(): void {
    this.heap?.remove(this)
  }
}

/** True if `a` goes before `b`. */
export function goesBefore(a: { key: number; seq: number }, b: { key: number; seq: number }): boolean {
  return a.key < b.key || (a.key === b.key && a.seq < b.seq)
}

/** A binary heap: `first` O(1); `add`, `remove` O(log n). */
export class Heap<T> {
  private readonly slots: Entry<T>[] = []

  get size(): number {
    return this.slots.length
  }

  /** The entry that goes before all others. */
  get first(): Entry<T> | undefined {
    return this.slots[0]
  }

  /** Everything inside, in no order that means anything. */
  owners(): T[] {
    return this.slots.map(entry => entry.owner)
  }

  add(entry: Entry<T>, key: number): void {
    entry.key = key
    entry.heap = this
    this.rise(entry, this.slots.length)
  }

  remove(entry: Entry<T>): void {
    const last = this.slots.pop()
    entry.heap = null
    if (last === undefined || last === entry) return
    if (goesBefore(last, entry)) this.rise(last, entry.slot)
    else this.sink(last, entry.slot)
  }

  private rise(entry: Entry<T>, from: number): void {
    let slot = from
    while (slot > 0) {
      const above = (slot - 1) >> 1
      const parent = this.slots[above]
      if (parent === undefined || !goesBefore(entry, parent)) break
      this.slots[slot] = parent
      parent.slot = slot
      slot = above
    }
    this.slots[slot] = entry
    entry.slot = slot
  }

  private sink(entry: Entry<T>, from: number): void {
    let slot = from
    for (;;) {
      const left = 2 * slot + 1
      let child = this.slots[left]
      if (child === undefined) break
      let below = left
      const right = this.slots[left + 1]
      if (right !== undefined && goesBefore(right, child)) {
        child = right
        below = left + 1
      }
      if (!goesBefore(child, entry)) break
      this.slots[slot] = child
      child.slot = slot
      slot = below
    }
    this.slots[slot] = entry
    entry.slot = slot
  }
}
