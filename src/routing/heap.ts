/**
 * A priority queue whose entries know their place, so that any of them can leave in O(log n), not only the first.
 *
 * Entries are ordered by `key`, then by `seq`. No two entries of one heap share both, so the first entry depends on what is
 * inside and never on the way it came in: a restored engine decides like the one that was saved.
 */

/** One thing that can wait in one heap at a time. `seq` never changes; `key` only while the entry is in no heap. */
export class HeapEntry<T> {
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

/** Children of a slot. Four lie side by side in memory and halve the depth; two would walk twice as far through it. */
const width = 4

/**
 * A heap: `first` O(1); `add`, `move`, `remove` O(log n). Keys are kept beside the entries in lists of their own, so that finding a place
 * compares numbers that lie together instead of visiting one object after the other.
 */
export class Heap<T> {
  private readonly slots: HeapEntry<T>[] = []
  private readonly keys: number[] = []
  private readonly seqs: number[] = []

  get size(): number {
    return this.slots.length
  }

  /** The entry that goes before all others. */
  get first(): HeapEntry<T> | undefined {
    return this.slots[0]
  }

  /** Everything inside, in no order that means anything. */
  owners(): T[] {
    return this.slots.map(entry => entry.owner)
  }

  add(entry: HeapEntry<T>, key: number): void {
    entry.key = key
    entry.heap = this
    this.rise(entry, this.slots.length)
  }

  /** Gives another key to an entry that is inside. */
  move(entry: HeapEntry<T>, key: number): void {
    const later = key > entry.key
    entry.key = key
    if (later) this.sink(entry, entry.slot)
    else this.rise(entry, entry.slot)
  }

  remove(entry: HeapEntry<T>): void {
    const last = this.slots.pop()
    this.keys.pop()
    this.seqs.pop()
    entry.heap = null
    if (last === undefined || last === entry) return
    if (goesBefore(last, entry)) this.rise(last, entry.slot)
    else this.sink(last, entry.slot)
  }

  private rise(entry: HeapEntry<T>, from: number): void {
    const { key, seq } = entry
    let slot = from
    while (slot > 0) {
      const above = (slot - 1) >> 2
      const parent = this.slots[above]
      if (parent === undefined || !this.isBefore(key, seq, above)) break
      this.put(parent, slot, this.keys[above] ?? 0)
      slot = above
    }
    this.put(entry, slot, key)
  }

  private sink(entry: HeapEntry<T>, from: number): void {
    const { key, seq } = entry
    const { length } = this.slots
    let slot = from
    for (let below = this.firstOf(slot, length); below >= 0; below = this.firstOf(slot, length)) {
      const child = this.slots[below]
      if (child === undefined || this.isBefore(key, seq, below)) break
      this.put(child, slot, this.keys[below] ?? 0)
      slot = below
    }
    this.put(entry, slot, key)
  }

  /** The child that goes first; -1 without children. */
  private firstOf(slot: number, length: number): number {
    const start = slot * width + 1
    if (start >= length) return -1
    const end = Math.min(start + width, length)
    let best = start
    let bestKey = this.keys[start] ?? 0
    for (let child = start + 1; child < end; child++) {
      const key = this.keys[child] ?? 0
      if (key < bestKey || (key === bestKey && (this.seqs[child] ?? 0) < (this.seqs[best] ?? 0))) {
        best = child
        bestKey = key
      }
    }
    return best
  }

  private isBefore(key: number, seq: number, slot: number): boolean {
    const other = this.keys[slot] ?? 0
    return key < other || (key === other && seq < (this.seqs[slot] ?? 0))
  }

  private put(entry: HeapEntry<T>, slot: number, key: number): void {
    this.slots[slot] = entry
    this.keys[slot] = key
    this.seqs[slot] = entry.seq
    entry.slot = slot
  }
}
