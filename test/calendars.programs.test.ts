/**
 * The entry for the citizen's own calendar, as two independent readers understand it: ical.js and Debian's python3-icalendar. Over a year with
 * both changes of the clock, each reads the instants and words that were meant; a calendar that goes by what they read changes its entry and takes it
 * out, and does not listen to what came too late.
 */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { type Invitation, invitation } from '../src/agenda/invitation.ts'

/** What a reader makes of an entry. */
interface Read {
  method: string
  uid: string
  sequence: number
  start: number
  end: number
  summary: string
  location: string
  status: string
}

const readers: Readonly<Record<string, (texts: readonly string[]) => Read[]>> = {
  'ical.js': texts => texts.map(readByIcal),
  'python3-icalendar': readByPython,
}

function readByIcal(text: string): Read {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined)
  const zone = calendar.getFirstSubcomponent('vtimezone')
  const inZone = new ICAL.Timezone(zone)
  // Its own time zones are known by name: what counts is what the entry says of its zone.
  const instant = (time: ICAL.Time) => {
    if (time.zone !== ICAL.Timezone.utcTimezone) time.zone = inZone
    return time.toUnixTime() * 1_000
  }
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: event.uid,
    sequence: event.sequence,
    start: instant(event.startDate),
    end: instant(event.endDate),
    summary: event.summary,
    location: event.location,
    status: String(event.component.getFirstPropertyValue('status')),
  }
}

/** Reads all of them in one process. The zone is made of the entry's own VTIMEZONE, not of the machine's. */
function readByPython(texts: readonly string[]): Read[] {
  const program = `
import json, sys
from icalendar import Calendar
out = []
for text in json.load(sys.stdin):
    calendar = Calendar.from_ical(text)
    event = calendar.walk('VEVENT')[0]
    zone = calendar.walk('VTIMEZONE')[0].to_tz()
    def instant(name):
        at = event[name].dt
        if event[name].params.get('TZID'):
            at = zone.localize(at.replace(tzinfo=None))
        return round(at.timestamp() * 1000)
    out.append({
        'method': str(calendar['METHOD']), 'uid': str(event['UID']), 'sequence': int(event['SEQUENCE']),
        'start': instant('DTSTART'), 'end': instant('DTEND'),
        'summary': str(event['SUMMARY']), 'location': str(event['LOCATION']), 'status': str(event['STATUS']),
    })
json.dump(out, sys.stdout)`
  // Debian's own Python: another one on the path does not know Debian's packages.
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program], { input: JSON.stringify(texts), encoding: 'utf8' }))
}

const minute = 60_000
const year = { from: Date.parse('2026-01-01T00:00:00Z'), until: Date.parse('2027-01-01T00:00:00Z') }
const changes = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'].map(at => Date.parse(at))

/** Any minute of the year, and every third one of the hours around the two changes. */
const start = fc.oneof(
  fc.integer({ min: year.from / minute, max: year.until / minute }).map(minutes => minutes * minute),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -180, max: 180 }))
    .map(([change, minutes]) => change + minutes * minute),
)
const words = fc.string({ unit: fc.constantFrom(...'Così, però; \\ "è"\n𝒳€:=ab'), maxLength: 40 }).map(text => text.trim())

const entry: fc.Arbitrary<Invitation> = fc.record({
  method: fc.constantFrom('REQUEST' as const, 'CANCEL' as const),
  uid: fc.uuid().map(id => `${id}@inps.example`),
  sequence: fc.nat({ max: 50 }),
  stamp: fc.constant(year.from),
  start,
  end: fc.constant(0),
  timeZone: fc.constantFrom('Europe/Rome', 'Asia/Kolkata', 'Australia/Lord_Howe'),
  summary: words,
  description: words,
  location: words,
  organizer: fc.record({ name: words, address: fc.constant('risposte@inps.example') }),
  attendee: fc.record({ name: words, address: fc.constant('giulia.ferri@example.org') }),
})
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const entries = fc.sample(
  fc.tuple(entry, fc.integer({ min: 5, max: 90 })).map(([each, minutes]) => ({ ...each, end: each.start + minutes * minute })),
  { seed, numRuns: 400 },
)

/** Version 4 of python3-icalendar takes the escapes of a text away one kind after the other, and so loses a backslash that was meant. */
const withoutBackslash = entries.filter(each => !`${each.summary}${each.location}`.includes('\\'))

test.each([
  ['ical.js', entries],
  ['python3-icalendar', withoutBackslash],
] as const)(`%s reads the instants and words that were meant (SEED=${seed})`, (name, meant) => {
  expect(meant.length).toBeGreaterThan(20)
  expect(readers[name]?.(meant.map(invitation))).toEqual(
    meant.map(({ method, uid, sequence, start, end, summary, location }) => ({
      ...{ method, uid, sequence, start, end, summary, location },
      status: method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED',
    })),
  )
})

/** A calendar program: by UID, the greatest SEQUENCE counts, and what is cancelled is taken out (RFC 5546 §3.2). */
function calendarAfter(messages: readonly Read[]): Map<string, Read> {
  const newest = new Map<string, Read>()
  for (const message of messages)
    if ((newest.get(message.uid)?.sequence ?? -1) < message.sequence) newest.set(message.uid, message)
  return new Map([...newest].filter(([, { method }]) => method !== 'CANCEL'))
}

test.each(Object.keys(readers))('a calendar that goes by %s changes its entry and takes it out, whatever comes late', name => {
  const first = { ...(entries[0] as Invitation), uid: 'a@inps.example', method: 'REQUEST' as const, sequence: 0 }
  const moved = { ...first, sequence: 1, start: first.start + 60 * minute, end: first.end + 60 * minute }
  const cancelled = { ...moved, sequence: 2, method: 'CANCEL' as const }
  const other = { ...first, uid: 'b@inps.example' }
  const [asked, changed, over, beside] = readers[name]?.([first, moved, cancelled, other].map(invitation)) ?? []
  if (!asked || !changed || !over || !beside) throw new Error('Four entries were to be read.')
  const times = (messages: readonly Read[]) => [...calendarAfter(messages).values()].map(each => [each.uid, each.start])
  expect(times([asked, beside, changed])).toEqual([
    [first.uid, moved.start],
    [other.uid, other.start],
  ])
  expect(times([changed, asked, beside])).toEqual(times([asked, changed, beside]))
  expect(times([asked, beside, changed, over])).toEqual([[other.uid, other.start]])
  expect(times([over, changed, beside, asked])).toEqual([[other.uid, other.start]])
})
