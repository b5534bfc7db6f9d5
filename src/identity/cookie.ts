/**
 * The cookie that carries a session's token. Behind TLS its name begins with `__Host-`: browsers then take it only from this host itself,
 * over TLS, for the whole site, so that no neighbouring host can plant one (RFC 6265bis §4.1.3.2).
 */
import type { IncomingHttpHeaders } from 'node:http'
import { type Config, isSecure } from '../platform/index.ts'

type CookieConfig = Pick<Config, 'PUBLIC_URL'>

export const cookieName = (config: CookieConfig, headers: IncomingHttpHeaders): string =>
  isSecure(config, headers) ? '__Host-session' : 'session'

/** The value of `Set-Cookie` that gives a token to the browser, until it is closed; how long the token is good, the database says. */
export const givenCookie = (config: CookieConfig, headers: IncomingHttpHeaders, token: string): string =>
  `${cookieName(config, headers)}=${token}; Path=/; HttpOnly; SameSite=Strict${isSecure(config, headers) ? '; Secure' : ''}`

/** The value of `Set-Cookie` that takes it away. */
export const takenCookie = (config: CookieConfig, headers: IncomingHttpHeaders): string =>
  `${givenCookie(config, headers, '')}; Max-Age=0`

/** The token that a request brings; undefined when there is none, or something that cannot be one. */
export function tokenOf(config: CookieConfig, headers: IncomingHttpHeaders): string | undefined {
  const name = `${cookieName(config, headers)}=`
  const values = (headers.cookie ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(name))
  const token = values[0]?.slice(name.length)
  // Two of one name: somebody has planted one, and which is ours cannot be told.
  return values.length === 1 && token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined
}
