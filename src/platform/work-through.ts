/**
 * Work that is done by the clock, one piece after the other. What cannot be done for one piece is logged and tried again in the next run: it keeps no other
 * piece waiting, however many there are.
 */
import type { House } from './house.ts'
import { isPassing } from './use-case.ts'

/** One run takes so long at most; the next goes on. */
const runMs = 20_000
/** Where so many stay it is not the pieces that are wrong. */
const maxStays = 500

/**
 * Does `act` for one piece of what is done by the clock. Returns whether it could be done.
 * @param what of which kind the piece is, for the log, such as `agenda.remind`
 * @throws what has nothing to do with the piece, such as a database that goes away
 */
export async function onItsOwn(
  { log }: Pick<House, 'log'>,
  what: string,
  piece: Readonly<Record<string, unknown>>,
  act: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (isPassing(error)) throw error
    log.error({ what, ...piece, err: error }, 'this could not be done; the others are, and it will be tried again')
    return false
  }
}

export interface WorkThrough<T> {
  what: string
  /** Pieces that count of one run, at most. */
  most?: number
  /** Reads some of the next pieces that are due, without those of some identifiers; none when nothing is due. */
  read(except: readonly string[]): Promise<readonly T[]>
  idOf(piece: T): string
  /** Does one piece, in a transaction of its own, so that it is no longer due. Returns whether it counts. */
  act(piece: T): Promise<boolean>
}

/**
 * Does what is due, each piece once in a run, until nothing is left or the run has taken its time.
 * @returns how many counted
 * @throws what has nothing to do with one piece
 */
export async function workThrough<T>(
  house: Pick<House, 'log' | 'clock'>,
  { what, most = Number.POSITIVE_INFINITY, read, idOf, act }: WorkThrough<T>,
): Promise<number> {
  const until = house.clock.now() + runMs
  const tried = new Set<string>()
  /** Tried, and due as before. */
  const stays = new Set<string>()
  let counted = 0
  for (let goesOn = true; goesOn; ) {
    goesOn = false
    for (const piece of await read([...stays])) {
      if (counted >= most || stays.size > maxStays || house.clock.now() >= until) return counted
      const id = idOf(piece)
      goesOn ||= !stays.has(id)
      if (tried.has(id)) stays.add(id)
      else
        await onItsOwn(house, what, { id }, async () => {
          if (await act(piece)) counted++
        })
      tried.add(id)
    }
  }
  return counted
}
