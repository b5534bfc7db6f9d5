import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AriChannel, Bridge } from '../ari/model.ts'
import { digitsMedia, hasRecordedNumbers, numberMedia } from './numbers.ts'
import { isRecent } from './switch.ts'
import { callerIdOf, causeOf, presentLegs } from './translate.ts'
import { calledNumber, shownNumber } from './written-number.ts'

const words = (number: number, language: 'it' | 'en') =>
  numberMedia(number, language).map(media => media.replace('sound:digits/', ''))

describe('numbers from recordings', () => {
  test.each([
    [0, ['0']],
    [1, ['1']],
    [17, ['17']],
    [20, ['20']],
    [21, ['21']],
    [23, ['20', '3']],
    [28, ['28']],
    [100, ['hundred']],
    [101, ['hundred', '1']],
    [188, ['hundred', '88']],
    [200, ['2', 'hundred']],
    [999, ['9', 'hundred', '90', '9']],
    [1_000, ['thousand']],
    [1_492, ['thousand', '4', 'hundred', '90', '2']],
    [2_001, ['2', 'thousands', '1']],
    [21_000, ['21', 'thousands']],
    [100_000, ['hundred', 'thousands']],
  ])('%i in Italian', (number, expected) => {
    expect(words(number, 'it')).toEqual(expected)
  })

  test.each([
    [0, ['0']],
    [21, ['20', '1']],
    [100, ['1', 'hundred']],
    [1_492, ['1', 'thousand', '4', 'hundred', '90', '2']],
    [21_005, ['20', '1', 'thousand', '5']],
  ])('%i in English', (number, expected) => {
    expect(words(number, 'en')).toEqual(expected)
  })

  test('what cannot be read is refused, and languages without recordings are known', () => {
    for (const number of [-1, 1.5, 1_000_000, Number.NaN]) expect(() => numberMedia(number, 'it')).toThrow(RangeError)
    expect(digitsMedia('205')).toEqual(['sound:digits/2', 'sound:digits/0', 'sound:digits/5'])
    for (const digits of ['', '12a', '../..']) expect(() => digitsMedia(digits)).toThrow(RangeError)
    expect(hasRecordedNumbers('it')).toBe(true)
    expect(hasRecordedNumbers('sl')).toBe(false)
  })
})

test('causes of Q.850 become those of the port', () => {
  expect(causeOf(16, true)).toBe('normal')
  expect(causeOf(38, true)).toBe('normal')
  expect(causeOf(17, false)).toBe('busy')
  expect(causeOf(19, false)).toBe('no-answer')
  expect(causeOf(21, false)).toBe('declined')
  expect(causeOf(20, false)).toBe('unreachable')
  expect(causeOf(34, false)).toBe('failed')
})

test.each([
  ['+390612345678', '+390612345678'],
  ['00390612345678', '+390612345678'],
  ['0612345678', '+390612345678'],
  ['3331234567', '+393331234567'],
  ['+41446681800', '+41446681800'],
  ['', null],
  ['anonymous', null],
  ['Unknown', null],
])('the number shown "%s" is %s', (given, expected) => {
  expect(shownNumber(given)).toBe(expected)
})

test.each([
  ['+39 06 1234567\r\nX-Evil: 1'],
  ['0612345678%0d%0aX-Evil:1'],
  ['<script>alert(1)</script>'],
  ['"Rossi" <0612345678>'],
  ['1'.repeat(80)],
  ['=cmd|0'],
  ['+'],
  ['7'],
  ['06123\u202e45678'],
  ['٠٦١٢٣٤٥٦٧٨'],
  [['$', '{SHELL(id)}'].join('')],
  ['0612345678,1,Goto(evil)'],
  ['0612345678&PJSIP/other'],
  ['sip:0612345678@evil.example'],
])('what a caller writes instead of a number, "%s", is nobody’s', given => {
  expect(shownNumber(given)).toBeNull()
  expect(callerIdOf(given)).toBe('"" <anonymous>')
})

test('parameters of a number are not part of it', () => {
  expect(shownNumber('+390612345678;phone-context=+39')).toBe('+390612345678')
  expect(shownNumber('0612345678;npdi;rn=+39068;user=phone')).toBe('+390612345678')
  expect(shownNumber('+39-06-1234-5678')).toBe('+390612345678')
  expect(callerIdOf('+390612345678')).toBe('+390612345678')
})

