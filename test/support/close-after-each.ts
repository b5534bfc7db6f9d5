/**
 * Runs before each file of tests (`setupFiles`): modules are shared by the files of a worker, so that a hook in one of them would be there for the
 * first file only.
 */
import { afterEach } from 'vitest'
import { closing } from './closing.ts'

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
