/**
 * `npm start`: builds the pages if needed, starts the program with all its roles, and says where to go.
 */
import { startProgram } from '../src/main.ts'
import { DatabaseUnavailable, FolderInUse, readConfig, WrongConfig } from '../src/platform/index.ts'
import { buildWeb } from './build-web.ts'

const sameWishMs = 1_000

try {
  const config = readConfig({ LOG_LEVEL: process.stdout.isTTY ? 'warn' : 'info', ...process.env })
  if (config.ROLES.includes('web') && (await buildWeb())) console.log('The pages were built.')
  const program = await startProgram(config)
  if (program.welcome) console.log(program.welcome)
  let stoppingSince: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A terminal signals the whole group and run.mjs hands the same signal on: what comes at once is one wish, not impatience.
      if (stoppingSince !== undefined && Date.now() - stoppingSince < sameWishMs) return
      if (stoppingSince !== undefined) process.exit(130)
      stoppingSince = Date.now()
      program.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
} catch (error) {
  const known =
    error instanceof WrongConfig || error instanceof DatabaseUnavailable || error instanceof FolderInUse || isPortTaken(error)
  console.error(known && error instanceof Error ? error.message : error)
  process.exit(1)
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}
