/**
 * The names of all types of entries, for who names them without reading them: pages say of which entries they hear. Types only; the entries
 * themselves are declared in each room's `events.ts`.
 */
import type * as agenda from './agenda/events.ts'
import type * as cases from './cases/events.ts'
import type * as channels from './channels/events.ts'
import type * as registered from './channels/registered/events.ts'
import type * as classification from './classification/events.ts'
import type * as contacts from './contacts/events.ts'
import type * as counters from './counters/events.ts'
import type * as distribution from './distribution/events.ts'
import type * as guides from './guides/events.ts'
import type * as identity from './identity/events.ts'
import type * as incidents from './incidents/events.ts'
import type * as ivr from './ivr/events.ts'
import type * as organisation from './organisation/events.ts'
import type { EventType, Payload, SubjectName } from './platform/index.ts'
import type * as prevention from './prevention/events.ts'
import type * as privacy from './privacy/events.ts'
import type * as staffing from './staffing/events.ts'
import type * as telephony from './telephony/events.ts'
import type * as recordings from './telephony/prompts/recordings/events.ts'

type NamesIn<Room> = {
  [Name in keyof Room]: Room[Name] extends EventType<Payload, SubjectName, infer Type> ? Type : never
}[keyof Room]

/** The name of a type of entry: `ticket.claimed`. */
export type EntryName =
  | NamesIn<typeof agenda>
  | NamesIn<typeof cases>
  | NamesIn<typeof channels>
  | NamesIn<typeof classification>
  | NamesIn<typeof contacts>
  | NamesIn<typeof counters>
  | NamesIn<typeof distribution>
  | NamesIn<typeof guides>
  | NamesIn<typeof identity>
  | NamesIn<typeof incidents>
  | NamesIn<typeof ivr>
  | NamesIn<typeof organisation>
  | NamesIn<typeof prevention>
  | NamesIn<typeof privacy>
  | NamesIn<typeof recordings>
  | NamesIn<typeof registered>
  | NamesIn<typeof staffing>
  | NamesIn<typeof telephony>

type BeforeDot<Name extends string> = Name extends `${infer Subject}.${string}` ? Subject : never

/** The beginning of the names of all entries about something: `ticket.`. */
export type EntrySubject = `${BeforeDot<EntryName>}.`
