/** The program as a process of its own, for tests that kill it. Its clock may be set off, so that an office is open when a test runs at night. */
import { startProgram } from '../../src/main.ts'
import { readConfig, systemClock } from '../../src/platform/index.ts'

const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0)
const program = await startProgram(readConfig(process.env), { clock: { ...systemClock, now: () => Date.now() + offset } })
console.log(`ready ${program.url}`)
process.on('SIGTERM', () => {
  program.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
