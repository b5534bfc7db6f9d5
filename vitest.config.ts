import { defineConfig } from 'vitest/config'

/**
 * Four projects, by what they need:
 * unit (nothing), store (PGlite and a real PostgreSQL), asterisk (a real Asterisk and sipp), pages (a real browser and the whole program).
 */
const common = { environment: 'node' as const, testTimeout: 30_000, hookTimeout: 60_000 }
const store = ['{src,test}/**/*.store.test.ts']
/** What waits for the clocks of others (a server, a browser, a telephone, a processor that is busy elsewhere) is tried once more; the report says so. */
const onceMore = { retry: 1 }
const asterisk = ['{src,test}/**/*.asterisk.test.ts']
const pages = ['{src,test,web}/**/*.pages.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['{src,test,web,sample,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...store, ...asterisk, ...pages],
        },
      },
      { test: { ...common, ...onceMore, name: 'store', include: store, globalSetup: ['test/support/postgres.ts'] } },
      {
        test: {
          ...common,
          ...onceMore,
          name: 'asterisk',
          include: asterisk,
          globalSetup: ['test/support/postgres.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          ...onceMore,
          name: 'pages',
          include: pages,
          globalSetup: ['test/support/postgres.ts'],
          testTimeout: 180_000,
          hookTimeout: 400_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
