/**
 * Why this agent, why now, why not I: in sentences. The past is read from the journal, where every offer carries its reason, and every agent's
 * states stand; the present is asked of the leader, on whatever node the question comes. While nobody leads, it is read from the leader's rows,
 * if there is little to replay.
 */

import { z } from 'zod'
import { contactCentreSections } from '../../organisation/index.ts'
import { type Entry, type House, type Language, notFound, type PersonActor, payloadOf, sentence } from '../../platform/index.ts'
import {
  callCallbackQueued,
  callQueued,
  offerAccepted,
  offerMade,
  offerWithdrawn,
  workConnected,
  workOffered,
  workWithdrawn,
} from '../events.ts'
import { rowsOf } from '../leader/database-ledger.ts'
import { readEngine } from '../leader/memory.ts'
import { askLeader, type Now, nowOf } from '../leader/questions.ts'
import { lastSnapshotSeq } from '../leader/store.ts'
import { type DeskExplanation, domain } from '../model.ts'
import { mayAskWhy } from '../policy.ts'
import { skillsOf } from '../store.ts'
import { type NotThen, notThen } from './past-agents.ts'
import { offersOfCall, offersOfWork } from './store.ts'

const Reason = z.object({
  rule: z.enum(['longest-idle', 'best-level', 'continuity', 'resume']),
  trigger: z.enum(['work', 'agent']),
  waitedMs: z.number(),
  idleMs: z.number(),
  level: z.number().nullable(),
  through: z.string(),
  waiting: z.number(),
  free: z.number(),
})

const byName: ReadonlySet<string> = new Set(['continuity', 'resume'])

/**
 * The story of a call in its queue, and why the asker does not have it.
 * @throws Refused 404 for a call that the asker has nothing to do with.
 */
export async function explainCall(
  house: House,
  actor: PersonActor,
  callId: string,
  language: Language,
): Promise<DeskExplanation> {
  const db = house.database.kysely
  const entries = await offersOfCall(db, callId)
  const served = (await skillsOf(db, actor.personId)).map(skill => skill.sectionId)
  if (!mayAskWhy(actor, concerned(entries), served)) throw notFound('call')
  return { callId, sentences: await storyOf(house, callId, entries, actor.personId, language) }
}

/** The same as `personId` would read it, asked by whoever runs the program. Empty for a call that was in no queue. */
export async function explainCallTo(house: Asked, personId: string, callId: string, language: Language): Promise<string[]> {
  const entries = await offersOfCall(house.database.kysely, callId)
  return entries.length === 0 ? [] : storyOf(house, callId, entries, personId, language)
}

/** What of the house is asked. */
type Asked = Pick<House, 'database' | 'config'>

async function storyOf(
  house: Asked,
  callId: string,
  entries: readonly Entry[],
  personId: string,
  language: Language,
): Promise<string[]> {
  const db = house.database.kysely
  const names = new Map((await contactCentreSections(db)).map(({ id, name }) => [id, name]))
  const speak = speaker(language, house.config.TIME_ZONE)
  const then = await notThen(db, personId, callId, offersToOthers(entries, personId))
  const past = entries.flatMap(entry => tellEntry(entry, personId, then.get(entry.id), names, speak))
  return [...past, ...tellNow(await now(house, callId, personId), speak)]
}

/**
 * The same of a written work of a case. Who may see the case may ask: that is looked at by the room whose work it is.
 */
export async function explainWork(
  house: House,
  actor: PersonActor,
  about: { work: string; caseId: string },
  language: Language,
): Promise<string[]> {
  const db = house.database.kysely
  const speak = speaker(language, house.config.TIME_ZONE, 'work')
  const entries = await offersOfWork(db, about)
  const then = await notThen(db, actor.personId, about.caseId, offersToOthers(entries, actor.personId))
  const past = entries.flatMap(entry => tellEntry(entry, actor.personId, then.get(entry.id), new Map(), speak))
  const explanation = await now(house, about.work, actor.personId)
  return [...past, ...(explanation === null && past.length > 0 ? [] : tellNow(explanation, speak))]
}

function offersToOthers(entries: readonly Entry[], me: string) {
  return entries.flatMap(entry => {
    const made = payloadOf(offerMade, entry) ?? payloadOf(workOffered, entry)
    if (made === undefined || made.agent === me) return []
    const reason = Reason.safeParse(made.reason)
    // To whom the work was offered by name, and written work, skills do not explain.
    const byRule = entry.type === offerMade.type && reason.success && !byName.has(reason.data.rule)
    return [{ id: entry.id, through: byRule ? reason.data.through : null }]
  })
}

