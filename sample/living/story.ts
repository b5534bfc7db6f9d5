/**
 * What the makers of the living sample write: rows and entries of the journal, a day at a time. An entry may be noted long before its day; it is
 * handed out with it, in order of time.
 */
import type { Insertable } from 'kysely'
import {
  type Actor,
  type CheckedEntry,
  checkEntry,
  dayAt,
  type EventType,
  type PersonActor,
  type SubjectName,
  type SubjectsOf,
  type Tables,
} from '../../src/platform/index.ts'
import { sampleId } from '../organisation.ts'

/** The tables that are written, each after those that it names. */
export const writtenTables = [
  'contact',
  'contact_phone',
  'contact_email',
  'contact_unit',
  'contact_key',
  'call',
  'call_turn',
  'case',
  'case_unit',
  'interaction',
  'ticket',
  'ticket_deadline',
  'citizen_question',
  'ticket_return',
  'case_note',
  'ticket_question',
  'note_mention',
  'absence',
  'saved_ticket_list',
  'message',
  'answer_draft',
  'appointment',
  'appointment_call',
  'agenda_hold',
  'agenda_taken',
  'mail',
] as const
export type WrittenTable = (typeof writtenTables)[number]

/** Columns that the makers write of a table; Date and text stand for what the database makes of them. */
export type RowOf<T extends WrittenTable> = Insertable<Tables[T]>
type Rows = { [T in WrittenTable]?: RowOf<T>[] }

export interface Batch {
  day: string
  rows: Rows
  entries: CheckedEntry[]
}

/** The kinds of things that have identifiers, each with a group of its own: what people make has none of these. */
const groups = {
  contact: '8100',
  case: '8200',
  interaction: '8300',
  ticket: '8400',
  call: '8500',
  text: '8600',
  mail: '8700',
  appointment: '8800',
  hold: '8900',
  absence: '8a00',
  list: '8b00',
  dialled: '8c00',
} as const

/** The first identifier of the living sample, and the one after its last. */
export const livingIds = { from: sampleId('8100', 0), below: sampleId('9000', 0) } as const

export class Story {
  private readonly drawn = new Map<string, number>()
  private readonly ofDay = new Map<string, CheckedEntry[]>()
  private rows: Rows = {}
  private readonly timeZone: string
  /** Nothing happens after this instant. */
  readonly now: number

  constructor(now: number, timeZone: string) {
    this.now = now
    this.timeZone = timeZone
  }

  id(kind: keyof typeof groups): string {
    const n = (this.drawn.get(kind) ?? 0) + 1
    this.drawn.set(kind, n)
    return sampleId(groups[kind], n)
  }

  add<T extends WrittenTable>(table: T, row: RowOf<T>): void {
    const rows: RowOf<T>[] | undefined = this.rows[table]
    if (rows) rows.push(row)
    else Object.assign(this.rows, { [table]: [row] })
  }

  /** Notes what happened at an instant; what lies after now is not noted. */
  note<P extends Record<string, unknown>, S extends SubjectName>(
    type: EventType<P, S>,
    payload: P,
    at: number,
    actor: Actor,
    subjects: SubjectsOf<S>,
  ): void {
    if (at <= this.now) this.keep(checkEntry({ type, payload, at: Math.round(at), actor, subjects }))
  }

  keep(entry: CheckedEntry): void {
    const day = dayAt(this.timeZone, Number(entry.at))
    const entries = this.ofDay.get(day)
    if (entries) entries.push(entry)
    else this.ofDay.set(day, [entry])
  }

  /** Hands out what was written since the day before, and the entries of a day. */
  take(day: string): Batch {
    const entries = (this.ofDay.get(day) ?? []).sort((a, b) => Number(a.at) - Number(b.at))
    this.ofDay.delete(day)
    const { rows } = this
    this.rows = {}
    return { day, rows, entries }
  }
}

/** A person as who does something. */
export interface Staff {
  id: string
  name: string
  actor: PersonActor
}
