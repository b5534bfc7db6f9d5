/** A program that has a part of its work done in `child.ts`: for tests that kill one of the two. Says what state the other is in. */
import { openLog, supervise } from '../../../src/platform/index.ts'

const settings = { logLevel: 'info' }
const child = supervise({ name: 'worker', program: new URL('./child.ts', import.meta.url), settings, log: openLog('info') })
let said = ''
setInterval(() => {
  if (child.state() !== said) console.log(child.state())
  said = child.state()
}, 5)
process.on('SIGTERM', () => {
  child.close().then(() => process.exit(0))
})
