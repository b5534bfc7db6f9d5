import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { begunDialog, readSip } from './sip.ts'

const account = 't0123456789abcdef01'
const message = (first: string, headers: readonly string[], body = '') =>
  [first, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')

const register = (changes: Record<string, string | undefined> = {}, first = 'REGISTER sip:asterisk.invalid SIP/2.0') => {
  const headers: Record<string, string | undefined> = {
    Via: 'SIP/2.0/WS abc.invalid;branch=z9hG4bK1',
    'Max-Forwards': '69',
    To: `<sip:${account}@asterisk.invalid>`,
    From: `"" <sip:${account}@asterisk.invalid>;tag=a1`,
    'Call-ID': 'call-1',
    CSeq: '1 REGISTER',
    Contact: '<sip:x1@abc.invalid;transport=ws>;+sip.ice;reg-id=1;expires=120',
    Expires: '120',
    Allow: 'INVITE,ACK,CANCEL,BYE',
    ...changes,
  }
  return message(
    first,
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
  )
}

const inDialog = (method: string, to = '<sip:asterisk@10.0.0.1>;tag=b2', more: readonly string[] = [], body = '') =>
  message(
    `${method} sip:asterisk@10.0.0.1:5060;transport=ws SIP/2.0`,
    [
      'v: SIP/2.0/WS abc.invalid;branch=z9hG4bK2',
      `f: <sip:x1@abc.invalid>;tag=c3`,
      `t: ${to}`,
      'i: call-2',
      `CSeq: 2 ${method}`,
      ...more,
    ],
    body,
  )

describe('a page may', () => {
  test('register its telephone and take it back', () => {
    expect(readSip(register())).toEqual({ allowed: true, kind: 'register', account })
    expect(readSip(register({ Contact: '*' }))).toEqual({ allowed: true, kind: 'register', account })
    expect(readSip(register({ Authorization: 'Digest username="a", realm="b"' }))).toMatchObject({ allowed: true })
  })

  test('answer, renegotiate and end a call that came to it', () => {
    for (const method of ['ACK', 'BYE', 'UPDATE'])
      expect(readSip(inDialog(method))).toEqual({ allowed: true, kind: 'dialog', callId: 'call-2' })
    expect(readSip(inDialog('INVITE', undefined, ['c: application/sdp'], 'v=0\r\n\r\nm=audio'))).toMatchObject({ allowed: true })
    const answer = [
      'Via: SIP/2.0/WS a;branch=1',
      'From: <sip:a@b>;tag=1',
      'To: <sip:c@d>;tag=2',
      'Call-ID: call-3',
      'CSeq: 9 INVITE',
    ]
    expect(readSip(message('SIP/2.0 200 OK', answer))).toEqual({ allowed: true, kind: 'dialog', callId: 'call-3' })
    expect(readSip('\r\n\r\n')).toEqual({ allowed: true, kind: 'keep-alive' })
  })
})

describe('a page may not', () => {
  const refused: Record<string, string> = {
    'call anybody': inDialog('INVITE', '<sip:+390600000001@trunk>'),
    'send a message': inDialog('MESSAGE'),
    'hand a call on': inDialog('REFER', undefined, ['Refer-To: <sip:evil@example>']),
    'look around': inDialog('OPTIONS'),
    subscribe: inDialog('SUBSCRIBE'),
    publish: inDialog('PUBLISH'),
    'register another telephone': register({ From: '<sip:t999@asterisk.invalid>;tag=a1' }),
    'register a telephone at another host': register({ To: `<sip:${account}@elsewhere>` }),
    'register somewhere else': register({}, 'REGISTER sip:elsewhere.example SIP/2.0'),
    'register a telephone without a name': register({ To: '<sip:asterisk.invalid>', From: '<sip:asterisk.invalid>;tag=a' }),
    'be reached at another host': register({ Contact: '<sip:x@192.0.2.9:5060>' }),
    'be reached at two places': register({ Contact: '<sip:x@abc.invalid>, <sip:x@192.0.2.9>' }),
    'send its calls through another host': register({ Route: '<sip:192.0.2.9;lr>' }),
    'say that somebody vouches for it': register({ 'P-Asserted-Identity': '<sip:+390600000001@trunk>' }),
    'say who passed a call on': register({ Diversion: '<sip:+390600000001@trunk>' }),
    'say its name twice': `${register().slice(0, -4)}\r\nTo: <sip:t999@asterisk.invalid>\r\n\r\n`,
    'say its name twice, once in short': `${register().slice(0, -4)}\r\nt: <sip:t999@asterisk.invalid>\r\n\r\n`,
    'send two messages at once': register() + register(),
    'send less than it says': register({}).replace('Content-Length: 0', 'Content-Length: 5'),
    'send a body without saying how long': `${inDialog('INVITE').replace(/Content-Length: 0\r\n/, '')}v=0`,
    'fold a line': register({ To: `<sip:${account}@asterisk.invalid>\r\n ;evil=1` }),
    'break a line': register({ To: `<sip:${account}@asterisk.invalid>\nX: y` }),
    'hide a NUL': register({ To: `<sip:${account}\0@asterisk.invalid>` }),
    'write endless headers': register({ 'User-Agent': 'a'.repeat(5_000) }),
    'write a hundred headers': register(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`Allow${i}`, 'x']))),
    'name two methods': register({ CSeq: '1 INVITE' }),
    'come another way': register({ Via: 'SIP/2.0/WS abc.invalid, SIP/2.0/UDP 192.0.2.9' }),
    'ask with headers in an address': message('BYE sip:a@b?Route=evil SIP/2.0', [
      'Via: x',
      'From: y',
      'To: z;tag=1',
      'Call-ID: c',
      'CSeq: 1 BYE',
    ]),
    'send something else than a description of sound': inDialog('INVITE', undefined, ['Content-Type: text/html'], '<p>'),
    'answer what nobody asked': message('SIP/2.0 200 OK', ['Via: x', 'From: y', 'To: z', 'Call-ID: c', 'CSeq: 1 REGISTER']),
    'speak another protocol': 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'say nothing': '',
  }
  test.for(Object.entries(refused))('%s', ([, text]) => {
    expect(readSip(text)).toMatchObject({ allowed: false })
  })

  test('say anything that is not one of these', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        expect(readSip(text).allowed).toBe(text === '\r\n' || text === '\r\n\r\n')
      }),
    )
  })

  test('hold the program up with what is hard to read', () => {
    const began = performance.now()
    for (const text of [
      register({ To: '"'.repeat(4_000) }),
      register({ To: `"${'\\'.repeat(4_000)}` }),
      register({ Contact: `<sip:${'a'.repeat(4_000)}` }),
      ' \t'.repeat(30_000),
      `A:${' '.repeat(4_000)}x\r\n`.repeat(15),
    ])
      readSip(text)
    expect(performance.now() - began).toBeLessThan(100)
  })
})

test('a dialog that Asterisk begins is known by its call', () => {
  expect(begunDialog('INVITE sip:x SIP/2.0\r\nCall-ID: abc\r\n\r\n')).toBe('abc')
  expect(begunDialog('INVITE sip:x SIP/2.0\r\nTo: y\r\n\r\nCall-ID: body')).toBeUndefined()
  expect(begunDialog('BYE sip:x SIP/2.0\r\nCall-ID: abc\r\n\r\n')).toBeUndefined()
})
