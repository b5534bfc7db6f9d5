/**
 * AWS Signature Version 4, by which S3-compatible servers know who asks: a key of the day is derived from the secret, and signs what the request says.
 * Pure. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { createHash, createHmac } from 'node:crypto'

export interface SigningKey {
  readonly accessKey: string
  readonly secretKey: string
  readonly region: string
}

export interface UnsignedRequest {
  readonly method: string
  /** With its path as it is sent: encoded once. */
  readonly url: URL
  /** Beside `host`, by names in small letters. */
  readonly headers?: Readonly<Record<string, string>>
  /** SHA-256 of the body, in hex. */
  readonly contentSha256: string
}

const service = 's3'

/** The headers to be sent with a request, signed at an instant. */
export function signedHeaders(
  { method, url, headers = {}, contentSha256 }: UnsignedRequest,
  { accessKey, secretKey, region }: SigningKey,
  at: Date,
): Record<string, string> {
  const instant = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = instant.slice(0, 8)
  const sent: Record<string, string> = { ...headers, 'x-amz-content-sha256': contentSha256, 'x-amz-date': instant }
  const signed = Object.entries({ ...sent, host: url.host }).sort(([one], [other]) => (one < other ? -1 : 1))
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    method,
    url.pathname,
    canonicalQuery(url),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    contentSha256,
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', instant, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const dayKey = [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`))
  const signature = hmac(dayKey, text).toString('hex')
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Every name and value encoded, in the order of the names. */
const canonicalQuery = (url: URL): string =>
  [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')

/** As RFC 3986 §2.3 has it, which `encodeURIComponent` misses by five signs. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
