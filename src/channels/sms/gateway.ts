/**
 * The gateway for text messages: one attempt to hand one over, as JSON over HTTP. What it answers is bounded, and where it points is not followed.
 *
 *   POST <SMS_URL>   Authorization: Bearer <SMS_TOKEN>   Idempotency-Key: <the message>
 *   {"id": "…", "to": "+39…", "from": "…", "text": "…"}
 */
import type { Log } from '../../platform/index.ts'
import type { Attempt, FailureReason } from '../policy.ts'
import type { Carrier } from '../port.ts'
import type { MailRow } from '../store.ts'
import { onlyLogged } from './only-logged.ts'

/** Less than a message is taken in hand for, so that nobody else takes one that is still being sent. */
const timeoutMs = 20_000
/** Of what a gateway answers, no more is read. */
const maxAnswerBytes = 4_096
/** Ten parts of a text message; longer ones are for another channel. */
const maxLength = 1_530

export interface Gateway {
  url: string
  token: string | undefined
  /** The sender that the citizen sees, where the gateway lets one choose. */
  from: string | undefined
}

/** Opens the way to a gateway. With `log:` each message counts as sent, and the log says that it was there; neither number nor text is in it. */
export function openGateway(gateway: Gateway, log: Log): Carrier {
  const ending = new AbortController()
  return {
    async send(message) {
      if (message.body.length > maxLength) return { kind: 'refused', problem: 'longer than a text message', reason: 'refused' }
      if (gateway.url !== onlyLogged) return handOver(gateway, message, ending.signal)
      log.info({ mail: message.id, length: message.body.length }, 'a text message was only written to the log')
      return { kind: 'accepted' }
    },
    close: () => ending.abort(),
  }
}

async function handOver({ url, token, from }: Gateway, message: MailRow, ended: AbortSignal): Promise<Attempt> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': message.id,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({
        id: message.id,
        to: message.to_address,
        ...(from === undefined ? {} : { from }),
        text: message.body,
      }),
    })
    if (answer.ok) {
      await answer.body?.cancel()
      return { kind: 'accepted' }
    }
    return failureOf(answer.status, await beginningOf(answer))
  } catch (error) {
    return {
      kind: 'again',
      problem: error instanceof Error ? error.message.slice(0, 300) : 'unknown problem',
      reason: 'unreachable',
    }
  }
}

/** Reads the answer of a gateway that has not taken a message. What an administrator mends is tried again; what is wrong with the message is not. */
export function failureOf(status: number, said: string): Attempt {
  const problem = `${status} ${said}`.trim().slice(0, 300)
  const again = (reason: FailureReason): Attempt => ({ kind: 'again', problem, reason })
  if (status === 401 || status === 403) return again('sign-in')
  if (status === 429 || status === 408 || status >= 500 || status < 400) return again('busy')
  return { kind: 'refused', problem, reason: status === 404 || status === 422 ? 'address' : 'refused' }
}

async function beginningOf(answer: Response): Promise<string> {
  if (!answer.body) return ''
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body) {
    parts.push(part)
    length += part.length
    if (length >= maxAnswerBytes) break
  }
  return Buffer.concat(parts).subarray(0, maxAnswerBytes).toString('utf8').replace(/\s+/g, ' ').trim()
}
