/**
 * The appointment as an entry of the citizen's own calendar (iCalendar, RFC 5545; sent as RFC 6047 says). Pure.
 *
 * The same UID for the life of the appointment and a SEQUENCE that grows with each change let a calendar program change its entry, and
 * take it out, where a new one would stand beside the old. The time is office time with its zone spelled out: who opens it abroad sees
 * when the office expects them. In the hour that comes twice, in October, only UTC says which of the two is meant.
 */
import { changeAfter, changeBefore, offsetAt } from '../platform/index.ts'

export interface Invitation {
  method: 'REQUEST' | 'CANCEL'
  uid: string
  sequence: number
  /** Instants are milliseconds. */
  stamp: number
  start: number
  end: number
  timeZone: string
  summary: string
  description: string
  location: string
  organizer: { name: string; address: string }
  attendee: { name: string; address: string }
}

export function invitation(event: Invitation): string {
  const zone = event.timeZone
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Filo Diretto//Agenda//IT',
    'CALSCALE:GREGORIAN',
    `METHOD:${event.method}`,
    'BEGIN:VTIMEZONE',
    `TZID:${zone}`,
    ...observances(event.start, zone),
    'END:VTIMEZONE',
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utc(event.stamp)}`,
    `DTSTART${time(event.start, zone)}`,
    `DTEND${time(event.end, zone)}`,
    `SUMMARY:${escaped(event.summary)}`,
    `DESCRIPTION:${escaped(event.description)}`,
    `LOCATION:${escaped(event.location)}`,
    `ORGANIZER;CN=${quoted(event.organizer.name)}:mailto:${event.organizer.address}`,
    `ATTENDEE;CN=${quoted(event.attendee.name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:${event.attendee.address}`,
    `STATUS:${event.method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map(line => `${folded(line)}\r\n`).join('')
}

const time = (instant: number, zone: string): string =>
  comesTwice(instant, zone) ? `:${utc(instant)}` : `;TZID=${zone}:${local(instant, zone)}`

/** Whether the wall clock shows the time of this instant at another instant, too. */
function comesTwice(instant: number, zone: string): boolean {
  const shown = local(instant, zone)
  const hour = 3_600_000
  // Clocks are set back by an hour, on Lord Howe Island by half of one.
  return [-hour, -hour / 2, hour / 2, hour].some(apart => local(instant + apart, zone) === shown)
}

/** The offset in force at an instant, from the change that brought it, and the one after it. */
function observances(instant: number, zone: string): string[] {
  const is = (at: number) => offsetAt(zone, at)
  const since = changeBefore(zone, instant)
  if (since === undefined) return observance(0, is(instant), is(instant), zone, false)
  const next = changeAfter(zone, instant)
  // Of the two offsets of a year, the greater is that of summer.
  const summer = (at: number) => is(at) > is(at - 1)
  return [
    ...observance(since, is(since - 1), is(since), zone, summer(since)),
    ...(next === undefined ? [] : observance(next, is(next - 1), is(next), zone, summer(next))),
  ]
}

function observance(at: number, from: number, to: number, zone: string, summer: boolean): string[] {
  const name = summer ? 'DAYLIGHT' : 'STANDARD'
  // RFC 5545 §3.6.5: the onset is told in the wall-clock time before the change.
  const onset = at === 0 ? '19700101T000000' : stamp(at + from)
  return [
    `BEGIN:${name}`,
    `DTSTART:${onset}`,
    `TZOFFSETFROM:${offset(from)}`,
    `TZOFFSETTO:${offset(to)}`,
    `TZNAME:${abbreviation(at, zone)}`,
    `END:${name}`,
  ]
}

const abbreviation = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(part => part.type === 'timeZoneName')?.value ?? zone

const stamp = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')
const utc = (instant: number): string => `${stamp(instant)}Z`
const local = (instant: number, zone: string): string => stamp(instant + offsetAt(zone, instant))

function offset(milliseconds: number): string {
  const minutes = Math.abs(milliseconds) / 60_000
  const two = (n: number) => String(n).padStart(2, '0')
  return `${milliseconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

/** RFC 5545 §3.3.11. */
const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
/** RFC 5545 §3.2: a parameter in quotes holds anything but quotes and control characters. */
const quoted = (text: string): string => `"${text.replace(/["\p{Cc}]/gu, ' ')}"`

/** RFC 5545 §3.1: a line has at most 75 octets; the next one begins with a space. A character is never cut in two. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > 74) {
      parts.push(part)
      part = ''
      octets = 0
    }
    part += character
    octets += length
  }
  return [...parts, part].join('\r\n ')
}
