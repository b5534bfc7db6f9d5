import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sseReader } from './live.ts'
import { concerns } from './query.ts'

describe('the live stream', () => {
  const stream = 'retry: 2000\n\nid: 7-1\ndata: {"type":"ticket.claimed"}\n\n:\n\nid: 8-2\ndata: {"type":"call.queued"}\n\n'

  test('is the same however it is cut on its way', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), cuts => {
        const read = sseReader()
        const messages = []
        let rest = stream
        for (const cut of cuts) {
          messages.push(...read(rest.slice(0, cut)))
          rest = rest.slice(cut)
        }
        messages.push(...read(rest))
        expect(messages).toEqual([
          { id: '7-1', data: '{"type":"ticket.claimed"}' },
          { id: '8-2', data: '{"type":"call.queued"}' },
        ])
      }),
    )
  })
})

describe('an entry of the journal makes a query old', () => {
  test('when its type begins as the query says', () => {
    expect(concerns({ live: ['ticket.'] }, { types: ['ticket.claimed'] })).toBe(true)
    expect(concerns({ live: ['ticket.'] }, { types: ['mail.sent', 'call.queued'] })).toBe(false)
    expect(concerns(undefined, { types: ['ticket.claimed'] })).toBe(false)
  })

  test('and only about the case that it shows', () => {
    const meta = { live: ['case.'], about: { case: 'one' } }
    expect(concerns(meta, { types: ['case.noted'], case: 'one' })).toBe(true)
    expect(concerns(meta, { types: ['case.noted'], case: 'another' })).toBe(false)
  })
})
