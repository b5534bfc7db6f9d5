/** What came in, given out again: always as a download, never as a page of ours; the formatted mail in a frame that may do nothing. */
import { z } from 'zod'
import { type Db, type House, notFound, Refused, wholeBlob } from '../../platform/index.ts'
import { asDownload, type FileQuery, giveFile, type Reply } from '../files/serving.ts'
import { readRawMail } from './raw-store.ts'
import { attachmentsOf, readIncomingMail } from './store.ts'

export const ImagesQuery = z.object({
  images: z.enum(['true', 'false']).default('false').describe('whether pictures from elsewhere may be loaded'),
})

/** The bytes of a mail as they came. @throws Refused 404 */
export async function downloadRaw(house: House, reply: Reply, rawMailId: string): Promise<Buffer> {
  const raw = await readRawMail(house.database.kysely, rawMailId)
  if (!raw) throw notFound('mail')
  asDownload(reply, `${raw.received_at.toISOString().slice(0, 10)}-${raw.id.slice(-6)}.eml`)
  return wholeBlob(house, raw.blob_id)
}

/** @throws Refused 404, 403 for what malware was found in */
export async function downloadAttachment(
  house: House,
  reply: Reply,
  { rawMailId, attachmentId }: { rawMailId: string; attachmentId: string },
  query: FileQuery,
): Promise<Buffer> {
  const found = (await attachmentsOf(house.database.kysely, rawMailId)).find(each => each.id === attachmentId)
  if (!found) throw notFound('mail')
  if (found.scan === 'infected') throw new Refused('channels.infected', { found: found.scan_detail ?? '' }, 403)
  return giveFile(house, reply, { name: found.name, type: found.type, blobId: found.blob_id }, query)
}

/** The cleaned HTML of a mail, as a whole page; its text where it has none. @throws Refused 404 */
export async function mailHtml(db: Db, rawMailId: string): Promise<string> {
  const mail = await readIncomingMail(db, rawMailId)
  if (!mail) throw notFound('mail')
  const body = mail.html ?? `<pre>${mail.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`
  const style =
    'body{font:15px/1.5 system-ui,sans-serif;margin:12px;overflow-wrap:anywhere}img{max-width:100%}pre{white-space:pre-wrap}'
  return `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>${style}</style></head><body>${body}</body></html>`
}

/** Lets a page stand in a frame of ours, without scripts, forms, cookies or anything else; with pictures only when they are asked for. */
export function showInFrame(reply: Reply, html: string, { images }: z.infer<typeof ImagesQuery>): Buffer {
  const pictures = images === 'true' ? 'img-src https: http:; ' : ''
  reply.headers({
    'content-security-policy': `sandbox allow-popups; default-src 'none'; ${pictures}style-src 'unsafe-inline'; frame-ancestors 'self'`,
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
  })
  return Buffer.from(html)
}
