/**
 * Browsers in which somebody has signed in before. Such a browser has attempts of its own: whoever guesses at a user from elsewhere can keep
 * everybody out but those who have been here before.
 *
 * The cookie says so, signed, for up to five users of a shared machine, and names none of them. It opens nothing: it only chooses which
 * attempts are counted.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Config, isSecure } from '../platform/index.ts'

const maxUsers = 5
const goodForSeconds = 180 * 24 * 3_600
/** Only signing in needs it. */
const path = '/api/session'

type CookieConfig = Pick<Config, 'PUBLIC_URL'>

const nameOf = (config: CookieConfig, headers: IncomingHttpHeaders): string =>
  isSecure(config, headers) ? '__Secure-known-browser' : 'known-browser'

/** One user's mark: `id.seconds.signature`. */
const mark = /^([\w-]{22})\.(\d{10})\.([\w-]{43})$/

const signature = (secret: Buffer, user: string, id: string, seconds: string): Buffer =>
  createHmac('sha256', secret).update(`known browser\0${user}\0${id}\0${seconds}`).digest()

/** The marks in the cookie of a request, whosever they are. */
function marksIn(config: CookieConfig, headers: IncomingHttpHeaders): string[] {
  const name = `${nameOf(config, headers)}=`
  const values = (headers.cookie ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(name))
  return (values[0]?.slice(name.length) ?? '')
    .split('~')
    .slice(0, maxUsers)
    .filter(each => mark.test(each))
}

function idOf(secret: Buffer, user: string, text: string, nowSeconds: number): string | undefined {
  const [, id = '', seconds = '', signed = ''] = mark.exec(text) ?? []
  const right = signature(secret, user, id, seconds)
  const given = Buffer.from(signed, 'base64url')
  const isOurs = given.length === right.length && timingSafeEqual(given, right)
  return isOurs && nowSeconds - Number(seconds) < goodForSeconds ? id : undefined
}

/** The name under which attempts of this browser at this user are counted; undefined when the user never signed in here. */
export function knownBrowser(
  secret: Buffer,
  config: CookieConfig,
  headers: IncomingHttpHeaders,
  user: string,
  now: number,
): string | undefined {
  return marksIn(config, headers)
    .map(each => idOf(secret, user.toLowerCase(), each, now / 1_000))
    .find(id => id !== undefined)
}

/** The value of `Set-Cookie` that remembers that the user has signed in here, beside the others who have. */
export function rememberedBrowser(
  secret: Buffer,
  config: CookieConfig,
  headers: IncomingHttpHeaders,
  user: string,
  now: number,
): string {
  const own = user.toLowerCase()
  const marks = marksIn(config, headers)
  const id = marks.map(each => idOf(secret, own, each, now / 1_000)).find(known => known !== undefined)
  const others = marks.filter(each => idOf(secret, own, each, now / 1_000) === undefined)
  const fresh = id ?? randomBytes(16).toString('base64url')
  const seconds = String(Math.floor(now / 1_000))
  const value = [`${fresh}.${seconds}.${signature(secret, own, fresh, seconds).toString('base64url')}`, ...others]
    .slice(0, maxUsers)
    .join('~')
  const secure = isSecure(config, headers) ? '; Secure' : ''
  return `${nameOf(config, headers)}=${value}; Path=${path}; Max-Age=${goodForSeconds}; HttpOnly; SameSite=Strict${secure}`
}
