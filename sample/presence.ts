/**
 * Whether the sample institute may be there. Its accounts have a password that everybody can read, so it belongs on one's own machine, or
 * where somebody has said `SAMPLE=yes`. Pure.
 */
import { type Config, isLoopback } from '../src/platform/index.ts'

type Settings = Pick<Config, 'SAMPLE' | 'HOST' | 'PUBLIC_URL'>

/** Whether it has been at work for six weeks when it is loaded. */
export const sampleLives = ({ SAMPLE, SAMPLE_HISTORY }: Pick<Config, 'SAMPLE' | 'SAMPLE_HISTORY'>): boolean =>
  SAMPLE !== 'small' && SAMPLE_HISTORY

/** Whether an empty database is filled with it at start. */
export function isSampleWanted(config: Settings, database: 'postgres' | 'embedded'): boolean {
  if (config.SAMPLE === 'yes') return true
  return (
    (config.SAMPLE === 'if-empty' || config.SAMPLE === 'small') && database === 'embedded' && reachableBy(config) === undefined
  )
}

/**
 * Returns what is wrong with starting on a database that holds the sample, as a sentence; undefined when nothing is.
 */
export function sampleInTheOpen(config: Settings): string | undefined {
  const by = reachableBy(config)
  if (config.SAMPLE === 'yes' || by === undefined) return undefined
  return `The sample institute is loaded, its accounts have a password that everybody can read, and ${by} lets others reach them. Run "npm run remove-sample", or say SAMPLE=yes if this place is only for trying.`
}

/** The setting by which others than this machine reach the program. */
function reachableBy({ HOST, PUBLIC_URL }: Settings): string | undefined {
  if (!isLoopback(HOST)) return `HOST=${HOST}`
  if (PUBLIC_URL !== undefined && !isLoopback(new URL(PUBLIC_URL).hostname)) return `PUBLIC_URL=${PUBLIC_URL}`
  return undefined
}
