/**
 * `npm test`: check, unit tests, nights of seeds, stores on PGlite and on a real PostgreSQL, telephony on a real Asterisk, pages in a real browser.
 * It installs what is missing where it may, runs lanes side by side, and ends with the line that counts.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { setPriority, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { preparedDatabases } from '../test/support/postgres.ts'
import { buildWeb } from './build-web.ts'
import { check } from './check.ts'
import { installMissing } from './debian.ts'

const root = join(import.meta.dirname, '..')
const results = mkdtempSync(join(tmpdir(), 'filo-results-'))
const started = Date.now()

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** How long a part took, and each of its files, in seconds. */
const parts: { name: string; seconds: number }[] = []
const files: { name: string; seconds: number }[] = []
const slowestShown = 25

/** What failed, in the order in which its parts ended: who reads only the end of a log finds it there. */
const failures: { name: string; message: string }[] = []
const failuresShown = 20
const linesShown = 12

/** What is read of the results that Vitest writes as JSON. */
interface Results {
  numPassedTests: number
  numPendingTests: number
  testResults: {
    name: string
    startTime: number
    endTime: number
    status: string
    /** Why the file could not be run at all. */
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  try {
    return await work()
  } finally {
    parts.push({ name, seconds: (performance.now() - begun) / 1000 })
  }
}

/** The checks count as one test each that fails. */
async function checks(): Promise<Count> {
  const failed = await timed('check', check)
  if (failed > 0) failures.push({ name: 'check', message: 'See what it has said above.' })
  return { passed: 0, failed, skipped: 0 }
}

/** How willingly a part gives way (`nice`): what only computes leaves the processor to what has a caller on the line. */
const givesWay = { telephony: 0, stores: 5, computing: 10 }

/** Runs the tests of a project of vitest.config.ts. A run that ends without its results counts as one failure. */
function tests(project: string, niceness: number): Promise<Count> {
  const file = join(results, `${project}.json`)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  return timed(
    project,
    () =>
      new Promise(resolve => {
        const child = spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
        if (child.pid !== undefined) setPriority(child.pid, niceness)
        child.on('close', code => {
          if (!existsSync(file)) {
            failures.push({ name: project, message: `Vitest ended with ${code} and left no results.` })
            return resolve({ passed: 0, failed: 1, skipped: 0 })
          }
          const { numPassedTests, numPendingTests, testResults }: Results = JSON.parse(readFileSync(file, 'utf8'))
          for (const each of testResults)
            files.push({ name: relative(root, each.name), seconds: (each.endTime - each.startTime) / 1000 })
          const found = testResults.flatMap(failuresOf)
          if (code !== 0 && found.length === 0)
            found.push({ name: project, message: `Vitest ended with ${code} although no test failed: see its errors above.` })
          failures.push(...found)
          const failed = found.length
          console.log(
            `${project}: ${numPassedTests} passed, ${failed} failed after ${((Date.now() - started) / 60_000).toFixed(1)} minutes`,
          )
          resolve({ passed: numPassedTests, failed, skipped: numPendingTests })
        })
      }),
  )
}

function failuresOf({ name, status, message, assertionResults }: Results['testResults'][number]): typeof failures {
  const file = relative(root, name)
  const found = assertionResults
    .filter(each => each.status === 'failed')
    .map(each => ({ name: `${file} > ${each.fullName}`, message: each.failureMessages.join('\n') }))
  return found.length === 0 && status === 'failed' ? [{ name: file, message }] : found
}

function printFailures(): void {
  for (const { name, message } of failures.slice(0, failuresShown)) {
    console.log(`Failed: ${name}`)
    const lines = stripVTControlCharacters(message)
      .split('\n')
      .filter(line => !/^\s+at .*(node_modules|node:)/.test(line))
    for (const line of lines.slice(0, linesShown)) console.log(`  ${line}`)
  }
  if (failures.length > failuresShown) console.log(`… and ${failures.length - failuresShown} more`)
}

function printTimes(title: string, times: readonly { name: string; seconds: number }[]): void {
  const sorted = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestShown)
  console.log(title)
  for (const { name, seconds } of sorted) console.log(`  ${seconds.toFixed(0).padStart(5)} s  ${name}`)
}

type Part = () => Promise<Count>

/** Runs parts one after the other: first its own, then whichever of those for all lanes nobody has begun. */
async function lane(own: readonly Part[], forAll: Part[]): Promise<Count[]> {
  const counts: Count[] = []
  for (const part of own) counts.push(await part())
  for (let part = forAll.shift(); part; part = forAll.shift()) counts.push(await part())
  return counts
}

try {
  installMissing()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
await Promise.all([buildWeb(), preparedDatabases()])
const { telephony, stores, computing } = givesWay
// What calls measure is silences, and a processor that is always busy makes some of its own: beside them runs what gives way.
// Stores come last, and are taken by the lane that is free first: their files are short, so that both lanes end together.
const forAll: Part[] = [
  () => tests('unit', computing),
  checks,
  () => tests('seeds', computing),
  () => tests('programs', stores),
  () => tests('store', stores),
]
const withCalls: Part[] = [() => tests('asterisk', telephony), () => tests('pages', telephony)]
const counts = (await Promise.all([lane(withCalls, forAll), lane([], forAll)])).flat()
rmSync(results, { recursive: true, force: true })
printFailures()
printTimes('Parts:', parts)
printTimes('Slowest files:', files)
const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0)
const skipped = sum(count => count.skipped)
console.log(`${((Date.now() - started) / 60_000).toFixed(1)} minutes, set-up included`)
console.log(
  `${sum(count => count.passed)} passed, ${sum(count => count.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
)
process.exitCode = sum(count => count.failed) > 0 ? 1 : 0
