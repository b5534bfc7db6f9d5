import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cookieName, givenCookie, takenCookie, tokenOf } from './cookie.ts'
import { personKeysOf, sortKey } from './names.ts'
import { hashPassword, needsRehash, oneTimePassword, parameters, passwordWork, verifyPassword } from './password.ts'

const workOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = (await passwordWork.get()).values[0]?.value ?? 0
  await work()
  return ((await passwordWork.get()).values[0]?.value ?? 0) - before
}

describe('a password', () => {
  test('is kept as argon2id with its parameters and its own salt, and only the right one fits', async () => {
    const [one, two] = [await hashPassword('cavallo batteria'), await hashPassword('cavallo batteria')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword(one, 'cavallo batteria')).toBe(true)
    expect(await verifyPassword(one, 'cavallo batteriA')).toBe(false)
    // The same letters, composed and decomposed: two keyboards, one password.
    const accented = await hashPassword('perch\u00e9 no, citt\u00e0')
    expect(await verifyPassword(accented, 'perche\u0301 no, citta\u0300')).toBe(true)
  })

  test('that was kept with other parameters is still understood', async () => {
    const weak = await hashPassword('cavallo batteria', { memory: 1_024, passes: 1, parallelism: 2 })
    expect(await verifyPassword(weak, 'cavallo batteria')).toBe(true)
    expect(await verifyPassword(weak, 'cavallo')).toBe(false)
  })

  test('made with less work than we ask for today is to be made anew; with more it stays', async () => {
    expect(needsRehash(await hashPassword('x', { ...parameters, memory: 8_192 }))).toBe(true)
    expect(needsRehash(await hashPassword('x', { ...parameters, passes: 1 }))).toBe(true)
    expect(needsRehash(await hashPassword('x'))).toBe(false)
    expect(needsRehash(await hashPassword('x', { ...parameters, passes: 3 }))).toBe(false)
  })

  test('that is not there, or kept in a way that nobody understands, costs the same work and never fits', async () => {
    const kept = await hashPassword('cavallo batteria')
    for (const each of [kept, null, '', '$2b$10$nothing', '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA'])
      expect(await workOf(() => verifyPassword(each, 'another one'))).toBe(1)
    expect(await verifyPassword(null, '')).toBe(false)
  })

  test('to be read aloud has no letters that look alike, and never comes twice', () => {
    const some = Array.from({ length: 200 }, oneTimePassword)
    expect(new Set(some).size).toBe(200)
    for (const each of some) expect(each).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
  })
})

describe('the cookie', () => {
  const plain = {}
  const behindTls = { PUBLIC_URL: 'https://filo.example' }
  const token = 'A'.repeat(43)

  test('is out of reach of scripts and of other sites; over TLS it belongs to this host alone', () => {
    expect(givenCookie(plain, {}, token)).toBe(`session=${token}; Path=/; HttpOnly; SameSite=Strict`)
    expect(givenCookie(behindTls, {}, token)).toBe(`__Host-session=${token}; Path=/; HttpOnly; SameSite=Strict; Secure`)
    expect(takenCookie(behindTls, {})).toBe('__Host-session=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0')
    expect(cookieName({ PUBLIC_URL: 'http://localhost:8080' }, {})).toBe('session')
  })

  test('is read among others; two of its name, or what cannot be a token, count for nothing', () => {
    expect(tokenOf(plain, { cookie: `a=b; session=${token}; c=d` })).toBe(token)
    expect(tokenOf(plain, { cookie: `session=${token}; session=${'B'.repeat(43)}` })).toBeUndefined()
    expect(tokenOf(behindTls, { cookie: `session=${token}` })).toBeUndefined()
    expect(tokenOf(plain, {})).toBeUndefined()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const read = tokenOf(plain, { cookie: `session=${text}` })
        expect(read === undefined || /^[\w-]{43}$/.test(read)).toBe(true)
      }),
    )
  })
})

test('people are ordered by family name and found by any word', () => {
  expect(sortKey('Anna De Bianchi')).toBe('bianchi anna de')
  expect(personKeysOf('nicolo.dangelo', "Nicolò D'Angelo")).toEqual([
    'nicolo d angelo',
    'd angelo nicolo',
    'angelo nicolo d',
    'nicolo dangelo',
    'dangelo nicolo',
    'nicolo.dangelo',
  ])
})