function concerned(entries: readonly Entry[]): { sections: string[]; units: string[]; agents: string[] } {
  return {
    sections: entries.flatMap(
      entry =>
        payloadOf(callQueued, entry)?.sectionId ??
        payloadOf(callCallbackQueued, entry)?.sectionId ??
        payloadOf(offerMade, entry)?.sectionId ??
        [],
    ),
    units: entries.flatMap(entry => [...(entry.subjects.units ?? [])]),
    agents: entries.flatMap(entry => entry.subjects.person ?? []),
  }
}

/** Replaying so many steps takes a few hundredths of a second. */
const mostReplayed = 2_000

/** What is so now; null when the work is over, undefined when nobody leads and there is too much to replay. */
async function now({ database }: Asked, work: string, personId: string): Promise<Now | null | undefined> {
  const said = await askLeader(database, domain, work, personId)
  if (said !== undefined) return said
  // All as of one instant: between two reads a leader may write.
  return database.kysely
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const rows = rowsOf(tx, domain)
      const [last, snapshot] = [await rows.domain(), await lastSnapshotSeq(tx, domain)]
      if ((last?.seq ?? 0) - snapshot > mostReplayed) return undefined
      return nowOf((await readEngine(rows)).engine.explain(work, personId))
    })
}

interface Speaker {
  (code: string, values?: Readonly<Record<string, unknown>>): string
  clock(at: Date): string
  span(ms: number): string
}

/** Sentences about written work are their own where they must be; the others are those about calls. */
function speaker(language: Language, timeZone: string, about: 'call' | 'work' = 'call'): Speaker {
  const time = new Intl.DateTimeFormat(language, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  })
  const say = (code: string, values: Readonly<Record<string, unknown>> = {}) => {
    const own = `distribution.whyWork.${code}`
    const said = about === 'call' ? own : sentence(language, own, values)
    return said === own ? sentence(language, `distribution.why.${code}`, values) : said
  }
  return Object.assign(say, {
    clock: (at: Date) => time.format(at),
    span: (ms: number) => {
      const seconds = Math.max(0, Math.round(ms / 1000))
      return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    },
  })
}

function tellEntry(
  entry: Entry,
  me: string,
  then: NotThen | undefined,
  names: ReadonlyMap<string, string>,
  speak: Speaker,
): string[] {
  const time = speak.clock(entry.at)
  const made = payloadOf(offerMade, entry) ?? payloadOf(workOffered, entry)
  if (made) {
    const heading = speak(made.agent === me ? 'offeredToYou' : 'offeredToOther', { time })
    const reason = Reason.safeParse(made.reason)
    const notMe = then === undefined ? [] : [tellNotThen(then, speak)]
    if (!reason.success) return [heading, ...notMe]
    const { rule, trigger, level, idleMs, waitedMs, through, waiting, free } = reason.data
    return [
      heading,
      speak(`rule.${rule}`, { idle: speak.span(idleMs), level: level ?? 0 }),
      speak(`trigger.${trigger}`, { free, waiting }),
      speak('waited', { wait: speak.span(waitedMs) }),
      ...(through === made.sectionId ? [] : [speak('through', { section: names.get(through) ?? through })]),
      ...notMe,
    ]
  }
  const withdrawn = payloadOf(offerWithdrawn, entry) ?? payloadOf(workWithdrawn, entry)
  if (withdrawn) return [speak(`withdrawn.${withdrawn.reason}`, { time })]
  return payloadOf(offerAccepted, entry) || payloadOf(workConnected, entry) ? [speak('accepted', { time })] : []
}

function tellNotThen(then: NotThen, speak: Speaker): string {
  const since = 'since' in then ? speak.clock(then.since) : ''
  return speak(`notThen.${then.why}`, { since, level: then.why === 'free' ? then.level : 0 })
}

function tellNow(now: Now | null | undefined, speak: Speaker): string[] {
  if (now === undefined) return [speak('notAnswering')]
  if (now === null) return [speak('over')]
  const { ahead, waitsForUntil, why } = now
  return [
    ...(ahead === null ? [] : [speak('waiting', { ahead })]),
    ...(waitsForUntil === null ? [] : [speak('waitsFor', { time: speak.clock(new Date(waitsForUntil)) })]),
    ...(why === null ? [] : [speak(`notMe.${why}`)]),
  ]
}
