/**
 * A running Asterisk with folders, ports and password of its own. `npm run asterisk` starts one, tests start theirs beside it.
 *
 * It runs in the unpacked tree (`chroot`) as a user without rights. Several instances share the tree, which none of them can write to.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Instance, instanceFile } from '../../src/telephony/switches/ari/discover.ts'
import { writeNotices } from './notices.ts'
import { defaults, foldersOf, render, type Settings } from './settings.ts'
import { cacheFolder, modulesFolder, unpackedAsterisk } from './unpack.ts'

/** The user `nobody`, which every Linux has. */
const unprivileged = 65_534
const readyWithinMs = 60_000
const stopWithinMs = 10_000
const portWithinMs = 5_000

export interface StartOptions extends Partial<Settings> {
  /** Leaves Asterisk running when this program ends. */
  readonly background?: boolean
  /** Ends an instance of this name that is still running, e.g. of a test that was killed. Without it that is an error. */
  readonly replace?: boolean
  readonly say?: (line: string) => void
}

export interface RunningAsterisk {
  /** Where ARI is, e.g. `http://127.0.0.1:18088`. */
  readonly url: string
  readonly user: string
  readonly password: string
  readonly settings: Settings
  readonly pid: number
  /** Folder of prompts: as this machine names it, and as Asterisk does. */
  readonly sounds: { readonly folder: string; readonly path: string }
  /** Folder of the instance's logs. */
  readonly logs: string
  /** Runs a command of Asterisk's console and returns what it prints. */
  cli(command: string): string
  /** Resolves when it has ended, by whatever cause. */
  readonly ended: Promise<void>
  /** Ends it in good order: calls are hung up. */
  stop(): Promise<void>
  /** Ends it as a fault would. */
  kill(): Promise<void>
}

/** The instance runs already. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
  readonly pid: number

  constructor(instance: string, pid: number) {
    super(`Asterisk "${instance}" is already running (process ${pid}).`)
    this.pid = pid
  }
}

/**
 * Unpacks if needed, writes the configuration, starts, and answers when ARI does. A port of 0 takes a free one.
 * @throws CannotUnpack, AlreadyRunning, or Error with the end of Asterisk's log when it does not come up.
 */
export async function startAsterisk(options: StartOptions = {}): Promise<RunningAsterisk> {
  const { background = false, replace = false, say = console.log, ...given } = options
  const tree = await unpackedAsterisk(say)
  const instance = given.instance ?? defaults.instance
  if (!/^[a-z0-9-]{1,32}$/.test(instance))
    throw new Error(`"${instance}" is no name for an instance: small letters, digits and - only.`)
  const file = instanceFile(instance)
  const earlier = readInstance(file)
  if (earlier && isRunning(earlier.pid, instance)) {
    if (!replace) throw new AlreadyRunning(instance, earlier.pid)
    await end(earlier.pid, instance, 'SIGKILL')
  }
  const settings: Settings = {
    ...defaults,
    // The password stays the same from start to start, so that a running program finds its way back in.
    ariPassword: earlier?.password ?? randomBytes(24).toString('base64url'),
    ...given,
    sipPort: given.sipPort === 0 ? await freeUdpPort() : (given.sipPort ?? defaults.sipPort),
    httpPort: given.httpPort === 0 ? await freeTcpPort() : (given.httpPort ?? defaults.httpPort),
  }
  await mustBeFree(settings)

  const folders = foldersOf(instance)
  const state = join(tree, folders.state)
  const sounds = { folder: join(tree, folders.sounds), path: folders.sounds }
  const logs = join(state, 'log')
  lay(tree, settings)
  await writeNotices(sounds.folder, say)

  const log = openSync(join(logs, 'start.log'), 'w')
  const child = spawn(
    'chroot',
    [`--userspec=${unprivileged}:${unprivileged}`, tree, '/usr/sbin/asterisk', '-f', '-C', `${folders.etc}/asterisk.conf`],
    { stdio: ['ignore', log, log], detached: background, env: { PATH: '/usr/sbin:/usr/bin' } },
  )
  closeSync(log)
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const pid = child.pid ?? 0
  const url = `http://${settings.bindAddress}:${settings.httpPort}`
  const cli = (command: string) =>
    spawnSync('chroot', [tree, '/usr/sbin/asterisk', '-C', `${folders.etc}/asterisk.conf`, '-rx', command], { encoding: 'utf8' })
      .stdout
  const user = settings.ariUser
  const password = settings.ariPassword
  remember(file, { url, user, password, soundsDir: sounds.folder, soundsPath: sounds.path, sipPort: settings.sipPort, pid })

  try {
    await untilReady(child, url, user, password)
    cli('core waitfullybooted')
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(
      `${error instanceof Error ? error.message : error}\n${lastLines(join(logs, 'start.log'))}${lastLines(join(logs, 'full'))}`,
    )
  }
  if (background) child.unref()

  return {
    url,
    user,
    password,
    settings,
    pid,
    sounds,
    logs,
    cli,
    ended,
    async stop() {
      await end(pid, instance, 'SIGTERM')
    },
    async kill() {
      await end(pid, instance, 'SIGKILL')
    },
  }
}

