/** Files given out, always under their name and never as a page of ours: as a download, or shown where that is safe. */
import { z } from 'zod'
import { type House, wholeBlob } from '../../platform/index.ts'
import { isShown } from './shown.ts'

export const FileQuery = z.object({
  show: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true` shows pictures and PDF in the browser; all else is a download'),
})
export type FileQuery = z.infer<typeof FileQuery>

/** What of an answer to a request is set here. */
export interface Reply {
  headers(headers: Readonly<Record<string, string>>): unknown
}

/** A name in a header: plain for old programs, whole for others (RFC 6266 §4.3). */
const disposition = (as: 'attachment' | 'inline', name: string): string =>
  `${as}; filename="${name.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, each => `%${each.charCodeAt(0).toString(16)}`)}`

export const asDownload = (reply: Reply, name: string): unknown =>
  reply.headers({ 'content-disposition': disposition('attachment', name), 'x-content-type-options': 'nosniff' })

/** Under these a picture or a PDF that is opened by itself runs nothing and loads nothing. Some browsers show no PDF in a sandbox. */
const nothingElse = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** Said of what a browser shows: under its name, and running nothing. */
export const asShown = (reply: Reply, { name, type }: { name: string; type: string }): unknown =>
  reply.headers({
    'content-type': type,
    'content-disposition': disposition('inline', name),
    'content-security-policy': type === 'application/pdf' ? nothingElse : `sandbox; ${nothingElse}`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })

/** A file under its name. Whoever calls has asked whether the reader may have it. */
export function giveFile(
  house: House,
  reply: Reply,
  { name, type, blobId }: { name: string; type: string; blobId: string },
  { show }: FileQuery,
): Promise<Buffer> {
  if (show === 'true' && isShown(type)) asShown(reply, { name, type })
  else asDownload(reply, name)
  return wholeBlob(house, blobId)
}
