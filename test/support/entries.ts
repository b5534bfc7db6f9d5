/** All types of entries there are, by loading the rooms that declare them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type EventType, eventTypes } from '../../src/platform/index.ts'

const root = join(import.meta.dirname, '..', '..')
const rooms = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => /(^|[\\/])events\.ts$/.test(file) && !/^(platform|telephony[\\/]ari)/.test(file))
  .map(file => join(root, 'src', file))

for (const file of [...rooms, join(root, 'sample', 'events.ts')]) await import(file)

/** Those of the program; types that a test declares for itself are not among them. */
export const allEntries: readonly EventType[] = eventTypes().filter(({ type }) => !type.startsWith('test.'))