describe('the number that was called, as carriers write it', () => {
  test.each([
    ['+390659594321'],
    ['00390659594321'],
    ['390659594321'],
    ['0659594321'],
    ['+39-06-5959-4321'],
    ['+39.06.5959.4321'],
    ['+39 (06) 5959 4321'],
    ['(06)59594321'],
    ['06/59594321'],
    ['%2B390659594321'],
    ['%2b39%2D06%2D59594321'],
    ['+390659594321;npdi'],
    ['+390659594321;npdi;rn=+39068'],
    ['+390659594321;rn=C80390659594321;npdi;cic=+39102'],
    ['0659594321;npdi;user=phone'],
    ['+390659594321;user=phone'],
    ['0659594321;phone-context=+39'],
    ['59594321;phone-context=+3906'],
    ['59594321;PHONE-CONTEXT=+39-06;isub=1'],
    ['0659594321;phone-context=carrier.example'],
    ['+390659594321;isub=12%2F4;ext=9'],
    ['%2B390659594321%3Bnpdi%3Brn%3D%2B39068'],
    [' +390659594321 '],
  ])('%s', text => {
    expect(calledNumber(text)).toBe('+390659594321')
    expect(shownNumber(text)).toBe('+390659594321')
  })

  test.each([
    ['3921234567', '+393921234567'],
    ['393921234567', '+393921234567'],
    ['800123456', '+39800123456'],
    ['39800123456', '+39800123456'],
    ['+41446681800', '+41446681800'],
    ['0041446681800', '+41446681800'],
    ['446681800;phone-context=+41', '+41446681800'],
  ])('%s is %s', (text, expected) => {
    expect(calledNumber(text)).toBe(expected)
    expect(shownNumber(text)).toBe(expected)
  })

  test.each([
    [''],
    ['+'],
    ['()'],
    ['anonymous'],
    ['06abc12345'],
    ['0659594321,1,Goto(evil)'],
    ['0659594321&PJSIP/other'],
    ['0659594321@evil.example'],
    ['0659594321%0d%0aX-Evil:1'],
    ['++390659594321'],
    ['06+59594321'],
    ['1'.repeat(16)],
    ['%'],
    ['٠٦١٢٣٤٥٦٧٨'],
    ['0659594321;rn=\r\nX-Evil'],
  ])('"%s" is no number', text => {
    expect(calledNumber(text)).toBeNull()
  })
})

test('whatever a caller writes, digits leave, or nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+0-9 ;%\r\n-]*$/)), given => {
      expect(shownNumber(given) ?? '+390612345678').toMatch(/^\+?\d{2,15}$/)
      expect(calledNumber(given) ?? '+390612345678').toMatch(/^\+\d{3,15}$/)
    }),
  )
})

test('a number that is not to be shown is none, whatever it is; one of which nothing is said is shown', () => {
  for (const presentation of ['prohib', 'prohib_passed_screen', 'prohib_not_screened', 'unavailable'])
    expect(shownNumber('+390612345678', presentation)).toBeNull()
  for (const presentation of ['allowed', 'allowed_not_screened', '', undefined])
    expect(shownNumber('+390612345678', presentation)).toBe('+390612345678')
})

test('a leg that is found again keeps its number withheld', () => {
  const data = (presentation: string) => ({
    dialplan: { context: 'office', exten: '1', app_name: 'Stasis', app_data: `filodiretto,trunk,+390600000001,${presentation}` },
  })
  const legs = presentLegs([channel('hides', data('prohib')), channel('shows', data('allowed'))], [], 'filodiretto')
  expect(legs.map(({ from, to }) => [from, to])).toEqual([
    [null, '+390600000001'],
    ['+390612345678', '+390600000001'],
  ])
})

const channel = (id: string, more: object) =>
  AriChannel.parse({
    id,
    name: `PJSIP/${id}`,
    state: 'Up',
    caller: { name: '', number: '0612345678' },
    connected: { name: '', number: '' },
    dialplan: { context: 'office', exten: '1', app_name: 'Stasis', app_data: 'filodiretto,trunk,+390600000001' },
    creationtime: '2026-01-01T00:00:00.000+0000',
    language: 'it',
    ...more,
  })

test('what Asterisk holds is told as legs; what the dialplan handles by itself is not ours', () => {
  const channels = [
    channel('caller', { channelvars: { FD_CALL: 'call-1', FD_LEG: 'caller' } }),
    channel('agent', { state: 'Ringing', channelvars: { FD_CALL: 'call-1', FD_LEG: 'agent' } }),
    channel('new', { state: 'Ring' }),
    channel('other-program', { dialplan: { context: 'office', exten: '1', app_name: 'Stasis', app_data: 'other,x' } }),
    channel('announced', { dialplan: { context: 'office', exten: '1', app_name: 'Playback', app_data: 'program-away' } }),
  ]
  const bridge = Bridge.parse({
    id: 'fd-call-1',
    bridge_type: 'mixing',
    bridge_class: 'stasis',
    creator: 'Stasis',
    name: '',
    channels: ['caller', 'agent'],
    creationtime: '',
  })
  expect(presentLegs(channels, [bridge], 'filodiretto')).toEqual([
    {
      leg: 'caller',
      callId: 'call-1',
      role: 'caller',
      answered: true,
      joinedWith: ['agent'],
      from: '+390612345678',
      to: '+390600000001',
    },
    { leg: 'agent', callId: 'call-1', role: 'agent', answered: false, joinedWith: ['caller'], from: null, to: null },
    { leg: 'new', callId: null, role: 'caller', answered: false, joinedWith: [], from: '+390612345678', to: '+390600000001' },
  ])
})

test('22.11 is recent enough, its candidates too', () => {
  for (const version of ['22.11.0-rc2+dfsg+~cs6', '22.11.0', '22.12.1', '23.0.0']) expect(isRecent(version)).toBe(true)
  for (const version of ['22.10.1', '20.19.0', '18.1', 'GIT-master']) expect(isRecent(version)).toBe(false)
})
