/** How a use case refuses, for tests that expect it to. */
import { Refused } from '../../src/platform/index.ts'

/** Returns the refusal with which it ends. @throws Error when it was done, or failed otherwise */
export async function refusal(work: Promise<unknown>): Promise<Refused> {
  const error: unknown = await work.then(
    () => undefined,
    thrown => thrown,
  )
  if (!(error instanceof Refused)) throw new Error('was not refused', { cause: error })
  return error
}

/** Returns the code of its refusal: `agenda.slotTaken`. @throws Error as `refusal` */
export const refusalCode = async (work: Promise<unknown>): Promise<string> => (await refusal(work)).code

/** Returns status and code of its refusal: `409 agenda.slotTaken`. @throws Error as `refusal` */
export async function refusalLine(work: Promise<unknown>): Promise<string> {
  const { status, code } = await refusal(work)
  return `${status} ${code}`
}

/** Returns how attempts made at the same time ended, in the order of the alphabet: `done`, or status and code of the refusal. @throws whatever else goes wrong */
export async function outcomesOf(works: readonly Promise<unknown>[]): Promise<string[]> {
  const ended = await Promise.allSettled(works)
  return ended
    .map(each => {
      if (each.status === 'fulfilled') return 'done'
      if (each.reason instanceof Refused) return `${each.reason.status} ${each.reason.code}`
      throw each.reason
    })
    .sort()
}
