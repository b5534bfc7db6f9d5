/** The options of a command, from its command line. */
import { parseArgs } from 'node:util'
import type { z } from 'zod'

/**
 * Reads `--name value` for each field of the schema; the fields named in `switches` take no value. What cannot be read ends the command with
 * exit code 1 and a sentence that names the option.
 */
export function readOptions<Schema extends z.ZodObject>(schema: Schema, switches: readonly string[] = []): z.infer<Schema> {
  const names = Object.keys(schema.shape)
  const options = Object.fromEntries(names.map(name => [name, { type: switches.includes(name) ? 'boolean' : 'string' } as const]))
  try {
    const read = schema.safeParse(parseArgs({ options }).values)
    if (read.success) return read.data
    for (const issue of read.error.issues) console.error(`--${issue.path.join('.')}: ${issue.message}`)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}. Options: ${names.map(name => `--${name}`).join(' ')}`)
  }
  process.exit(1)
}
