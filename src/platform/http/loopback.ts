/** Whether something stays on this machine: an address that we listen on, or the client of a request. Pure. */
import type { IncomingHttpHeaders } from 'node:http'
import { wasForwarded } from './addresses.ts'

/** Whether an address (`127.0.0.1`, `::1`, `::ffff:127.0.0.1`) or a name of a host is this machine and reaches nothing else. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare)
}

/** What a reverse proxy adds. A proxy on this machine has a local address, and hands on requests from anywhere. */
const marksOfProxies = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'] as const

interface Incoming {
  readonly socket: { readonly remoteAddress?: string | undefined }
  readonly headers: IncomingHttpHeaders
}

/**
 * Whether a request was made on this machine: by the address of the connection itself, without any sign of a proxy, and to a local name, so
 * that no foreign page reaches it by a name of its own that leads here.
 */
export function comesFromThisMachine(request: Incoming): boolean {
  const { socket, headers } = request
  if (wasForwarded(request)) return false
  if (!isLoopback(socket.remoteAddress)) return false
  if (marksOfProxies.some(name => headers[name] !== undefined)) return false
  const asked = `http://${headers.host ?? ''}`
  return URL.canParse(asked) && isLoopback(new URL(asked).hostname)
}
