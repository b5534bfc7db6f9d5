/** Requests signed as the documentation of AWS signs them, sign by sign. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { signedHeaders } from './signature.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Examples: Signature Calculations"
const example = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}
const at = new Date('2013-05-24T00:00:00Z')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const sign = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  signedHeaders(
    { method, url: new URL(path, 'https://examplebucket.s3.amazonaws.com'), headers, contentSha256: sha256(body) },
    example,
    at,
  )

test.each([
  ['GET', '/test.txt', { range: 'bytes=0-9' }, '', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [
    ...(['PUT', '/test%24file.text'] as const),
    { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    ...(['Welcome to Amazon S3.', '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd'] as const),
  ],
  ['GET', '/?lifecycle', {}, '', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ['GET', '/?max-keys=2&prefix=J', {}, '', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
])('%s %s', (method, path, headers, body, signature) => {
  const signed = sign(method, path, headers, body)
  expect(signed.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request, /,
  )
  expect(signed.authorization).toContain('SignedHeaders=')
  expect(signed.authorization?.split('Signature=')[1]).toBe(signature)
  expect(signed).toMatchObject({ 'x-amz-date': '20130524T000000Z', 'x-amz-content-sha256': sha256(body) })
})

test('what is said twice, in another order, or with signs of its own is signed as it is sent', () => {
  const one = sign('GET', '/a?b=%2F&a=(1)').authorization
  expect(sign('GET', '/a?a=%281%29&b=%2f').authorization).toBe(one)
  expect(sign('GET', '/a?a=%281%29&b=%2F', { range: 'bytes=0-9' }).authorization).not.toBe(one)
})
