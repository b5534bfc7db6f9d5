/**
 * Runs one of the project's TypeScript programs on a machine that may have nothing but a Node from 20 on.
 *
 *   node scripts/run.mjs scripts/start.ts --port 8000
 *
 * It installs the packages when they are missing or older than the lock file, picks a Node that runs TypeScript
 * (this one if it is new enough, otherwise the one that the package `node` has brought), and hands over to it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const oldestNodeMajor = 24

installPackages()
handOver(nodeThatRunsTypeScript(), process.argv.slice(2))

function installPackages() {
  const stampFile = join(root, 'node_modules', '.installed-from')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return
  console.log('Installing packages (once) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' })
  if (error || status !== 0) {
    console.error(
      `The packages could not be installed: ${error?.message ?? `npm ended with ${status}`}. Mend that and start again.`,
    )
    process.exit(1)
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, wanted)
}

function nodeThatRunsTypeScript() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNodeMajor) return process.execPath
  const brought = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(brought)) return brought
  console.error(
    `Node ${oldestNodeMajor} or later is needed and this is ${process.version}. Install it, or let npm run the install script of "node".`,
  )
  process.exit(1)
}

/** The child gets our signals and we end as it ends, so that Ctrl-C and a service manager see one program. */
function handOver(node, args) {
  // What was compiled once is kept: the next start is quicker and smaller.
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compiled') }
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}
