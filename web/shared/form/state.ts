/**
 * A form with a version: what the server has, what this page has typed on it, and what others have changed meanwhile. Pure.
 *
 * Only what was typed is kept as own and sent, against the version that it was typed on. What others change in other fields is taken in
 * silently. A field that both have changed is a clash: both texts stay, and somebody chooses.
 *
 *   opened ──typed──▶ own ──sending──▶ saved ──▶ opened
 *                      ▲        └─refused: somebody was quicker─▶ heard ──no clash──▶ own
 *                      └──────────────chosen, field by field◀── clash ◀─┘
 *
 * What the server says is ordered by its version and by nothing else: an answer that comes late never takes the place of a newer one. While
 * something is being sent, what is read meanwhile waits for the answer, so that no page takes its own save for somebody else's.
 */

/** What the server has. */
export interface Stored<F> {
  version: number
  fields: F
  /** Who made it so, and when, where that is told. */
  by?: string | null
  at?: string | null
}

export type Choice = 'mine' | 'theirs'

export interface FormState<F> {
  stored: Stored<F>
  /** The fields that were typed here and are not stored. */
  own: Partial<F>
  /** The fields that somebody else has changed as well, and which text is to count. */
  clashes: { [K in keyof F]?: Choice | 'open' }
  /** What is on its way to the server. */
  sending: Partial<F> | null
  /** What was read while something was on its way. */
  waiting: Stored<F> | null
}

/** What is kept on this machine of a form that is not saved. */
export interface Kept<F> {
  own: Partial<F>
  /** What was stored in these fields when they were typed. */
  base: Partial<F>
  clashes: FormState<F>['clashes']
  version: number
  /** ms since 1970 of the last key. */
  at: number
}

/** A field that two have changed, for showing both. */
export interface Clash<F> {
  field: keyof F & string
  mine: F[keyof F & string]
  theirs: F[keyof F & string]
  choice: Choice | 'open'
}

/** Whether two values are the same to who reads them: what is not there is as good as null. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

const keysOf = <F extends object>(part: Partial<F>): (keyof F & string)[] => Object.keys(part) as (keyof F & string)[]

function pick<F extends object>(from: Partial<F>, fields: readonly (keyof F & string)[]): Partial<F> {
  const picked: Partial<F> = {}
  for (const field of fields) if (field in from) picked[field] = from[field]
  return picked
}

/** The form as it is opened, with what was kept of it: compared with what is stored now. */
export function opened<F extends object>(stored: Stored<F>, kept: Kept<F> | null = null): FormState<F> {
  const empty: FormState<F> = { stored, own: {}, clashes: {}, sending: null, waiting: null }
  if (kept === null) return empty
  const before = { ...stored, fields: { ...stored.fields, ...kept.base } }
  const typedBefore = { ...empty, stored: before, own: kept.own, clashes: kept.clashes }
  // A reading that is older than what was typed says nothing about it: what was stored in those fields is known.
  return stored.version > kept.version ? taken(typedBefore, stored) : cleaned(typedBefore)
}

/** What stands in the fields. */
export function shown<F extends object>({ stored, own, clashes }: FormState<F>): F {
  const fields = { ...stored.fields }
  for (const field of keysOf<F>(own)) if (clashes[field] !== 'theirs') fields[field] = own[field] as F[typeof field]
  return fields
}

/** Somebody has typed, or chosen. A field that is put back to what is stored is not own any more, unless two texts stand beside each other. */
export function typed<F extends object>(state: FormState<F>, change: Partial<F>): FormState<F> {
  const own = { ...state.own, ...change }
  const clashes: FormState<F>['clashes'] = { ...state.clashes }
  for (const field of keysOf<F>(change)) {
    if (clashes[field] === 'theirs') clashes[field] = 'mine'
    if (clashes[field] === undefined && isStored(state, field, own[field])) delete own[field]
  }
  return { ...state, own, clashes }
}

/** Also what is on its way is as good as something else: to put a field back after sending it is a change again. */
const isStored = <F extends object>({ stored, sending }: FormState<F>, field: keyof F & string, value: unknown): boolean =>
  same(stored.fields[field], value) && !(sending !== null && field in sending)

/** The server was heard: read anew, or told in a refusal. */
export function heard<F extends object>(state: FormState<F>, stored: Stored<F>): FormState<F> {
  if (stored.version <= state.stored.version) return state
  if (state.sending === null) return taken(state, stored)
  return state.waiting !== null && state.waiting.version >= stored.version ? state : { ...state, waiting: stored }
}

