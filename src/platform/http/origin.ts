/** Whether a request comes from our own pages. */
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`. Programs send neither, and carry no cookie that a foreign page
 * could ride on.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const { origin } = headers
  if (origin === undefined) return true
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true
  return URL.canParse(origin) && new URL(origin).host === headers.host
}
