import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linkToken, readLinkToken } from './token.ts'

const secret = Buffer.from('a key')

test('a token names its appointment, and nothing that is changed in it is one', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(41), fc.constantFrom(...'ABab01-_'), (id, at, character) => {
      const token = linkToken(secret, id)
      expect(readLinkToken(secret, token)).toBe(id)
      expect(readLinkToken(Buffer.from('another key'), token)).toBeUndefined()
      const changed = token.slice(0, at) + character + token.slice(at + 1)
      if (changed !== token) expect(readLinkToken(secret, changed)).toBeUndefined()
    }),
  )
  for (const text of ['', 'x', `${linkToken(secret, '019a8f3e-7c1e-7b2a-9f6d-000000000301')}=`])
    expect(readLinkToken(secret, text)).toBeUndefined()
})
