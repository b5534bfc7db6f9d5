import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig, WrongConfig } from '../config.ts'
import { addressOf, forgetForgedHeaders, isSecure, networkOf, plainAddress, readTrustedProxies } from './addresses.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress },
})
const none = { TRUST_PROXY: { hops: 0 } }
const hops = (count: number) => ({ TRUST_PROXY: { hops: count } })
const networks = { TRUST_PROXY: { networks: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'] } }

describe('the address of a request', () => {
  test('without a proxy is that of the connection, whatever the headers say', () => {
    expect(addressOf(none, from('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9')
    expect(addressOf(none, from('::ffff:203.0.113.9'))).toBe('203.0.113.9')
    expect(addressOf(none, from(undefined))).toBe('')
  })

  test('behind proxies is the one that the outermost of them has seen; what stands left of it is not read', () => {
    expect(addressOf(hops(1), from('10.0.0.1', 'forged, 198.51.100.1, 203.0.113.9'))).toBe('203.0.113.9')
    expect(addressOf(hops(2), from('10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2'))).toBe('203.0.113.9')
    expect(addressOf(hops(2), from('10.0.0.1', '203.0.113.9'))).toBe('203.0.113.9')
    expect(addressOf(hops(1), from('10.0.0.1'))).toBe('10.0.0.1')
    expect(addressOf(networks, from('10.0.0.1', '198.51.100.1, 203.0.113.9, 192.0.2.1, fd00::7'))).toBe('203.0.113.9')
    expect(addressOf(networks, from('::ffff:10.0.0.1', '203.0.113.9:4711'))).toBe('203.0.113.9')
    expect(addressOf(networks, from('10.0.0.1', '"[2001:db8::7]:80"'))).toBe('2001:db8::7')
  })

  test('is the peer’s when it is none of our proxies, or when a proxy has written no address', () => {
    expect(addressOf(networks, from('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9')
    for (const text of ['', ' ', 'unknown', '1.2.3.4\r\n', '999.1.1.1', '<script>', '_hidden'])
      expect(plainAddress(addressOf(hops(1), from('10.0.0.1', text)))).toBeDefined()
    expect(addressOf(hops(1), from('10.0.0.1', 'unknown'))).toBe('10.0.0.1')
  })

  test('never comes from the left of what the proxies have added', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 3 }), (forged, count) => {
        const added = ['203.0.113.9', '10.0.0.3', '10.0.0.2'].slice(0, count)
        expect(addressOf(hops(count), from('10.0.0.1', [forged, ...added].join(', ')))).toBe('203.0.113.9')
        expect(addressOf(networks, from('10.0.0.1', [forged, ...added].join(', ')))).toBe('203.0.113.9')
      }),
    )
  })
})

test('an address stands for its network', () => {
  expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('::ffff:c000:207')).toBe('192.0.2.7')
  expect(networkOf('2001:db8:0:1::7')).toBe('2001:db8:0:1::/64')
  expect(networkOf('2001:0db8:0000:0001:ffff::7')).toBe('2001:db8:0:1::/64')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('no address')).toBe('')
})

test('what a stranger says about the way of a request is forgotten; what a proxy says is kept', () => {
  const said = () => ({
    headers: {
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-proto': 'https',
      'x-real-ip': '1.2.3.4',
      forwarded: 'for=1.2.3.4',
      host: 'a',
    },
    socket: { remoteAddress: '203.0.113.9' },
  })
  const stranger = said()
  forgetForgedHeaders(networks, stranger)
  expect(stranger.headers).toEqual({ host: 'a' })
  const proxy = { ...said(), socket: { remoteAddress: '10.1.2.3' } }
  forgetForgedHeaders(networks, proxy)
  expect(proxy.headers['x-forwarded-proto']).toBe('https')
})

test('a browser came over TLS when the public address says so, or our proxy', () => {
  expect(isSecure({ PUBLIC_URL: 'https://filo.example' }, {})).toBe(true)
  expect(isSecure({ PUBLIC_URL: 'http://filo.example' }, { 'x-forwarded-proto': 'https' })).toBe(false)
  expect(isSecure({}, { 'x-forwarded-proto': 'https' })).toBe(true)
  expect(isSecure({}, { 'x-forwarded-proto': 'https, http' })).toBe(false)
  expect(isSecure({}, {})).toBe(false)
})

test('the setting is a number of proxies or their networks; what trusts everybody is refused with what to write instead', () => {
  expect(readConfig({}).TRUST_PROXY).toEqual({ hops: 0 })
  expect(readTrustedProxies('2')).toEqual({ hops: 2 })
  expect(readTrustedProxies('10.0.0.0/8, fd00::/8')).toEqual({ networks: ['10.0.0.0/8', 'fd00::/8'] })
  for (const wrong of ['true', '11', '-1', '0.0.0.0/0', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', 'proxy.example', ''])
    expect(readTrustedProxies(wrong), wrong).toBeUndefined()
  expect(() => readConfig({ TRUST_PROXY: 'true' })).toThrow(WrongConfig)
  expect(() => readConfig({ TRUST_PROXY: 'true' })).toThrow(/number of reverse proxies in a row, e\.g\. 1/)
})
