/**
 * `npm start`: builds the pages if needed, starts the program with all its roles, and says where to go.
 */
import { startProgram } from '../src/main.ts'
import { DatabaseUnavailable, endInGoodOrder, FolderInUse, openLog, readConfig, WrongConfig } from '../src/platform/index.ts'
import { buildWeb } from './build-web.ts'
import { prepareFirstStart, sayProgress } from './first-start.ts'
import { whyNotListen } from './port-taken.ts'

/** The start cannot succeed as it is; the sentences say what to mend. */
class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

try {
  const config = readConfig({ LOG_LEVEL: process.stdout.isTTY ? 'warn' : 'info', ...process.env })
  const ending = endInGoodOrder(openLog(config.LOG_LEVEL))
  const taken = [
    config.ROLES.includes('web') ? await whyNotListen(config.HOST, config.PORT, 'PORT') : undefined,
    config.METRICS_PORT ? await whyNotListen(config.METRICS_HOST, config.METRICS_PORT, 'METRICS_PORT') : undefined,
  ].filter(sentence => sentence !== undefined)
  if (taken.length > 0) throw new CannotStart(taken.join('\n'))
  const [wasBuilt] = await Promise.all([config.ROLES.includes('web') && buildWeb(), prepareFirstStart(config)])
  if (wasBuilt) console.log('The pages were built.')
  const program = await startProgram(config, { onSample: sayProgress })
  ending.closes(program.close)
  if (program.welcome) console.log(program.welcome)
} catch (error) {
  const known =
    error instanceof WrongConfig ||
    error instanceof DatabaseUnavailable ||
    error instanceof FolderInUse ||
    error instanceof CannotStart
  console.error(known ? error.message : error)
  process.exit(1)
}
