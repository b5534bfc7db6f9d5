/** Runs before each file of tests (`setupFiles`). A hook in a helper would be there for the first file only, where files share modules. */
import { afterEach } from 'vitest'
import { closing } from './closing.ts'

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
