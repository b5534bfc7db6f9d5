import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Claim, readClaim, signClaim } from './token.ts'

const secret = Buffer.from('a key of thirty-two characters…')
const claim: Claim = {
  ...{ leg: 'leg-1', role: 'agent', callId: 'call-1', personId: 'anna', answered: true, from: null, to: null },
  at: 1_000_000,
}
const within = (now: number) => ({ now, withinMs: 60_000 })

test('a token is good for its time, and for nothing that somebody has changed', () => {
  const token = signClaim(secret, claim)
  expect(readClaim(secret, token, within(1_000_000))).toEqual(claim)
  expect(readClaim(secret, token, within(1_060_000))).toEqual(claim)
  expect(readClaim(secret, token, within(1_060_001))).toBeUndefined()
  expect(readClaim(Buffer.from('another key'), token, within(1_000_000))).toBeUndefined()
  const other = Buffer.from(JSON.stringify({ ...claim, personId: 'luca' })).toString('base64url')
  for (const wrong of ['', '.', 'a.b', `${other}.${token.split('.')[1]}`, `${token}x`, token.slice(0, -1)])
    expect(readClaim(secret, wrong, within(1_000_000)), wrong).toBeUndefined()
})

test('a token of another version is none', () => {
  const { at: _at, ...old } = claim
  const text = Buffer.from(JSON.stringify(old)).toString('base64url')
  const signed = createHmac('sha256', secret).update('leg of a browser\0').update(text).digest('base64url')
  expect(readClaim(secret, `${text}.${signed}`, within(1_000_000))).toBeUndefined()
})
