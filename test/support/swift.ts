/**
 * A real S3-compatible server on the loopback: OpenStack Swift of Debian with its S3 API, on a configuration in a temporary folder. It checks signatures as
 * every other does, and keeps objects in memory; there is one bucket.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { signedHeaders } from '../../src/platform/blobs/signature.ts'
import { freePort, untilListening } from './ports.ts'

export interface Swift {
  /** What leads the program to the bucket. */
  readonly environment: { BLOBS_URL: string; BLOBS_ACCESS_KEY: string; BLOBS_SECRET_KEY: string }
  /** Names of what lies in the bucket. */
  objects(): Promise<string[]>
  /** Puts something else in the place of an object, without a word to anybody. */
  overwrite(name: string, content: string): Promise<void>
  /** Ends the door of the server, and opens it again on the same port: what lies in it stays. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const bucket = 'filo-diretto'
/** Names of the servers behind the door. */
const kinds = ['account', 'container', 'object'] as const

export async function startSwift(): Promise<Swift> {
  const folder = mkdtempSync(join(tmpdir(), 'swift-'))
  const ports = { account: await freePort(), container: await freePort(), object: await freePort() }
  const port = await freePort()
  const { username } = userInfo()
  mkdirSync(join(folder, 'devices', 'disk'), { recursive: true })
  writeFileSync(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n')
  for (const kind of kinds) {
    writeFileSync(join(folder, `${kind}-server.conf`), storageOf(kind, { folder, port: ports[kind], username }))
  }
  spawnSync('/usr/bin/python3', ['-c', rings, folder, ...kinds.flatMap(kind => [kind, String(ports[kind])])])
  writeFileSync(join(folder, 'proxy-server.conf'), doorOf({ folder, port, username }))
  const run = (kind: string): ChildProcess =>
    spawn(`/usr/bin/swift-${kind}-server`, [join(folder, `${kind}-server.conf`)], {
      stdio: 'ignore',
      env: { ...process.env, SWIFT_DIR: folder },
    })
  const storages = kinds.map(kind => ({ kind, program: run(kind) }))
  let door: ChildProcess | undefined
  const end = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  async function start(): Promise<void> {
    door = run('proxy')
    await untilListening(port, door)
  }
  async function stop(): Promise<void> {
    if (door) await end(door)
    door = undefined
  }
  async function close(): Promise<void> {
    await stop()
    await Promise.all(storages.map(({ program }) => end(program)))
    rmSync(folder, { recursive: true, force: true })
  }

  const url = `http://127.0.0.1:${port}`
  const key = { accessKey: 'test:tester', secretKey: 'testing', region: 'us-east-1' }
  async function ask(method: string, path: string, body = ''): Promise<Response> {
    const request = { method, url: new URL(path, url), contentSha256: createHash('sha256').update(body).digest('hex') }
    const headers = signedHeaders(request, key, new Date())
    const response = await fetch(request.url, { method, headers, ...(body === '' ? {} : { body }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  try {
    await Promise.all([start(), ...storages.map(({ kind, program }) => untilListening(ports[kind], program))])
    await ask('PUT', bucket)
  } catch (error) {
    await close()
    throw error
  }
  return {
    environment: { BLOBS_URL: `${url}/${bucket}`, BLOBS_ACCESS_KEY: 'test:tester', BLOBS_SECRET_KEY: 'testing' },
    objects: async () =>
      [...(await (await ask('GET', bucket)).text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(found => found[1] ?? ''),
    overwrite: async (name, content) => void (await ask('PUT', `${bucket}/${name}`, content)),
    stop,
    start,
    close,
  }
}

/** Where each kind of server is: one of each, in one go, because each start of Python costs a second. */
const rings = `
import sys
from swift.common.ring import RingBuilder
folder, rest = sys.argv[1], sys.argv[2:]
for kind, port in zip(rest[::2], rest[1::2]):
    builder = RingBuilder(4, 1, 0)
    builder.add_dev(dict(id=0, region=1, zone=1, ip='127.0.0.1', port=int(port), device='disk', weight=1.0))
    builder.rebalance()
    builder.get_ring().save(folder + '/' + kind + '.ring.gz')
`

interface Settings {
  folder: string
  port: number
  username: string
}

const commonOf = ({ folder, port, username }: Settings) => `[DEFAULT]
swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${username}
log_address = ${folder}/no-log
`

const storageOf = (kind: (typeof kinds)[number], settings: Settings) => `${commonOf(settings)}
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind === 'object' ? 'mem_object' : kind}
`

const doorOf = (settings: Settings) => `${commonOf(settings)}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:copy]
use = egg:swift#copy
`
