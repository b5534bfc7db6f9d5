import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReplyToken, replyAddress, replyToken } from './email/reply-token.ts'
import { afterAttempt, escapeHtml, headerText, htmlOf, pausesMinutes, readFailure } from './policy.ts'

const now = new Date('2026-11-24T09:00:00Z')

describe('after an attempt', () => {
  test('accepted is sent, refused is failed', () => {
    expect(afterAttempt({ kind: 'accepted' }, 1, now)).toEqual({ state: 'sent' })
    expect(afterAttempt({ kind: 'refused', problem: 'no such mailbox', reason: 'address' }, 1, now)).toEqual({
      state: 'failed',
      problem: 'no such mailbox',
      reason: 'address',
    })
  })
  test('come again: with growing pauses over about two days, then given up', () => {
    const again = { kind: 'again' as const, problem: 'busy', reason: 'busy' as const }
    let last = 0
    let total = 0
    for (let attempts = 1; attempts <= pausesMinutes.length; attempts++) {
      const next = afterAttempt(again, attempts, now)
      if (next.state !== 'queued') throw new Error('given up too early')
      const pause = next.nextAt.getTime() - now.getTime()
      expect(pause).toBeGreaterThanOrEqual(last)
      last = pause
      total += pause
    }
    expect(total / 3_600_000).toBeGreaterThan(40)
    expect(afterAttempt(again, pausesMinutes.length + 1, now).state).toBe('failed')
  })
  test.each([
    [{ responseCode: 550, command: 'RCPT TO' }, 'refused', 'address'],
    [{ responseCode: 554, command: 'DATA' }, 'refused', 'refused'],
    [{ responseCode: 451, command: 'RCPT TO' }, 'again', 'busy'],
    [{ responseCode: 535, command: 'AUTH PLAIN' }, 'again', 'sign-in'],
    [{ responseCode: 530, command: 'MAIL FROM' }, 'again', 'sign-in'],
    [{ code: 'ECONNREFUSED' }, 'again', 'unreachable'],
  ])('%o is read as %s, %s', (fields, kind, reason) => {
    expect(readFailure(Object.assign(new Error('x'), fields))).toMatchObject({ kind, reason })
  })
  test('a problem is one short line, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (thrown, text) => {
        for (const failure of [readFailure(thrown), readFailure(new Error(text))])
          if (/[\r\n]/.test(failure.problem)) return false
        return true
      }),
    )
  })
})

describe('safe pieces', () => {
  test('a header is one line without control characters', () => {
    expect(headerText('Ferri\r\nBcc: everybody@example.org')).toBe('Ferri Bcc: everybody@example.org')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(headerText(text))))
  })
  test('the HTML part holds the text and no mark-up of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const html = htmlOf(text, 'it')
        const body = html.slice(html.indexOf('<body'), html.indexOf('</body>'))
        return body.replace(/<body[^>]*>|<\/?p>|<br>/g, '').includes('<') === false
      }),
    )
    expect(htmlOf('Gentile <b>Ferri</b>,\nsì.\n\nA presto & buona giornata', 'it')).toContain(
      '<p>Gentile &lt;b&gt;Ferri&lt;/b&gt;,<br>sì.</p><p>A presto &amp; buona giornata</p>',
    )
  })
  test('quotation marks cannot leave an attribute', () => {
    expect(escapeHtml(`"'<>&`)).toBe('&quot;&#39;&lt;&gt;&amp;')
  })
})

describe('the token of answers', () => {
  const secret = Buffer.from('a secret that is long enough for this')
  const caseId = '019a8f3e-7c1e-7b2a-9f6d-3c2b1a0f9e8d'
  test('names the case, also when a mail program changed its case', () => {
    const token = replyToken(secret, caseId)
    expect(readReplyToken(secret, token)).toBe(caseId)
    expect(readReplyToken(secret, token.toUpperCase())).toBe(caseId)
    const address = replyAddress('risposte@ente.example', token)
    expect(address).toMatch(/^risposte\+[a-z2-7]{50}@ente\.example$/)
    expect(address.indexOf('@')).toBeLessThanOrEqual(64)
  })
  test('changed anywhere it opens nothing', () => {
    const token = replyToken(secret, caseId)
    for (let i = 0; i < token.length; i++) {
      const other = token.charAt(i) === 'b' ? 'c' : 'b'
      const read = readReplyToken(secret, token.slice(0, i) + other + token.slice(i + 1))
      // The last character of each half carries bits that are not used.
      if (i !== 25 && i !== 49) expect(read).toBeUndefined()
      else expect([undefined, caseId]).toContain(read)
    }
  })
  test('another key, another length, any text: nothing', () => {
    expect(readReplyToken(randomBytes(32), replyToken(secret, caseId))).toBeUndefined()
    fc.assert(fc.property(fc.string(), text => readReplyToken(secret, text) === undefined))
  })
})
