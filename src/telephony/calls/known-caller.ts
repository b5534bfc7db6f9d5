/**
 * Who calls about an open matter is kept for the person who knows it, for a while that the section bounds. The number only hints at who calls: it
 * identifies nobody, and nothing is told by it. It is asked when the caller joins the first line, since who is handed to another section goes there; and again
 * when the caller would rather be called back: then the while begins when the number may be dialled.
 */
import { askedByNumber } from '../../cases/index.ts'
import { callCallbackQueued, callQueued } from '../../distribution/index.ts'
import { type House, isOneOf } from '../../platform/index.ts'
import type { LifeState, Note } from './life/life.ts'

/** The notes of a step, with whom its call asks for. What cannot be looked up keeps nobody from the line. */
export async function withWhoKnows(
  house: House,
  { state, from, now }: { state: LifeState; from: string | null; now: Date },
  notes: readonly Note[],
): Promise<readonly Note[]> {
  const isFirst = state.transferredBy === null && state.broken === null && state.agent === null
  const queued = notes.find(({ event }) => isOneOf(event, [callQueued, callCallbackQueued]))
  if (!isFirst || state.section === null || queued === undefined) return notes
  const isCallback = isOneOf(queued.event, [callCallbackQueued])
  const preferred = await askedByNumber(
    house.database.kysely,
    isCallback ? String(queued.payload.number) : from,
    state.section,
    now,
  ).catch((error: unknown) => {
    house.log.warn({ call: state.callId, err: error }, 'telephony: who knows the caller could not be looked up')
    return undefined
  })
  if (preferred === undefined) return notes
  const sleepsMs = isCallback ? Math.max(0, Date.parse(String(queued.payload.notBefore)) - now.getTime()) : 0
  const asked = { ...preferred, boundMs: preferred.boundMs + sleepsMs }
  return notes.map(note => (note === queued ? { ...note, payload: { ...note.payload, preferred: asked } } : note))
}
