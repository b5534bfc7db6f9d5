/** How many people a section needs: reckoned in a thread, which ends when nobody waits for it any more. */
import type { FastifyReply } from 'fastify'
import { can } from '../../identity/index.ts'
import { unitOf } from '../../organisation/index.ts'
import { type Actor, actingPerson, type House, must, notFound, openThreads, type Threads } from '../../platform/index.ts'
import type { PlanQuery, StaffingPlan } from '../model.ts'
import { mayStaff } from '../policy.ts'
import type { StaffingOutcome, StaffingTask } from './compare.ts'
import { readSection } from './facts.ts'

declare module '../../platform/index.ts' {
  interface HouseParts {
    staffingThreads: Threads
  }
}

const ofThreads = { atOnce: 2, waiting: 6, memoryMb: 384, withinMs: 60_000, idleMs: 5 * 60_000 }

const threadsOf = (house: House): Threads =>
  (house.parts.staffingThreads ??= openThreads({
    ...ofThreads,
    program: new URL('./thread.ts', import.meta.url),
    settings: null,
  }))

/** Ends the threads of a program that stops. */
export async function closePlans(house: House): Promise<void> {
  await house.parts.staffingThreads?.close()
}

/** Tells when whoever waits for a reply is gone. */
export function goneOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/**
 * What a section's weeks ahead will be like, as it is and with other people, and how many its target needs.
 * @param signal whoever waits for it is gone: the thread ends
 * @throws Refused 403, 404 for a section out of the region, 422 where nothing says within which time tickets are solved, 503 while too many ask
 */
export async function staffingPlan(
  house: House,
  actor: Actor,
  { sectionId, people, inTime, weeks }: PlanQuery,
  signal: AbortSignal,
): Promise<StaffingPlan> {
  const region = actingPerson(actor).unitPath
  must(mayStaff(actor, region))
  const unit = await unitOf(house.database.kysely, sectionId)
  if (!unit || !can(actor, 'region.staff', unit.path)) throw notFound('unit')
  const { scenario, assumptions } = await readSection(house, { unit, region, weeks })
  const task: StaffingTask = { scenario, people, inTime }
  // The thread answers with what `planStaffing` makes.
  const outcome = (await threadsOf(house).ask(task, signal)) as StaffingOutcome
  return { ...outcome, assumptions }
}