/** Ends the instance of this name, if it runs. Returns whether it did. */
export async function stopAsterisk(instance: string): Promise<boolean> {
  const running = readInstance(instanceFile(instance))
  if (!running || !isRunning(running.pid, instance)) return false
  await end(running.pid, instance, 'SIGTERM')
  return true
}

/** Folders and configuration of the instance. What Asterisk must not change belongs to root, prompts to whoever runs the program. */
function lay(tree: string, settings: Settings): void {
  const folders = foldersOf(settings.instance)
  const etc = join(tree, folders.etc)
  rmSync(etc, { recursive: true, force: true })
  mkdirSync(etc, { recursive: true })
  for (const [name, text] of render(settings, modulesFolder(tree))) {
    writeFileSync(join(etc, name), text, { mode: 0o400 })
    chownSync(join(etc, name), unprivileged, unprivileged)
  }
  const spool = ['recording', 'outgoing', 'tmp', 'monitor'].map(name => `spool/${name}`)
  for (const name of ['run', 'log', 'lib', 'lib/keys', 'spool', ...spool]) {
    const folder = join(tree, folders.state, name)
    mkdirSync(folder, { recursive: true })
    chownSync(folder, unprivileged, unprivileged)
  }
  const sounds = join(tree, folders.sounds)
  mkdirSync(sounds, { recursive: true })
  const owner = statSync(dirname(dirname(cacheFolder)))
  chownSync(sounds, owner.uid, owner.gid)
}

function remember(file: string, instance: Instance): void {
  mkdirSync(dirname(file), { recursive: true })
  const owner = statSync(dirname(dirname(cacheFolder)))
  // The password is for whoever runs the program, and for nobody else.
  writeFileSync(file, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
  chownSync(file, owner.uid, owner.gid)
}

function readInstance(file: string): Instance | undefined {
  if (!existsSync(file)) return undefined
  try {
    return Instance.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Damaged by a crash while it was written; it is written anew now.
    return undefined
  }
}

/** A process of this number may be somebody else's by now: ours names our configuration on its command line. */
function isRunning(pid: number, instance: string): boolean {
  const commandLine = `/proc/${pid}/cmdline`
  if (pid === 0 || !existsSync(commandLine)) return false
  try {
    return readFileSync(commandLine, 'utf8').includes(`${foldersOf(instance).etc}/asterisk.conf`)
  } catch {
    return false
  }
}

async function end(pid: number, instance: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const send = (which: 'SIGTERM' | 'SIGKILL') => {
    if (isRunning(pid, instance)) process.kill(pid, which)
  }
  send(signal)
  const deadline = Date.now() + stopWithinMs
  while (isRunning(pid, instance)) {
    if (Date.now() > deadline) send('SIGKILL')
    await pause(20)
  }
}

async function untilReady(child: ChildProcess, url: string, user: string, password: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const deadline = Date.now() + readyWithinMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('Asterisk ended while it was starting.')
    try {
      const answer = await fetch(`${url}/ari/asterisk/ping`, { headers: { authorization }, signal: AbortSignal.timeout(2_000) })
      if (answer.ok) return
    } catch {
      // Not there yet.
    }
    await pause(50)
  }
  throw new Error(`Asterisk did not answer within ${readyWithinMs / 1000} s.`)
}

/** Asterisk itself would start and serve nothing when a port is taken. */
async function mustBeFree({ bindAddress, httpPort, sipPort }: Settings): Promise<void> {
  const taken = (what: string, port: number, variable: string) =>
    new Error(`Port ${port} (${what}) is taken by another program. Set ${variable} to a free one.`)
  await patiently(() => tcpPort(httpPort, bindAddress), taken('HTTP', httpPort, 'ASTERISK_HTTP_PORT'))
  await patiently(() => udpPort(sipPort, bindAddress), taken('SIP', sipPort, 'ASTERISK_SIP_PORT'))
}

/** The kernel takes a moment to close what a killed process held. */
async function patiently(take: () => Promise<unknown>, otherwise: Error): Promise<void> {
  const deadline = Date.now() + portWithinMs
  for (;;) {
    try {
      await take()
      return
    } catch {
      if (Date.now() > deadline) throw otherwise
      await pause(20)
    }
  }
}

const freeTcpPort = () => tcpPort(0, '127.0.0.1')
const freeUdpPort = () => udpPort(0, '127.0.0.1')

/** Takes the port for a moment and answers its number. */
function tcpPort(port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, address, () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : port))
    })
  })
}

function udpPort(port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject)
    socket.bind(port, address, () => {
      const bound = socket.address().port
      socket.close(() => resolve(bound))
    })
  })
}

function lastLines(file: string): string {
  return existsSync(file) ? `${readFileSync(file, 'utf8').trim().split('\n').slice(-15).join('\n')}\n` : ''
}
