/** A program and the process that works for it, really two processes: what each does when something happens to the other. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { joinMetrics } from '../http/metrics.ts'

const patience = { timeout: 60_000, interval: 5 }

let parent: ChildProcess | undefined
let lines: string[] = []
afterEach(() => parent?.kill('SIGKILL'))

/** Starts both. Returns the identifier of the one that works, once it does. */
async function start(): Promise<number> {
  lines = []
  parent = spawn(process.execPath, [join(import.meta.dirname, '../../../test/support/processes/parent.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (parent.stdout) createInterface({ input: parent.stdout }).on('line', line => lines.push(line))
  return atWork()
}

const working = () => lines.flatMap(line => /^working as (\d+)$/.exec(line)?.[1] ?? []).map(Number)
/** The process that works now, and is not the one before. */
const atWork = (before?: number): Promise<number> =>
  vi.waitFor(() => {
    const now = working().at(-1)
    if (now === undefined || now === before) throw new Error(`nobody else works:\n${lines.join('\n')}`)
    return now
  }, patience)
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a process that works for a program', () => {
  test('is started again when it is killed, and the program says by what', async () => {
    const first = await start()
    process.kill(first, 'SIGKILL')
    const second = await atWork(first)
    expect(isAlive(second)).toBe(true)
    expect(lines).toContain('away: ended by SIGKILL')
    expect(lines.join('\n')).toMatch('it is started again')
  })

  test('ends with an error that nobody caught, gives the reason in its log, and is started again', async () => {
    const first = await start()
    process.kill(first, 'SIGUSR2')
    await atWork(first)
    const logged = lines.find(line => line.includes('nobody catches this')) ?? '{}'
    expect(JSON.parse(logged)).toMatchObject({ level: 60, process: 'worker', err: { message: 'nobody catches this' } })
    expect(lines).toContain('away: ended with 1')
  })

  test('ends when the program is gone, however it went', async () => {
    const child = await start()
    parent?.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), patience)
  })

  test('ends what is under way when the program stops, and leaves nothing behind', async () => {
    const child = await start()
    const ended = parent && once(parent, 'exit')
    parent?.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(lines).toContain('closed in good order')
    expect(isAlive(child)).toBe(false)
  })

  test('is ended and started again when it says nothing any more', async () => {
    const first = await start()
    process.kill(first, 'SIGSTOP')
    const second = await atWork(first)
    expect(lines.join('\n')).toMatch('says nothing')
    process.kill(second, 0)
  })
})

test('figures of two processes stand under one heading', () => {
  const own = '# HELP a_total What a is\n# TYPE a_total counter\na_total 1\n\n# HELP b What b is\n# TYPE b gauge\nb 2\n'
  const other = '# HELP b What b is\n# TYPE b gauge\nb{process="router"} 3\n\n# HELP c What c is\n# TYPE c gauge\nc 4\n'
  expect(joinMetrics([own, other])).toBe(
    '# HELP a_total What a is\n# TYPE a_total counter\na_total 1\n\n' +
      '# HELP b What b is\n# TYPE b gauge\nb 2\nb{process="router"} 3\n\n' +
      '# HELP c What c is\n# TYPE c gauge\nc 4\n',
  )
})
