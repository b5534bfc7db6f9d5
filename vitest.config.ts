import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { folderInMemory } from './test/support/memory-folder.ts'

// Temporary files of this process and of all that it starts.
process.env.TMPDIR = folderInMemory()
// What was compiled once is kept, as by scripts/run.mjs: a program that a test starts is ready a third sooner.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

/**
 * Six projects, by what they need:
 * unit (nothing), seeds (nothing but time: what is true of many seeds), store (PGlite and a real PostgreSQL), programs (the same, and processes of
 * their own), asterisk (a real Asterisk and sipp), pages (a real browser and the whole program). What fails once has failed.
 */
// A machine may be slow, or busy: whoever waits for something has a patience of its own, and says what for.
const common = { environment: 'node' as const, testTimeout: 240_000, hookTimeout: 240_000 }
/** Several programs, calls or browsers and what they say to each other, on a machine that may be busy: each step has a patience of its own. */
const patientMs = 600_000
/** What only computes: the files of a worker share its modules, which are read once and not for each of them. */
const computing = { ...common, isolate: false, maxWorkers: '100%' }
const databases = { globalSetup: ['test/support/postgres.ts'], setupFiles: ['test/support/close-after-each.ts'] }
/** As the program is started: compiling PGlite for speed takes longer than what it is then quicker by. */
const execArgv = ['--liftoff-only']
const seeds = [
  'test/night/**/*.test.ts',
  'src/simulation/{planner,runs,simulate}.test.ts',
  'src/routing/properties.test.ts',
  'src/distribution/memory.test.ts',
]
const store = ['src/**/*.store.test.ts']
/** Stores whose tests start programs, or stop their cluster: each file has a process to itself. */
const programs = [
  'test/**/*.{store,programs}.test.ts',
  'src/platform/database/*.store.test.ts',
  'src/channels/inbox/*.store.test.ts',
  'src/privacy/everywhere.store.test.ts',
  'src/distribution/leader/{faults,upgrades}.store.test.ts',
]
const asterisk = ['{src,test}/**/*.asterisk.test.ts']
const pages = ['{src,test,web}/**/*.pages.test.ts']

/** Files that take minutes beside others, longest first: whatever begins last is waited for by all. */
const longest = [
  ...['national.store', 'outage.store', 'hostile.store', 'inbox.store', 'living-sample.store', 'backup.store', 'faults.store'],
  ...['migrate.store', 'telephony.store', 'planner.store'],
  ...['recording.asterisk', 'telephone.asterisk', 'callback.asterisk', 'main-job.asterisk', 'notice.asterisk'],
  ...['two-pages.pages', 'areas.pages', 'counters.pages', 'around.pages', 'planner.pages', 'flow.pages', 'accounts.pages'],
  ...['tour.pages', 'call.pages'],
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))
      return place < 0 ? longest.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...computing,
          name: 'unit',
          include: ['{src,test,web,sample,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...seeds, ...store, ...programs, ...asterisk, ...pages],
        },
      },
      { test: { ...computing, name: 'seeds', include: seeds } },
      {
        test: {
          ...common,
          ...databases,
          name: 'store',
          include: store,
          exclude: programs,
          // The files of a worker share its modules: none of them keeps anything there.
          isolate: false,
          maxWorkers: 2,
          execArgv,
        },
      },
      { test: { ...common, ...databases, name: 'programs', include: programs, testTimeout: patientMs, maxWorkers: 2, execArgv } },
      {
        test: {
          ...common,
          ...databases,
          name: 'asterisk',
          include: asterisk,
          testTimeout: patientMs,
          // Most of a call is waiting: two files side by side, each with an Asterisk of its own.
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...common,
          ...databases,
          name: 'pages',
          isolate: false,
          include: pages,
          testTimeout: patientMs,
          hookTimeout: 400_000,
          // Pages wait for their program and for each other: two files side by side. Three were no quicker on two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
})
