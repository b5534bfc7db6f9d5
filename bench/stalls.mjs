/** Loaded before a program that a bench measures (`--import`): on SIGUSR2 it says for how long its loop stood still at most since the last time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const isProgram = process.argv[1]?.endsWith('program-process.ts') ?? false
if (isProgram) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('SIGUSR2', () => {
    console.log(`stall ${(delay.max / 1e6).toFixed(1)}`)
    delay.reset()
  })
}
