/**
 * Which Asterisk is ours: the one that the configuration names, else the one that `npm run asterisk` has set up on this machine.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../../../platform/index.ts'
import type { AriAddress } from './http.ts'

/** Where `npm run asterisk` leaves what the program must know about an instance. */
export const instanceFile = (instance: string): string =>
  join(import.meta.dirname, '../../../../.cache/asterisk/instances', `${instance}.json`)

/** What is in that file. It stays when Asterisk stops, so that the program finds it again when it comes back. */
export const Instance = z.object({
  url: z.url(),
  user: z.string(),
  password: z.string(),
  /** Folder of prompts as this machine names it, and as Asterisk does. */
  soundsDir: z.string(),
  soundsPath: z.string(),
  sipPort: z.number(),
  pid: z.number(),
})
export type Instance = z.output<typeof Instance>

export interface Asterisk extends AriAddress {
  /** Folder that prompts are written to; undefined when none is shared, then only Asterisk's own recordings can be played. */
  readonly sounds: { readonly folder: string; readonly path: string } | undefined
  /** Who said so. */
  readonly from: 'configuration' | 'npm run asterisk'
}

type AsteriskConfig = Pick<
  Config,
  'ASTERISK_URL' | 'ASTERISK_USER' | 'ASTERISK_PASSWORD' | 'ASTERISK_SOUNDS_DIR' | 'ASTERISK_SOUNDS_PATH'
>

/**
 * Finds our Asterisk; undefined when there is none, which is a state like any other: everything else works without.
 * @throws Error with a sentence when the configuration names one without a password, or the instance's file is damaged.
 */
export function discoverAsterisk(config: AsteriskConfig, file = instanceFile('main')): Asterisk | undefined {
  if (config.ASTERISK_URL) {
    if (!config.ASTERISK_PASSWORD)
      throw new Error('ASTERISK_URL is set and ASTERISK_PASSWORD is not: set the password of the ARI user.')
    const folder = config.ASTERISK_SOUNDS_DIR
    return {
      url: config.ASTERISK_URL,
      user: config.ASTERISK_USER,
      password: config.ASTERISK_PASSWORD,
      sounds: folder ? { folder, path: config.ASTERISK_SOUNDS_PATH ?? folder } : undefined,
      from: 'configuration',
    }
  }
  if (!existsSync(file)) return undefined
  const read = Instance.safeParse(decode(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`${file} is damaged. Remove it and run "npm run asterisk" again.`)
  const { url, user, password, soundsDir, soundsPath } = read.data
  return { url, user, password, sounds: { folder: soundsDir, path: soundsPath }, from: 'npm run asterisk' }
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
