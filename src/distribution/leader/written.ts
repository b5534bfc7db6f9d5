/**
 * Written work between the words of the journal and the words of the engine. Pure. Tickets and mails are one here: a kind is a word.
 */
import {
  type CheckedEntry,
  checkEntry,
  type Entry,
  type EventType,
  payloadOf,
  type Subjects,
  system,
  unitsIn,
} from '../../platform/index.ts'
import type { Command, RoutingEvent } from '../../routing/index.ts'
import * as words from '../events.ts'
import type { QueuedCallTable } from '../tables.ts'

/** Types that the engine hears of. */
export const heardOfWritten = [words.workQueued, words.workTaken, words.workDeclined, words.workLeft].map(event => event.type)

export const isWritten = (row: Pick<QueuedCallTable, 'kind'> | undefined): boolean =>
  row?.kind === 'ticket' || row?.kind === 'mail'

/** What an entry about written work means to the engine; null for every other. Of an entry that can be read. */
export function hearWritten(entry: Entry): RoutingEvent | null {
  const queued = payloadOf(words.workQueued, entry)
  if (queued) {
    const { work, kind, sectionId, priority, waitingSince, preferred } = queued
    return {
      type: 'work.queued',
      work,
      kind,
      section: sectionId,
      priority,
      waitingSince: Date.parse(waitingSince),
      ...(preferred === undefined ? {} : { preferred }),
      ...(entry.subjects.case === undefined ? {} : { caseId: entry.subjects.case }),
    }
  }
  const taken = payloadOf(words.workTaken, entry)
  if (taken) return { type: 'work.taken', work: taken.work, agent: taken.agent }
  const declined = payloadOf(words.workDeclined, entry)
  if (declined) return { type: 'offer.declined', offer: declined.offer, agent: declined.agent }
  const left = payloadOf(words.workLeft, entry)
  return left ? { type: 'work.gone', work: left.work } : null
}

const distribution = system('distribution')

/** The entry that tells of a command about a written work, which stands on the board as `row`; null for what nobody has to hear of. */
export function tellWritten(
  command: Command,
  at: number,
  row: QueuedCallTable,
  pathOf: (sectionId: string) => string | undefined,
): CheckedEntry | null {
  const work = row.call_id
  const entry = <P extends Record<string, unknown>>(type: EventType<P>, payload: P, person?: string): CheckedEntry => {
    const subjects: Subjects = {
      ...(row.case_id === null ? {} : { case: row.case_id }),
      ...(person === undefined ? {} : { person }),
      units: unitsIn(pathOf(row.section_id) ?? row.section_id),
    }
    return checkEntry({ type, payload, subjects, actor: distribution, at })
  }
  switch (command.type) {
    case 'offer': {
      const { offer, agent, until, reason } = command
      const kind = row.kind === 'mail' ? 'mail' : 'ticket'
      const payload = { work, offer, agent, kind, sectionId: row.section_id, until: new Date(until).toISOString() } as const
      return entry(words.workOffered, { ...payload, reason: { ...reason } }, agent)
    }
    case 'withdraw':
      return entry(
        words.workWithdrawn,
        { work, offer: command.offer, agent: command.agent, reason: command.reason },
        command.agent,
      )
    case 'connect':
      return entry(words.workConnected, { work, offer: command.offer, agent: command.agent }, command.agent)
    case 'suspend':
      return entry(words.workSuspended, { work, agent: command.agent }, command.agent)
    case 'resume':
      return entry(words.workResumed, { work, agent: command.agent }, command.agent)
    case 'released':
      return entry(words.workReleased, { work, agent: command.agent, sectionId: command.section }, command.agent)
    case 'continuity':
      return entry(words.workContinuity, { work, outcome: command.outcome, agents: [...command.agents] })
    // A section that is not known here shares nothing out: the work stays where its room has it.
    default:
      return null
  }
}
