/** The program as a process of its own, for tests that kill it. Its clock may be set off, so that an office is open when a test runs at night. */
import { startProgram } from '../../src/main.ts'
import { endInGoodOrder, openLog, readConfig, systemClock } from '../../src/platform/index.ts'

const offset = Number(process.env.CLOCK_OFFSET_MS ?? 0)
const config = readConfig(process.env)
const ending = endInGoodOrder(openLog(config.LOG_LEVEL))
// A fault that nobody caught, on demand.
process.on('SIGURG', () => {
  throw new Error('nobody caught this')
})
process.on('SIGWINCH', () => void Promise.reject(new Error('nobody awaited this')))
const program = await startProgram(config, { clock: { ...systemClock, now: () => Date.now() + offset } })
ending.closes(program.close)
console.log(`ready ${program.url}`)
