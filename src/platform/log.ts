/**
 * Structured logs. A line carries identifiers (call, case, person) and never what a citizen said or wrote.
 */
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/** Fields that could carry personal data or a secret are cut out wherever a caller passes a whole object by mistake. */
const cutOut = [
  'password',
  'givenName',
  'familyName',
  'fiscalCode',
  'phone',
  'email',
  'question',
  'answer',
  'text',
  'cookie',
  'authorization',
]

export function openLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null, redact: { paths: cutOut.flatMap(field => [field, `*.${field}`]), remove: true } }
  return destination ? pino(options, destination) : pino(options)
}
