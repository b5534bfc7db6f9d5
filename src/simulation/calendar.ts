/**
 * The calendar of a simulation: what happens next. A binary heap over plain arrays of numbers, ordered by instant and then by the order in
 * which things were noted, so that a run is the same on every machine.
 */
export class EventCalendar {
  private readonly at: number[] = []
  private readonly seq: number[] = []
  private readonly what: number[] = []
  private noted = 0

  /** The next instant; Infinity when nothing is noted. */
  get next(): number {
    return this.at[0] ?? Number.POSITIVE_INFINITY
  }

  /** Notes something for an instant. Answers its number, by which a later note can be told from an earlier one about the same thing. */
  note(at: number, what: number): number {
    const seq = ++this.noted
    let hole = this.at.length
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if ((this.at[parent] ?? 0) <= at) break
      this.move(parent, hole)
      hole = parent
    }
    this.at[hole] = at
    this.seq[hole] = seq
    this.what[hole] = what
    return seq
  }

  /** Takes the next thing out. Must not be empty. */
  take(): { at: number; what: number; seq: number } {
    const taken = { at: this.at[0] ?? 0, what: this.what[0] ?? 0, seq: this.seq[0] ?? 0 }
    const at = this.at.pop() ?? 0
    const seq = this.seq.pop() ?? 0
    const what = this.what.pop() ?? 0
    const size = this.at.length
    if (size === 0) return taken
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= size) break
      if (child + 1 < size && this.goesBefore(child + 1, child)) child++
      const childAt = this.at[child] ?? 0
      if (at < childAt || (at === childAt && seq < (this.seq[child] ?? 0))) break
      this.move(child, hole)
      hole = child
    }
    this.at[hole] = at
    this.seq[hole] = seq
    this.what[hole] = what
    return taken
  }

  private goesBefore(a: number, b: number): boolean {
    const x = this.at[a] ?? 0
    const y = this.at[b] ?? 0
    return x < y || (x === y && (this.seq[a] ?? 0) < (this.seq[b] ?? 0))
  }

  private move(from: number, to: number): void {
    this.at[to] = this.at[from] ?? 0
    this.seq[to] = this.seq[from] ?? 0
    this.what[to] = this.what[from] ?? 0
  }
}
