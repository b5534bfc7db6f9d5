/**
 * How far a reader has read the journal. Everything with a number up to `id` that is visible in `snapshot` has been read, and nothing else.
 *
 * What is unread is therefore of two kinds: what has a greater number, and what comes late, with a number up to `id`, from a transaction
 * that was still running at the snapshot. Positions have no order among themselves and need none.
 *
 * Transaction numbers belong to one cluster. A position says of which era of the journal they are (eras.ts); everything of an earlier era
 * counts as visible. Era 0 is what was written before there were eras. It was read in the order of (xid, id), and a position in it still
 * means that: everything up to (`xmax` of the snapshot, `id`) has been read.
 */
import { Bug } from '../errors.ts'

export interface Position {
  readonly era: number
  /** A `pg_snapshot` as PostgreSQL writes it: `xmin:xmax:xip,xip`. */
  readonly snapshot: string
  readonly id: number
}

/** Nothing has been read. */
export const beginning: Position = { era: 0, snapshot: '0:0:', id: 0 }

/** A snapshot taken apart. Visible are the transactions below `xmax` that were not `running`. */
export interface TransactionSnapshot {
  readonly xmin: bigint
  readonly xmax: bigint
  readonly running: readonly bigint[]
}

/** Returns the parts of a `pg_snapshot`. */
export function parseSnapshot(snapshot: string): TransactionSnapshot {
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':')
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: running === '' ? [] : running.split(',').map(BigInt) }
}

/** Returns a test for whether an entry has been read at a position. Only for entries and positions of the same era. */
export function readAt(position: Position): (entry: { readonly xid: string; readonly id: number }) => boolean {
  const { xmax, running } = parseSnapshot(position.snapshot)
  const unseen = new Set(running.map(String))
  return ({ xid, id }) => id <= position.id && BigInt(xid) < xmax && !unseen.has(xid)
}

/** So many characters fit into any header. */
const maxTextLength = 2_000

/**
 * Returns a position as short text of digits, hyphens and points, for a column or for a header such as `Last-Event-ID`.
 * @param longest when the text would have more characters than that, it tells of an earlier position, from which some entries are read
 * again and none is left out.
 */
export function positionText({ era, snapshot, id }: Position, longest = maxTextLength): string {
  const { xmin, xmax, running } = parseSnapshot(snapshot)
  const text = (end: bigint, offsets: readonly bigint[]) => [era, id, xmin, end - xmin, offsets.join('.')].join('-')
  const exact = text(
    xmax,
    running.map(xid => xid - xmin),
  )
  return exact.length <= longest ? exact : text(xmin, [])
}

/** The same in full, for where entries must not come twice. */
export const wholePositionText = (position: Position): string => positionText(position, Number.POSITIVE_INFINITY)

const shape = /^(\d{1,9})-(\d{1,16})-(\d{1,20})-(\d{1,20})-((?:\d{1,20})?(?:\.\d{1,20})*)$/

/** Returns the position that a text tells of; undefined for any other text. */
export function readPosition(text: string): Position | undefined {
  const [, era, id, xmin, width, offsets] = shape.exec(text) ?? []
  if (era === undefined || id === undefined || xmin === undefined || width === undefined || offsets === undefined)
    return undefined
  const [start, end] = [BigInt(xmin), BigInt(xmin) + BigInt(width)]
  const running = offsets === '' ? [] : offsets.split('.').map(offset => start + BigInt(offset))
  const isSnapshot = end < 2n ** 63n && running.every((xid, i) => xid < end && xid > (running[i - 1] ?? -1n))
  if (!isSnapshot || Number(id) > Number.MAX_SAFE_INTEGER) return undefined
  return { era: Number(era), snapshot: `${start}:${end}:${running.join(',')}`, id: Number(id) }
}

/** Returns the position that a reader has kept as its place; the empty place is the beginning. @throws Bug for any other text */
export function positionOfPlace(place: string): Position {
  const position = place === '' ? beginning : readPosition(place)
  if (position === undefined) throw new Bug(`"${place}" is no place in the journal.`)
  return position
}
