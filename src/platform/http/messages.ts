/**
 * What live pages are told: that something happened to something, never what it says. The page then asks the API, where the same rights apply
 * as ever.
 *
 * A message is made once, however many read it. Entries about the same thing that the same people may know of are one message, which lists
 * their types: a call that is offered, answered and connected in one go moves a page once. Pure.
 */
import type { Entry } from '../events/event.ts'

export interface Message {
  /** As it goes over the wire. */
  readonly text: string
  /** Whoever belongs to one of these groups may have it. */
  readonly groups: readonly string[]
  /** What it tells of. */
  readonly entries: readonly Pick<Entry, 'xid' | 'id'>[]
}

/** The groups that somebody belongs to; `own` is nobody else's. */
export interface Groups {
  readonly own: string
  readonly shared: readonly string[]
}

/** Makes the messages that tell of some entries, in the order in which each thing is first met. */
export function messagesOf(entries: readonly Entry[], groupsOf: (entry: Entry) => readonly string[]): Message[] {
  const merged = new Map<string, { groups: readonly string[]; about: object; types: Set<string>; entries: Entry[] }>()
  for (const entry of entries) {
    const { call, case: caseId, contact, person, units } = entry.subjects
    const about = { call, case: caseId, contact, person, units }
    const groups = groupsOf(entry)
    const key = JSON.stringify([about, groups])
    const known = merged.get(key)
    if (known) {
      known.types.add(entry.type)
      known.entries.push(entry)
    } else merged.set(key, { groups, about, types: new Set([entry.type]), entries: [entry] })
  }
  return Array.from(merged.values(), ({ groups, about, types, entries }) => ({
    text: `data: ${JSON.stringify({ types: [...types], ...about })}\n\n`,
    groups,
    entries: entries.map(({ xid, id }) => ({ xid, id })),
  }))
}

/** Tells a page that it has missed something that nobody can tell any more: it asks for everything again. */
export const anew = 'data: {"anew":true}\n\n'

/** Tells a page that others of the same reader have taken its place: it comes back when it is looked at. */
export const replaced = 'data: {"replaced":true}\n\n'

/** Tells a page up to where it has been told everything: with this it asks to go on after a break. */
export const place = (position: string): string => `id: ${position}\n\n`

/** Says nothing, so that a dead connection is noticed. */
export const stillHere = ':\n\n'

/** Puts together what the readers of the same groups are told, once for all of them. Undefined when they are told nothing. */
export function textsOf(messages: readonly Message[], end: string): (groups: Groups) => Buffer | undefined {
  const ofGroup = new Map<string, number[]>()
  for (const [i, { groups }] of messages.entries())
    for (const group of groups) {
      const known = ofGroup.get(group)
      if (known) known.push(i)
      else ofGroup.set(group, [i])
    }
  const ofShared = new Map<string, { has: ReadonlySet<number>; text: string; whole: Buffer | undefined }>()
  const textOf = (numbers: Iterable<number>) => Array.from(numbers, i => messages[i]?.text ?? '').join('')
  const sharedBy = (shared: readonly string[]) => {
    const active = shared.filter(group => ofGroup.has(group))
    const key = active.join('\n')
    let known = ofShared.get(key)
    if (!known) {
      const has = new Set(active.flatMap(group => ofGroup.get(group) ?? []).sort((a, b) => a - b))
      const text = textOf(has)
      known = { has, text, whole: has.size > 0 ? Buffer.from(text + end) : undefined }
      ofShared.set(key, known)
    }
    return known
  }
  return ({ own, shared }) => {
    const { has, text, whole } = sharedBy(shared)
    const more = (ofGroup.get(own) ?? []).filter(i => !has.has(i))
    return more.length === 0 ? whole : Buffer.from(text + textOf(more) + end)
  }
}
