/** Works for `parent.ts`, and fails in the ways that a test asks for: SIGUSR2, an error that nobody catches. */
import { work } from '../../../src/platform/index.ts'

work<{ logLevel: string }>('worker', async () => {
  process.on('SIGUSR2', () => {
    throw new Error('nobody catches this')
  })
  return { state: () => `working as ${process.pid}`, watch: () => {}, close: async () => console.log('closed in good order') }
})
