/** What the citizen is written, and the entry for the own calendar. */
import { describe, expect, test } from 'vitest'
import { invitation } from './invitation.ts'
import { type AppointmentMail, appointmentMail } from './mail.ts'

const booked: AppointmentMail = {
  kind: 'confirmation',
  language: 'it',
  appointmentId: '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d',
  sequence: 0,
  now: new Date('2026-11-24T09:40:12Z'),
  start: new Date('2026-11-27T09:30:00Z'),
  end: new Date('2026-11-27T10:00:00Z'),
  timeZone: 'Europe/Rome',
  service: 'Consulenza pensioni',
  bring: 'Documento di identità; ultima busta paga, se c’è',
  unit: { name: 'Agenzia di Roma EUR', address: 'Viale Europa 12, 00144 Roma RM' },
  officer: 'Lia Moro',
  mode: 'counter',
  code: '4827193056',
  dayCode: 'B012',
  link: null,
  contact: { name: 'Giulia "la" Ferri', address: 'giulia.ferri@example.org' },
  from: 'risposte@inps.example',
}

describe('the mail', () => {
  test('says when, where, with whom, what to bring and the code', () => {
    const { subject, body } = appointmentMail(booked)
    expect(subject).toBe('Appuntamento confermato: venerdì 27 novembre 2026, ore 10:30')
    for (const part of [
      'Quando: venerdì 27 novembre 2026, ore 10:30 (ora italiana)',
      'Dove: Agenzia di Roma EUR, Viale Europa 12, 00144 Roma RM',
      'Con: Lia Moro',
      'Porti con sé: Documento di identità; ultima busta paga, se c’è',
      'Il suo numero di quel giorno: B012',
      'Codice della richiesta: 482 719 3056',
    ])
      expect(body).toContain(part)
  })

  test('of an appointment by telephone says who calls, and leads nobody to the office', () => {
    const { body, calendar } = appointmentMail({ ...booked, mode: 'telephone' })
    expect(body).toContain('Al telefono: la chiamiamo noi')
    expect(body).not.toContain('Viale Europa')
    expect(calendar.text).not.toContain('Viale Europa')
  })

  test('of a cancellation has no place to go to, and says that the request stays open', () => {
    const { subject, body, calendar } = appointmentMail({ ...booked, kind: 'cancellation', sequence: 2 })
    expect(subject).toMatch(/^Appuntamento annullato/)
    expect(body).toContain('resta aperta')
    expect(body).not.toContain('Porti con sé')
    expect(body).not.toContain('B012')
    expect(calendar.method).toBe('CANCEL')
    expect(calendar.text).toContain('STATUS:CANCELLED')
  })
})

const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

describe('the calendar entry', () => {
  test('keeps its UID over the changes; each has a greater SEQUENCE', () => {
    const entries = (['confirmation', 'move', 'cancellation'] as const).map((kind, sequence) =>
      unfolded(appointmentMail({ ...booked, kind, sequence }).calendar.text),
    )
    for (const [i, lines] of entries.entries()) {
      expect(lines).toContain('UID:019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d@inps.example')
      expect(lines).toContain(`SEQUENCE:${i}`)
    }
    expect(entries.map(lines => lines.find(line => line.startsWith('METHOD:')))).toEqual([
      'METHOD:REQUEST',
      'METHOD:REQUEST',
      'METHOD:CANCEL',
    ])
  })

  test('is in office time, with the zone spelled out', () => {
    const lines = unfolded(appointmentMail(booked).calendar.text)
    expect(lines).toContain('DTSTART;TZID=Europe/Rome:20261127T103000')
    expect(lines).toContain('DTEND;TZID=Europe/Rome:20261127T110000')
    expect(lines).toContain('DTSTAMP:20261124T094012Z')
    const zone = lines.slice(lines.indexOf('BEGIN:VTIMEZONE'), lines.indexOf('END:VTIMEZONE'))
    expect(zone).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:Europe/Rome',
      'BEGIN:STANDARD',
      'DTSTART:20261025T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'TZNAME:CET',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:20270328T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'TZNAME:CEST',
      'END:DAYLIGHT',
    ])
  })

  test.each([
    ['the first 02:30 of the night in October', '2026-10-25T00:30:00Z', ':20261025T003000Z'],
    ['the second', '2026-10-25T01:30:00Z', ':20261025T013000Z'],
    ['the last instant before them', '2026-10-24T23:59:00Z', ';TZID=Europe/Rome:20261025T015900'],
    ['the first instant after them', '2026-10-25T02:00:00Z', ';TZID=Europe/Rome:20261025T030000'],
    ['the morning in March that has no 02:30', '2026-03-29T01:00:00Z', ';TZID=Europe/Rome:20260329T030000'],
  ])('at %s says one instant only', (_what, instant, written) => {
    const start = Date.parse(instant)
    expect(unfolded(invitation({ ...entry, start, end: start + 1_800_000 }))).toContain(`DTSTART${written}`)
  })

  test('of a zone without summer time has one rule', () => {
    const text = invitation({ ...entry, timeZone: 'Asia/Kolkata' })
    expect(text).toContain('DTSTART:19700101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530')
    expect(text.match(/BEGIN:(STANDARD|DAYLIGHT)/g)).toEqual(['BEGIN:STANDARD'])
  })

  test('escapes what the format needs for itself, and folds at 75 octets without cutting a letter', () => {
    const summary = `Così, però; \\ e\nàèìòù ${'è'.repeat(100)}`
    const text = invitation({ ...entry, summary })
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(text).not.toContain('�')
    expect(unfolded(text)).toContain(`SUMMARY:Così\\, però\\; \\\\ e\\nàèìòù ${'è'.repeat(100)}`)
    expect(unfolded(text).find(line => line.startsWith('ATTENDEE'))).toContain('CN="Giulia  la  Ferri"')
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  })
})

const entry = {
  method: 'REQUEST' as const,
  uid: 'a@b',
  sequence: 0,
  stamp: booked.now.getTime(),
  start: booked.start.getTime(),
  end: booked.end.getTime(),
  timeZone: 'Europe/Rome',
  summary: 'x',
  description: 'x',
  location: 'x',
  organizer: { name: 'x', address: 'a@example.org' },
  attendee: booked.contact,
}
