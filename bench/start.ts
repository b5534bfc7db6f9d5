/**
 * How long a start takes and how much memory the program keeps: in a fresh clone of what is committed, with `npm start`, as a person
 * does it.
 *
 *   install   nothing is there: packages are installed, pages built, the database made, the sample institute loaded
 *   first     packages are there; pages, database and sample are not
 *   second    everything is there
 *
 * A start is ready when `GET /readyz` answers 200. Each ends with SIGTERM, as a service manager ends it, and has to end clean.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const readyWithinMs = 600_000
const endsWithinMs = 20_000
/** Memory is read when the first work after the start is done. */
const settleMs = 10_000
/** After a first start the worker sums up the sample's weeks. */
const catchUpMs = 15_000
const pollMs = 10

export default async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-start-'))
  try {
    const clone = join(folder, 'clone')
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
    const install = await start(clone, join(folder, 'data-1'))
    await install.stop()
    rmSync(join(clone, 'dist'), { recursive: true, force: true })
    rmSync(join(clone, '.cache'), { recursive: true, force: true })
    const first = await start(clone, join(folder, 'data-2'))
    await passes(catchUpMs)
    await first.stop()
    const second = await start(clone, join(folder, 'data-2'))
    await passes(settleMs)
    const { now, peak } = memoryOf(second.pid)
    await second.stop()
    print(install.seconds, first.seconds, second.seconds, now, peak)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(install: number, first: number, second: number, rss: number, peak: number): void {
  console.log(`Start in a fresh clone, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`)
  const rows = [
    ['nothing installed', `${install.toFixed(1)} s`, ''],
    ['first, packages installed', `${first.toFixed(1)} s`, ''],
    ['second', `${second.toFixed(2)} s`, 'target <= 3 s'],
    [`memory, ${settleMs / 1000} s after the second start`, `${Math.round(rss)} MB`, 'target <= 350 MB'],
    ['  its peak', `${Math.round(peak)} MB`, ''],
  ]
  for (const [what = '', figure = '', target = ''] of rows)
    console.log(`${what.padEnd(36)}${figure.padStart(9)}  ${target}`.trimEnd())
  console.log(
    `bench start install_s=${install.toFixed(1)} first_s=${first.toFixed(1)} second_s=${second.toFixed(2)} rss_mb=${Math.round(rss)}`,
  )
}

interface Started {
  /** From the command to the first 200. */
  seconds: number
  /** The program's own process, below npm and the program that starts programs. */
  pid: number
  /** Ends it and sees that it ended clean. */
  stop(): Promise<void>
}

async function start(clone: string, dataDir: string): Promise<Started> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...plainEnvironment(), PORT: String(port), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-8_000)
    })
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  await untilReady(child, port, () => said)
  const seconds = (performance.now() - begun) / 1000
  const own = deepest(child)
  return {
    seconds,
    pid: own.program,
    async stop() {
      process.kill(own.starter, 'SIGTERM')
      const end = await Promise.race([ended, passes(endsWithinMs).then(() => 'late' as const)])
      if (end === 'late') child.kill('SIGKILL')
      if (end !== 0) throw new Error(`The program did not end clean (${end}):\n${said}`)
      if (isAlive(own.program)) throw new Error(`The program is still there after its starter ended:\n${said}`)
    },
  }
}

/** What a person's shell has, npm's own settings included, without the settings of the program and of the npm that runs this. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^(npm_(?!config_)|NODE_(?!EXTRA_CA)|INIT_CWD$|HOST$|PORT$|PUBLIC_URL$|DATABASE_|DATA_DIR$|ROLES$|SAMPLE$|ASTERISK_|SPEECH_|SMTP_|LOG_LEVEL$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

async function untilReady(child: ChildProcess, port: number, said: () => string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${said()}`)
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      answer => answer.status === 200,
      () => false,
    )
    if (ready) return
    await passes(pollMs)
  }
  child.kill('SIGKILL')
  throw new Error(`npm start was not ready within ${readyWithinMs / 1000} s:\n${said()}`)
}

interface OutputLine {
  pid: number
  parent: number
  command: string
}

/** Which of the processes below `npm start` is the program, and which is the one that started it and passes signals on. */
function deepest(child: ChildProcess): { starter: number; program: number } {
  const all = processes()
  const below = (pid: number): OutputLine[] => all.filter(each => each.parent === pid).flatMap(each => [each, ...below(each.pid)])
  const found = below(child.pid ?? 0)
  const program = found.find(each => each.command.includes('scripts/start.ts') && !each.command.includes('run.mjs'))
  const starter = found.find(each => each.pid === program?.parent)
  if (!program || !starter) throw new Error(`The program was not found below npm:\n${found.map(each => each.command).join('\n')}`)
  return { starter: starter.pid, program: program.pid }
}

function processes(): OutputLine[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 16_777_216 })
  return text.split('\n').flatMap(line => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
  })
}

/** Megabytes that are resident now, and at most since the start (Linux tells; elsewhere `ps` tells only what is now). */
function memoryOf(pid: number): { now: number; peak: number } {
  if (readdirSync('/').includes('proc')) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
    return { now: of('VmRSS'), peak: of('VmHWM') }
  }
  const now = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
  return { now, peak: now }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const passes = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))))
    })
  })
}
