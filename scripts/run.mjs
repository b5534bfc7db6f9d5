/**
 * Runs one of the project's TypeScript programs on a machine that may have nothing but a Node from 20 on.
 *
 *   node scripts/run.mjs scripts/start.ts
 *   node scripts/run.mjs --restart scripts/start.ts      starts it again when it ends by a fault
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

/** The exit code of a program that asks to be started again (src/platform/lifetime.ts). */
const startAgain = 75
/** Pauses in milliseconds before it is; the last one for every later time. */
const pausesMs = [1_000, 2_000, 5_000, 10_000, 30_000]
const mostFaultsInARow = 10
/** Who ran for so long begins to count anew. */
const healthyMs = 60_000
const lookAtParentMs = 500

installPackages()
const [first, ...rest] = process.argv.slice(2)
const restarts = first === '--restart'
keepRunning(nodeThatRunsTypeScript(), restarts ? rest : [first, ...rest])

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
function keepRunning(node, args) {
  // What was compiled once is kept: the next start is quicker and smaller.
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compiled') }
  let child
  let isEnding = false
  let faults = 0
  let hasRun = false

  function end(signal) {
    isEnding = true
    if (child) child.kill(signal)
    else process.exit(128 + (constants.signals[signal] ?? 0))
  }

  function start() {
    const began = Date.now()
    // The channel tells the child when we are gone, however that came about.
    child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      stdio: restarts ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
      env,
    })
    child.on('exit', (code, signal) => {
      child = undefined
      const result = code ?? 128 + (constants.signals[signal] ?? 0)
      const ranMs = Date.now() - began
      if (ranMs >= healthyMs) faults = 0
      hasRun ||= code === startAgain || signal !== null
      // A first start that fails says what to mend; a program that has run may find its database away for a while.
      if (!restarts || isEnding || result === 0 || !hasRun) process.exit(result)
      faults++
      const how = signal === null ? `with ${code}` : `by ${signal}`
      if (faults >= mostFaultsInARow) {
        console.error(`The program ended ${how} for the ${faults}th time in a row. It is not started again: see its log.`)
        process.exit(result)
      }
      const pauseMs = pausesMs[Math.min(faults, pausesMs.length) - 1]
      console.error(
        `The program ended ${how}. It is started again in ${pauseMs / 1000} s (${faults} of ${mostFaultsInARow - 1}).`,
      )
      setTimeout(() => (isEnding ? process.exit(result) : start()), pauseMs)
    })
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal))
  endWithNpm(() => end('SIGTERM'))
  start()
}

/** npm hands a signal on to its shell, which may keep it to itself; and who kills npm means us. */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return
  const above = () => `${process.ppid} ${parentOf(process.ppid)}`
  const atStart = above()
  const timer = setInterval(() => {
    if (above() === atStart) return
    clearInterval(timer)
    end()
  }, lookAtParentMs)
  timer.unref()
}

/** The parent of a process, where Linux tells it. */
function parentOf(pid) {
  try {
    // pid (name) state parent …; a name may hold spaces and brackets.
    return /.*\) \S+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}
