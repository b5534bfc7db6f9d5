/** Starts programs of its own that distribute calls, and waits for what they say. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface RouterNode {
  readonly process: ChildProcess
  /** Waits until it says that it leads, or stands by. What it has said last counts. */
  until(state: 'leading' | 'standing by'): Promise<void>
  /** Ends it at once, without a chance to say good-bye. */
  kill(): Promise<void>
}

/** Starts `test/support/router-node.ts` on a database. */
export function startRouterNode(url: string, environment: Record<string, string> = {}): RouterNode {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'router-node.ts')], {
    env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: process.env.TEST_LOG ?? 'silent', NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let state = ''
  const waiting = new Set<() => void>()
  child.stdout?.on('data', (text: Buffer) => {
    state = text.toString().trim().split('\n').at(-1) ?? state
    for (const look of waiting) look()
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  return {
    process: child,
    until(wanted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => {
        if (state !== wanted) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      return promise
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
