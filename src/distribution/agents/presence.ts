/**
 * Where an agent can be rung. Every page of the desk reports every five seconds; the newest page is the telephone, the others only show.
 * When the newest has fallen silent (closed, or its machine is gone), an older one that still reports takes its place.
 *
 * A report says more than "I am here": it says whether the page's telephone is registered. An agent can be reached while a page reports
 * and its telephone is ready; the journal is told of each change, by the report or, when reports stay away, by the leader's sweep.
 */
import { type PersonActor, unitsIn, type Work } from '../../platform/index.ts'
import { agentMediaSet, agentReachable, agentUnreachable } from '../events.ts'
import { type Heartbeat, silentAfterMs } from '../model.ts'
import { takesCalls } from '../policy.ts'
import { lockPresence, markUnreachable, type PresenceRow, updatePresence } from './store.ts'

/** So many pages of one agent are remembered, to tell an old page from a new one. */
const rememberedPages = 32

/** Notes a report. Returns whether the page is the one that rings. */
export async function noteHeartbeat(work: Work, person: PersonActor, { pageId, telephoneReady }: Heartbeat): Promise<boolean> {
  const row = await lockPresence(work.tx, person, pageId, work.now)
  const known = row.pages.includes(pageId)
  const silent = work.now.getTime() - row.heard_at.getTime() > silentAfterMs
  if (known && pageId !== row.page_id && !silent) return false
  await putPage(work, person, row, pageId, telephoneReady)
  return true
}

/** The agent acts on this page, so this is the page that rings from now on. Its telephone counts as ready as it last reported. */
export async function choosePage(work: Work, person: PersonActor, pageId: string): Promise<void> {
  const row = await lockPresence(work.tx, person, pageId, work.now)
  if (row.page_id !== pageId || !row.pages.includes(pageId)) await putPage(work, person, row, pageId, false)
  const calls = takesCalls(person.role)
  if (calls === row.takes_calls) return
  await updatePresence(work.tx, person.personId, { takes_calls: calls })
  await work.journal(agentMediaSet, { calls }, subjectsOf(person.personId, person.unitPath))
}

async function putPage(work: Work, person: PersonActor, row: PresenceRow, pageId: string, ready: boolean): Promise<void> {
  const pages = row.pages.includes(pageId) ? row.pages : [...row.pages, pageId].slice(-rememberedPages)
  await updatePresence(work.tx, person.personId, {
    page_id: pageId,
    pages,
    heard_at: work.now,
    telephone_ready: ready,
    reachable: ready,
    unit_path: person.unitPath,
  })
  if (ready !== row.reachable)
    await work.journal(ready ? agentReachable : agentUnreachable, {}, subjectsOf(person.personId, person.unitPath))
}

export const subjectsOf = (personId: string, unitPath: string) => ({ person: personId, units: unitsIn(unitPath) })

/**
 * The telephone of an agent was lost in a conversation, so there is no page to ring: no offers until one reports again. In the caller's
 * transaction.
 */
export async function telephoneLost(work: Work, personId: string): Promise<void> {
  const unitPath = await markUnreachable(work.tx, personId)
  if (unitPath !== undefined) await work.journal(agentUnreachable, {}, subjectsOf(personId, unitPath))
}
