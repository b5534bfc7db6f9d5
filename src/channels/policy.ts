/**
 * What becomes of a mail after an attempt. Pure.
 *
 *   queued ──attempt──▶ sending ──accepted──▶ sent
 *      ▲                   │
 *      └──come again───────┤
 *                          └──refused, or tried for too long──▶ failed
 *
 * While it is queued it can be given another address, or be withdrawn.
 */

/** Pauses before the 2nd, 3rd … attempt. After the last the mail is given up: about two days, as mail servers do (RFC 5321 §4.5.4.1). */
export const pausesMinutes = [1, 5, 15, 60, 240, 720, 720, 1_080] as const

/** Connections of a carrier, and so messages on their way at the same time. */
export const atOnce = 3

/** What the server of the channel, or the way to it, answered. */
export type Attempt = Accepted | ({ kind: 'refused' | 'again' } & Failure)

interface Accepted {
  kind: 'accepted'
  /** Who was to get a copy and does not, with the words of the server: the message has left all the same. */
  uncopied?: readonly { address: string; problem: string; isFinal: boolean }[]
}

/** Why a mail did not leave: the server's words, and their kind. */
export interface Failure {
  problem: string
  reason: FailureReason
}

/** The server did not answer; asked to come again; did not let us in; does not know the address; does not want the mail; files could not be read here. */
export type FailureReason = 'unreachable' | 'busy' | 'sign-in' | 'address' | 'refused' | 'storage'

export type NextStep = { state: 'sent' } | ({ state: 'queued'; nextAt: Date } & Failure) | ({ state: 'failed' } & Failure)

/** @param attempts how many there have been, with this one */
export function afterAttempt(attempt: Attempt, attempts: number, now: Date): NextStep {
  if (attempt.kind === 'accepted') return { state: 'sent' }
  const { problem, reason } = attempt
  const pause = attempt.kind === 'refused' ? undefined : pausesMinutes[attempts - 1]
  if (pause === undefined) return { state: 'failed', problem, reason }
  return { state: 'queued', nextAt: new Date(now.getTime() + pause * 60_000), problem, reason }
}

/**
 * Reads an error of the SMTP client. A reply of 5xx is final (RFC 5321 §4.2.1), except where it is about us and not about the mail:
 * the sign-in (530, 534, 535), which an administrator mends.
 */
export function readFailure(error: unknown): Exclude<Attempt, { kind: 'accepted' }> {
  const { responseCode, command, message } = fieldsOf(error)
  const problem = message.replace(/\s+/g, ' ').slice(0, 300)
  const signIn = responseCode !== undefined && ([530, 534, 535].includes(responseCode) || command?.startsWith('AUTH') === true)
  if (signIn) return { kind: 'again', problem, reason: 'sign-in' }
  if (responseCode === undefined) return { kind: 'again', problem, reason: 'unreachable' }
  if (responseCode < 500) return { kind: 'again', problem, reason: 'busy' }
  return { kind: 'refused', problem, reason: command === 'RCPT TO' ? 'address' : 'refused' }
}

function fieldsOf(error: unknown): { responseCode: number | undefined; command: string | undefined; message: string } {
  if (!(error instanceof Error)) return { responseCode: undefined, command: undefined, message: 'unknown problem' }
  const { responseCode, command } = error as Error & { responseCode?: unknown; command?: unknown }
  return {
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    command: typeof command === 'string' ? command : undefined,
    message: error.message,
  }
}

// --- safe pieces of a message ---------------------------------------------------------------------------------------

/** One line for a header: no line breaks (they would begin a new header, RFC 5322 §2.2), no control characters, not too long. */
export function headerText(text: string, limit = 200): string {
  const line = [...text]
    .map(character => {
      const code = character.codePointAt(0) ?? 0
      return code < 32 || (code >= 127 && code < 160) || code === 0x2028 || code === 0x2029 ? ' ' : character
    })
    .join('')
    .replace(/ +/g, ' ')
    .trim()
  return [...line].slice(0, limit).join('')
}

/** Plain text as a simple HTML page: everything escaped, empty lines part paragraphs, line breaks stay. */
export function htmlOf(text: string, language: string): string {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map(paragraph => `<p>${escapeHtml(paragraph).replace(/\n/g, '<br>')}</p>`)
  return `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8"></head><body style="font-family:sans-serif;font-size:16px;line-height:1.5">${paragraphs.join('')}</body></html>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, character => entities[character] ?? '')
