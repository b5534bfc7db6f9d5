/** Where the leader stands in the journal, a row for each save, as `router_place` and `router_look` keep it; and what may befall these rows. */
import type { DomainRow } from '../../src/distribution/leader/ledger.ts'
import { beginning, type Position } from '../../src/platform/index.ts'

interface Place {
  readonly seq: number
  readonly position: Position
  readonly isReadable: boolean
}

export type PlaceRead = Pick<DomainRow, 'position' | 'positionSeq' | 'isPlaceRead'>

export class Places {
  /** The oldest first. */
  private saves: readonly Place[] = []
  /** How far was read after the last save without a step. */
  private look: Place | null = null

  add(seq: number, position: Position): void {
    this.saves = [...this.saves, { seq, position, isReadable: true }]
  }

  readOn(seq: number, position: Position): void {
    this.look = { seq, position, isReadable: true }
  }

  /** What a snapshot makes needless goes with its steps. */
  forget(until: number): void {
    this.saves = this.saves.filter(({ seq }) => seq > until)
  }

  get last(): Position {
    return this.look?.seq === this.saves.at(-1)?.seq
      ? (this.look?.position ?? beginning)
      : (this.saves.at(-1)?.position ?? beginning)
  }

  get isDamaged(): boolean {
    return this.saves.at(-1)?.isReadable === false
  }

  /** The newest rows can no longer be read. One can: without any, entries that come late cannot be told from those taken. */
  damage(rows: number): void {
    const oldest = this.saves.findIndex(({ isReadable }) => isReadable)
    const from = Math.max(oldest + 1, this.saves.length - rows)
    this.saves = this.saves.map((place, n) => (n < from ? place : { ...place, isReadable: false }))
    if (this.look !== null && this.isDamaged) this.look = { ...this.look, isReadable: false }
  }

  /** As `readDomain` finds it. */
  read(): PlaceRead {
    const last = this.saves.at(-1)
    const { look } = this
    if (look?.isReadable && look.seq === (last?.seq ?? 0))
      return { position: look.position, positionSeq: look.seq, isPlaceRead: true }
    if (last === undefined) return { position: beginning, positionSeq: 0, isPlaceRead: true }
    const found = this.saves.findLast(({ isReadable }) => isReadable)
    if (found === undefined) throw new Error('The oldest place can always be read.')
    return { position: found.position, positionSeq: found.seq, isPlaceRead: found === last }
  }
}
