/** Ports of the loopback, for servers that tests start. */
import type { ChildProcess } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A port of the loopback on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Waits until a program that was started listens on its port. @throws Error when it has ended instead */
export async function untilListening(port: number, program: Pick<ChildProcess, 'exitCode' | 'signalCode'>): Promise<void> {
  while (!(await listens(port)))
    if (program.exitCode !== null || program.signalCode !== null) throw new Error(`nobody listens on port ${port}`)
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => setTimeout(() => resolve(false), 20))
  })
