/**
 * How the program ends: by a signal at any of the processes that `npm start` consists of, by the death of one of them, by an error that
 * nobody caught; and what a start says when somebody is there already.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startAgain } from '../src/platform/index.ts'
import { copyOfTemplate, onPostgres } from './support/database.ts'
import { msAtRest } from './support/pace.ts'
import { eventually } from './support/raw-client.ts'

const root = join(import.meta.dirname, '..')
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close()
})

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // A process that nobody has waited for yet is no more.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z')
  } catch {
    return false
  }
}

/** The processes below one, from the top. */
function below(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const all = rows.map(row => /^\s*(\d+)\s+(\d+)\s+(.*)/.exec(row)).flatMap(found => (found ? [found] : []))
  const children = (parent: number): number[] =>
    all
      .filter(([, , of, command]) => Number(of) === parent && !command?.startsWith('ps '))
      .flatMap(([, own]) => [Number(own), ...children(Number(own))])
  return children(pid)
}

function run(command: string, args: string[], environment: Record<string, string | undefined>) {
  const data = mkdtempSync(join(tmpdir(), 'filo-lifetime-'))
  const child = spawn(command, args, {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: data,
      PORT: '0',
      LOG_LEVEL: 'error',
      SAMPLE: 'never',
      ROLES: 'worker',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a terminal gives to what is started in it.
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString()
    })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as string | null }))
  closing.push(() => {
    for (const pid of [...below(child.pid ?? 0), child.pid ?? 0]) if (runs(pid)) process.kill(pid, 'SIGKILL')
    rmSync(data, { recursive: true, force: true })
  })
  return {
    child,
    ended,
    said: () => said,
    until: (pattern: RegExp) => eventually(async () => pattern.test(said), 120_000, `${pattern}`),
  }
}

/** Waits for all, and for nobody to be left. */
const allGone = (pids: readonly number[], within = 60_000) =>
  eventually(async () => !pids.some(runs), within, `the end of ${pids.join(', ')}`)

onPostgres(() => {
  const npmStart = async () => run('npm', ['start'], { DATABASE_URL: await copyOfTemplate() })
  const pidOf = (child: ChildProcess): number => child.pid ?? 0

  test.for(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s to npm ends everything below it', async signal => {
    const { child, until } = await npmStart()
    await until(/is ready/)
    const tree = [pidOf(child), ...below(pidOf(child))]
    expect(tree.length).toBeGreaterThanOrEqual(3)
    child.kill(signal)
    await allGone(tree)
  })

  test('Ctrl-C, which a terminal sends to all of them at once, ends them in good order', async () => {
    const { child, until, said, ended } = await npmStart()
    await until(/is ready/)
    const tree = [pidOf(child), ...below(pidOf(child))]
    process.kill(-pidOf(child), 'SIGINT')
    await allGone(tree)
    expect(await ended, said()).not.toEqual({ code: startAgain, signal: null })
    expect(said()).not.toMatch(/started again/)
  })

  test('when the process between dies the program ends too', async () => {
    const { child, until } = await npmStart()
    await until(/is ready/)
    const tree = below(pidOf(child))
    const between = tree.at(-2) ?? 0
    process.kill(between, 'SIGKILL')
    await allGone(tree)
  })

  test('a program that ends by a fault is started again, and the start says so', async () => {
    const { child, until, said, ended } = await npmStart()
    await until(/is ready/)
    process.kill(below(pidOf(child)).at(-1) ?? 0, 'SIGKILL')
    await until(/ended by SIGKILL\. It is started again in 1 s/)
    await until(/is ready[\s\S]*is ready/)
    const tree = below(pidOf(child))
    process.kill(tree.at(-2) ?? 0, 'SIGTERM')
    expect(await ended, said()).toEqual({ code: 0, signal: null })
    await allGone(tree)
  })

  test.for(['SIGURG', 'SIGWINCH'] as const)(
    'an error that nobody caught (%s) ends it by itself, with its reason',
    async signal => {
      const { child, until, ended, said } = run(process.execPath, ['test/support/program-process.ts'], {
        DATABASE_URL: await copyOfTemplate(),
        ROLES: 'web,voice,router,worker',
      })
      await until(/^ready/m)
      child.kill(signal)
      // After four seconds at most, on a machine that does nothing else.
      expect(await msAtRest(() => ended)).toBeLessThan(20_000)
      expect(await ended).toEqual({ code: startAgain, signal: null })
      expect(said()).toMatch(/an error that nobody caught ends the program/)
      expect(said()).toMatch(/nobody (caught|awaited) this/)
    },
  )

  test('a taken port is said at once, with who has it and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    closing.push(() => other.close())
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { ended, said } = run('npm', ['start'], { DATABASE_URL: await copyOfTemplate(), ROLES: 'web', PORT: String(port) })
    expect(await msAtRest(() => ended)).toBeLessThan(60_000)
    expect(await ended).toEqual({ code: 1, signal: null })
    expect(said()).toContain(`Port ${port} on 127.0.0.1 is taken by process ${process.pid} (`)
    expect(said()).toContain(`"kill ${process.pid}" ends it`)
    expect(said()).toContain(`PORT=${port + 1}`)
  })
})
