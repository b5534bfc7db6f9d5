/**
 * Where a request comes from. Behind reverse proxies the peer of the connection is a proxy, and each proxy adds to `X-Forwarded-For` whom it
 * has seen. Anybody can begin that list with what he likes: only what our own proxies have added, at its right end, is believed.
 *
 *   X-Forwarded-For: forged, forged, 203.0.113.9, 10.0.0.7        peer: 10.0.0.8
 *                                    └─ the address  └─ trusted         └─ trusted
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Our reverse proxies: so many in a row, or all that have addresses in these networks. `hops: 0` is none. */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] }

export interface Proxies {
  readonly TRUST_PROXY: TrustedProxies
}

/** What tells where a request comes from; an `IncomingMessage` has it. */
export type Origin = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } }

const maxHops = 10

/** Reads the setting; undefined when it is none. */
export function readTrustedProxies(text: string): TrustedProxies | undefined {
  if (text === 'false') return { hops: 0 }
  if (/^\d{1,2}$/.test(text)) return Number(text) <= maxHops ? { hops: Number(text) } : undefined
  const networks = text.split(',').map(part => part.trim())
  return networks.every(isNetwork) ? { networks } : undefined
}

function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
}

/** The address that a request comes from; empty when the connection has gone. */
export function addressOf({ TRUST_PROXY }: Proxies, { headers, socket }: Origin): string {
  const seen = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse()
  let address = plainAddress(socket.remoteAddress ?? '') ?? ''
  for (const [hop, text] of seen.entries()) {
    if (!isTrusted(TRUST_PROXY, address, hop)) break
    const next = plainAddress(text)
    // Not an address: whoever wrote it, our proxy did not.
    if (next === undefined) break
    address = next
  }
  return address
}

/** Whether there are proxies in front of us. */
export const hasProxies = ({ TRUST_PROXY }: Proxies): boolean => 'networks' in TRUST_PROXY || TRUST_PROXY.hops > 0

/** Whether the peer of a connection is one of our proxies. */
export const comesFromProxy = ({ TRUST_PROXY }: Proxies, peer: string | undefined): boolean =>
  isTrusted(TRUST_PROXY, plainAddress(peer ?? '') ?? '', 0)

function isTrusted(trusted: TrustedProxies, address: string, hop: number): boolean {
  if ('hops' in trusted) return hop < trusted.hops
  return isIP(address) !== 0 && listOf(trusted.networks).check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

const lists = new WeakMap<readonly string[], BlockList>()

function listOf(networks: readonly string[]): BlockList {
  const known = lists.get(networks)
  if (known) return known
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  lists.set(networks, list)
  return list
}

/** An address as it is written once: without port, brackets and zone; an IPv4 address in IPv6 clothes as IPv4. Undefined when it is none. */
export function plainAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^"(.*)"$/, '$1')
  const inBrackets = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare)?.[1]
  const address = (inBrackets ?? bare.replace(/^([\d.]+):\d{1,5}$/, '$1')).replace(/%.*$/, '')
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  const groups = groupsOf(address)
  const [high = 0, low = 0] = groups.slice(6)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The host of a URL is written in hexadecimal groups only (RFC 5952, WHATWG URL §3.5).
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const zeros = Array<string>(right === undefined ? 0 : 8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail].map(group => Number.parseInt(group, 16))
}

/** The network that limits count for: an IPv6 customer has a whole /64 to change addresses in. */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  if (plain === undefined) return ''
  if (isIPv4(plain)) return plain
  return `${groupsOf(plain)
    .slice(0, 4)
    .map(group => group.toString(16))
    .join(':')}::/64`
}

const forwarding = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip', 'forwarded']

/** Takes away what somebody who is none of our proxies says about the way that his request took. Done once, at the door. */
export function forgetForgedHeaders(proxies: Proxies, request: Origin): void {
  if (comesFromProxy(proxies, request.socket.remoteAddress)) return
  if (forwarding.some(name => request.headers[name] !== undefined)) forwardedAnyhow.add(request)
  for (const name of forwarding) delete request.headers[name]
}

/** Requests of which headers were forgotten: perhaps forged, perhaps of a proxy that nobody has named in the settings. */
const forwardedAnyhow = new WeakSet<object>()
export const wasForwarded = (request: object): boolean => forwardedAnyhow.has(request)

/**
 * Whether the browser reached us over TLS: by the public address, or as our proxy says.
 * @param headers after `forgetForgedHeaders`
 */
export function isSecure({ PUBLIC_URL }: { PUBLIC_URL?: string | undefined }, headers: IncomingHttpHeaders): boolean {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL.startsWith('https:')
  return (
    String(headers['x-forwarded-proto'] ?? '')
      .split(',')
      .at(-1)
      ?.trim()
      .toLowerCase() === 'https'
  )
}
