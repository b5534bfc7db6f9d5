/**
 * What a first start on the embedded database does before anybody can work: makes the folder, migrates it, and loads the sample institute with
 * its six weeks. In a process of its own, because making a database takes a gigabyte of memory for seconds, and that goes with the process.
 *
 * It is cut off with the program that waits for it; whatever it has not finished, that program or the next start does. What the worker sums
 * up from the journal anyway is left to it: it catches up with the six weeks while people look around already.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { goOnWithSample, isSampleWanted, loadSampleIfEmpty, sampleLives } from '../sample/index.ts'
import { type Config, readConfig } from '../src/platform/index.ts'
import { openCommandHouse } from './house.ts'

/** Whether there is an embedded database to be made. */
const isFirst = ({ DATABASE_URL, DATA_DIR }: Config): boolean =>
  DATABASE_URL === undefined && !existsSync(join(DATA_DIR, 'database', 'PG_VERSION'))

/** Prepares the embedded database where there is none yet. What goes wrong is met and said by whoever opens the database afterwards. */
export async function prepareFirstStart(config: Config): Promise<void> {
  if (!isFirst(config)) return
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'close')
}

/** One line that is written over, where somebody looks at it. */
export function sayProgress(written: number, of: number): void {
  const line = `The sample institute works: day ${written} of ${of}`
  if (process.stdout.isTTY) process.stdout.write(`\r${line}${written === of ? '.\n' : ' '}`)
  else if (written === of) console.log(`${line}.`)
}

async function prepare(): Promise<void> {
  const config = readConfig(process.env)
  const house = await openCommandHouse({ migrates: true })
  try {
    if (!isSampleWanted(config, house.database.kind)) return
    await loadSampleIfEmpty(house, { lives: sampleLives(config) })
    await goOnWithSample(house, sayProgress)
  } finally {
    await house.close()
  }
}

if (import.meta.main) {
  process.once('disconnect', () => process.exit(1))
  await prepare()
  process.exit(0)
}
