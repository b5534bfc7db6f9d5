/**
 * The mails of a section of the contact centre wait in a queue of their own, beside that of its calls: it has no closing time, an offer stands
 * for minutes instead of seconds, and nobody who lets one go by is set to pause. Whoever serves the section's calls is offered its mails, one
 * at a time, and each call goes before them.
 */
import { type Db, unitsIn, type Work } from '../platform/index.ts'
import { sectionMailSet } from './events.ts'
import type { WrittenSection } from './leader/centre.ts'
import type { Sharing } from './model.ts'
import { isMailOffered, readMailSections, saveMailSection } from './store.ts'

const mailSharing: Sharing = { mode: 'distributed', capacity: 1, offerMinutes: 3 }

const queueName = (sectionId: string): string => `mail:${sectionId}`

/** The section whose work waits in a queue: that of a section's mails is one of its own. */
export const sectionOfQueue = (queue: string): string => (queue.startsWith('mail:') ? queue.slice('mail:'.length) : queue)

/** The queues of mails, each with those who serve its section. */
export async function mailSections(db: Db): Promise<WrittenSection[]> {
  const sections = await readMailSections(db)
  return sections.map(({ sectionId, path, members }) => {
    const id = queueName(sectionId)
    return { id, medium: 'mail', name: id, path, sharing: mailSharing, members }
  })
}

/** The queue in which the mails of a unit wait; undefined where nobody is offered any. */
export const mailQueueFor = async (db: Db, unitId: string): Promise<string | undefined> =>
  (await isMailOffered(db, unitId)) ? queueName(unitId) : undefined

/** Says whether the mails of a section are offered from now on. */
export async function setMailSection(work: Work, { id, path }: { id: string; path: string }, enabled: boolean): Promise<void> {
  if ((await isMailOffered(work.tx, id)) === enabled) return
  await saveMailSection(work.tx, id, path, enabled)
  await work.journal(sectionMailSet, { sectionId: id, enabled }, { units: unitsIn(path) })
}
