/**
 * What a page must show to go on with its leg: signed, so that a program that was started anew, and remembers nothing, can believe it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

const Claim = z.object({
  leg: z.string(),
  role: z.enum(['caller', 'agent']),
  callId: z.string().nullable(),
  personId: z.string().nullable(),
  answered: z.boolean(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** When it was signed; milliseconds since 1970. */
  at: z.number(),
})
export type Claim = z.infer<typeof Claim>

export function signClaim(secret: Buffer, claim: Claim): string {
  const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
  return `${text}.${signature(secret, text).toString('base64url')}`
}

/** The claim, or undefined when it is none of ours, or older than `withinMs`. */
export function readClaim(
  secret: Buffer,
  token: string,
  { now, withinMs }: { now: number; withinMs: number },
): Claim | undefined {
  const [text = '', signed = ''] = token.split('.')
  const right = signature(secret, text)
  const given = Buffer.from(signed, 'base64url')
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  // One that another version has signed may have another shape.
  const claim = Claim.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  return claim.success && now - claim.data.at <= withinMs ? claim.data : undefined
}

const signature = (secret: Buffer, text: string): Buffer =>
  createHmac('sha256', secret).update('leg of a browser\0').update(text).digest()