function taken<F extends object>(state: FormState<F>, stored: Stored<F>): FormState<F> {
  const own = { ...state.own }
  const clashes: FormState<F>['clashes'] = { ...state.clashes }
  for (const field of keysOf<F>(own)) {
    if (same(own[field], stored.fields[field])) {
      delete own[field]
      delete clashes[field]
    } else if (!same(stored.fields[field], state.stored.fields[field])) clashes[field] = 'open'
  }
  return { ...state, stored, own, clashes }
}

/** What would be sent now: null while somebody has to choose, and when there is nothing. */
export function toSend<F extends object>({ own, clashes }: FormState<F>): Partial<F> | null {
  const fields = keysOf<F>(own)
  if (fields.some(field => clashes[field] === 'open')) return null
  const wanted = fields.filter(field => clashes[field] !== 'theirs')
  return wanted.length === 0 ? null : pick(own, wanted)
}

export const sent = <F extends object>(state: FormState<F>): FormState<F> => ({ ...state, sending: toSend(state) })

/** The server has it. Text typed since then stays; otherwise the text as the server keeps it is shown. */
export function saved<F extends object>(state: FormState<F>, stored: Stored<F>): FormState<F> {
  const { sending, waiting } = state
  const own = { ...state.own }
  const clashes: FormState<F>['clashes'] = { ...state.clashes }
  for (const field of keysOf<F>(own))
    if (clashes[field] === 'theirs' || (sending !== null && field in sending && same(own[field], sending[field]))) {
      delete own[field]
      delete clashes[field]
    } else if (sending !== null && field in sending) delete clashes[field]
  const newest = stored.version >= state.stored.version ? stored : state.stored
  const after = cleaned({ ...state, stored: newest, own, clashes, sending: null, waiting: null })
  return waiting === null ? after : heard(after, waiting)
}

/** Without what is stored as it was typed. */
function cleaned<F extends object>(state: FormState<F>): FormState<F> {
  const { own, stored, clashes } = state
  const fields = keysOf<F>(own).filter(field => !same(own[field], stored.fields[field]))
  return { ...state, own: pick(own, fields), clashes: pick<FormState<F>['clashes']>(clashes, fields) }
}

/** It was not saved: nobody heard it, or somebody was quicker and `stored` is what stands there now. */
export function notSaved<F extends object>(state: FormState<F>, stored: Stored<F> | null): FormState<F> {
  const { waiting } = state
  const after = cleaned({ ...state, sending: null, waiting: null })
  const first = stored === null ? after : heard(after, stored)
  return waiting === null ? first : heard(first, waiting)
}

/** Where only others' texts were chosen there is nothing to send: they stand, and what was typed goes. */
export const settled = <F extends object>(state: FormState<F>): FormState<F> =>
  toSend(state) === null && clashesOf(state).every(({ choice }) => choice === 'theirs')
    ? { ...state, own: {}, clashes: {} }
    : state

/** Whose text is to count in a field. Both stay until it is saved, so that one can choose again. */
export const chosen = <F extends object>(state: FormState<F>, field: keyof F & string, choice: Choice): FormState<F> =>
  state.clashes[field] === undefined ? state : { ...state, clashes: { ...state.clashes, [field]: choice } }

/** All that was typed and is not stored is dropped. */
export const dropped = <F extends object>(state: FormState<F>): FormState<F> => ({ ...state, own: {}, clashes: {} })

export const clashesOf = <F extends object>({ stored, own, clashes }: FormState<F>): Clash<F>[] =>
  keysOf<F>(own).flatMap(field => {
    const choice = clashes[field]
    return choice === undefined ? [] : [{ field, mine: own[field] as F[typeof field], theirs: stored.fields[field], choice }]
  })

/** Whether there is something that the server does not have. */
export const isChanged = <F extends object>({ own, clashes }: FormState<F>): boolean =>
  keysOf<F>(own).some(field => clashes[field] !== 'theirs')

/** What is to be kept on this machine; null when there is nothing. */
export function keptOf<F extends object>({ stored, own, clashes }: FormState<F>, at: number): Kept<F> | null {
  const fields = keysOf<F>(own)
  return fields.length === 0 ? null : { own, base: pick(stored.fields, fields), clashes, version: stored.version, at }
}
