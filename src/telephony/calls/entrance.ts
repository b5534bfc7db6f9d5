/**
 * The entrance of a program that takes calls: who is on the line comes before who calls now.
 *
 *   a caller calls ──▶ waits, while more is in hand than can be ─▶ is taken
 *                      done at once; hears it ring
 *
 * In hand is each step of a call that is being written or done on the switch, and each call that an operator has answered and that is not joined
 * yet. When the processor is used up, that is where time goes: both hear nothing, and whoever hangs up then has to be called again. So a
 * program that has too much to do takes callers later, by moments, and does not begin what it cannot go on with. A caller who has waited for long
 * enough is taken all the same: to be answered late is better than not at all.
 */
import type { Clock } from '../../platform/index.ts'

export interface Entrance {
  /** Something is in hand from now on. Returns what says that it is done, which does nothing the second time. */
  begin(): () => void
  /** Resolves when a caller may be taken, in the order in which they came; the caller is then in hand, as by `begin`. */
  enter(): Promise<() => void>
  /** Lets everybody in who waits: for a program that ends, and leaves nobody behind who has been heard. */
  open(): void
}

/** So much is in hand at most before callers are let wait. A program that keeps up has fewer at sixty calls a second. */
const maxInHand = 32
/** The longest that a caller is let wait. */
const maxWaitMs = 5_000

export function openEntrance(
  clock: Clock,
  bounds: { maxInHand: number; maxWaitMs: number } = { maxInHand, maxWaitMs },
): Entrance {
  let inHand = 0
  const waiting = new Set<() => void>()

  function begin(): () => void {
    inHand++
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      inHand--
      letIn()
    }
  }

  function letIn(): void {
    for (const enter of waiting) {
      if (inHand >= bounds.maxInHand) return
      enter()
    }
  }

  return {
    begin,
    enter() {
      if (inHand < bounds.maxInHand && waiting.size === 0) return Promise.resolve(begin())
      return new Promise(resolve => {
        const enter = () => {
          cancel()
          waiting.delete(enter)
          resolve(begin())
        }
        const cancel = clock.after(bounds.maxWaitMs, enter)
        waiting.add(enter)
      })
    },
    open() {
      for (const enter of waiting) enter()
    },
  }
}
