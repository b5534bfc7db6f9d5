/** Counts, by section and month, how often somebody who knows a case was asked for, and whether that person took it. */
import { appointmentCheckedIn } from '../../agenda/index.ts'
import { callContinuity, sectionOfQueue, workContinuity } from '../../distribution/index.ts'
import { dayAt, type Entry, payloadOf, type Work } from '../../platform/index.ts'
import { caseArrival } from '../events.ts'
import { referencesOf } from './service.ts'
import { countContinuity, queuedIn } from './store.ts'

export const countedForContinuity = [callContinuity, workContinuity]

/** Hears what became of somebody who was asked for. A conversation that goes on after its operator's page was lost is none of it. */
export async function followContinuity(work: Work, entry: Entry): Promise<void> {
  const { call, case: caseId } = entry.subjects
  const ofCall = payloadOf(callContinuity, entry)
  const ofWork = payloadOf(workContinuity, entry)
  const outcome = (ofCall ?? ofWork)?.outcome
  if (outcome === undefined) return
  const about = ofCall && call !== undefined ? { call } : ofWork && { case: caseId ?? null, work: ofWork.work }
  const queued = about && (await queuedIn(work.tx, about, entry.id))
  if (queued === undefined || queued.resumes) return
  const month = `${dayAt(work.house.config.TIME_ZONE, entry.at.getTime()).slice(0, 7)}-01`
  await countContinuity(work.tx, {
    ...{ month, sectionId: sectionOfQueue(queued.sectionId), outcome },
    medium: ofCall ? 'call' : 'written',
  })
}

/** Tells whoever goes on with a case that its citizen has arrived at an office; nobody who is not at work, nor who sees it anyway. */
export async function followArrival(work: Work, entry: Entry): Promise<void> {
  const { case: caseId, contact, units = [] } = entry.subjects
  const arrived = payloadOf(appointmentCheckedIn, entry)
  if (!arrived || caseId === undefined) return
  const reference = (await referencesOf(work.tx, [caseId], work.now)).get(caseId)
  if (!reference) return
  const isHere = reference.state === 'here' || reference.state === 'busy'
  const told = isHere ? reference : reference.takesOver
  if (told === null || (entry.actor.kind === 'person' && entry.actor.personId === told.id)) return
  await work.journal(
    caseArrival,
    { appointmentId: arrived.appointmentId, name: told.name },
    { case: caseId, contact, person: told.id, units },
  )
}
