/** PEC as this installation is set. What reads it is loaded with the first mail: most processes never see one. */
import { readFileSync } from 'node:fs'
import { type Config, WrongConfig } from '../../platform/index.ts'
import type { RegisteredMailReader } from '../registered/port.ts'
import { readTrustStore, type TrustStore } from './authorities.ts'

/** Opens the reader of PEC. @throws WrongConfig when the list of authorities cannot be read */
export function openPec({ PEC_TRUST }: Pick<Config, 'PEC_TRUST'>): RegisteredMailReader {
  const trust = trustIn(PEC_TRUST)
  return { read: async raw => (await import('./service.ts')).pecService(trust).read(raw) }
}

function trustIn(path: string | undefined): TrustStore {
  if (path === undefined) return []
  try {
    return readTrustStore(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new WrongConfig(
      `PEC_TRUST is "${path}", which cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}
