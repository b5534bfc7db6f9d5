/**
 * What can go wrong, said to those who can mend it.
 *
 * A `Refused` is for people: it names a sentence in the language files (`languages/<language>/<room>.json`) and the
 * values to put into it. A `Bug` is for us: it should never be seen, and is answered with 500 and logged whole.
 */

/** HTTP statuses that a refusal may have. 401 not signed in · 403 not yours to do · 404 not there, or not yours to see. */
export type RefusedStatus = 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 503

/** A request that cannot be done, with the sentence that says why and what to mend. */
export class Refused extends Error {
  /** `room.sentence`, the key of the text in the language files. */
  readonly code: string
  readonly status: RefusedStatus
  /** Values for the sentence, and facts for the program at the other end (e.g. the next free slot). */
  readonly values: Readonly<Record<string, unknown>>

  constructor(code: string, values: Readonly<Record<string, unknown>> = {}, status: RefusedStatus = 409) {
    super(code)
    this.name = 'Refused'
    this.code = code
    this.status = status
    this.values = values
  }
}

/** What can be missing; the reader's word for it is `platform.thing.<name>`. */
export const things = [
  ...([
    'absence',
    'activity',
    'addressee',
    'agenda',
    'appointment',
    'assignment',
    'assistedSession',
    'call',
    'callback',
    'case',
    'caseList',
    'closure',
    'contact',
    'deadline',
    'desk',
    'device',
    'file',
    'flow',
    'guide',
    'guideStep',
    'hall',
    'help',
    'hold',
    'letter',
    'incident',
    'interaction',
    'knownError',
  ] as const),
  ...([
    'mail',
    'mailbox',
    'mandate',
    'move',
    'municipality',
    'number',
    'numberChange',
    'person',
    'procedure',
    'question',
    'proposal',
    'recording',
    'run',
    'service',
    'session',
    'target',
    'template',
    'ticket',
    'typology',
    'unit',
    'visit',
  ] as const),
] as const
export type Thing = (typeof things)[number]

/** Nothing there, or nothing that the person may see: the two are told apart by nobody outside. */
export const notFound = (what: Thing): Refused => new Refused('platform.notFound', { what }, 404)

/** A state that the program's own rules exclude. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** The answer of a policy: allowed, or refused with the sentence that is shown. Pure; `must` turns it into an error. */
export type Verdict = { allowed: true } | { allowed: false; code: string; values?: Readonly<Record<string, unknown>> }

export const allowed: Verdict = { allowed: true }
export const refused = (code: string, values?: Readonly<Record<string, unknown>>): Verdict =>
  values ? { allowed: false, code, values } : { allowed: false, code }

/** Throws the refusal of a policy as a 403. */
export function must(verdict: Verdict): void {
  if (!verdict.allowed) throw new Refused(verdict.code, verdict.values, 403)
}
