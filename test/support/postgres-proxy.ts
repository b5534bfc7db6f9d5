/**
 * A wire to PostgreSQL that fails as wires do: it can swallow the answer to what was written, and it can go half-open, which is to say that
 * nothing comes through any more while both ends still believe in the connection.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface PostgresProxy {
  /** The address of the same database through this wire. */
  url: string
  /**
   * The next statement in which `sign` is sent gets no answer: the server has done it, the client hears nothing and is cut off. For a
   * statement that is a transaction of its own, this is the answer to its COMMIT. Returns when that has happened.
   */
  swallowAnswer(sign: string): Promise<void>
  /** From now on nothing comes through, on any connection, old or new. */
  goHalfOpen(): void
  /** Drops the connections that went half-open, and passes new ones on. */
  mend(): void
  /** Passes new connections on. Those that went half-open stay so: nothing ever tells their ends. */
  wayRound(): void
  close(): Promise<void>
}

export async function openPostgresProxy(target: string): Promise<PostgresProxy> {
  const { port, hostname } = new URL(target)
  const sockets = new Set<Socket>()
  let whole = true
  let eras = 0
  let trap: { sign: string; sprung: () => void } | undefined
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname)
    let swallowing = false
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    const era = eras
    client.on('data', (bytes: Buffer) => {
      if (!whole || era !== eras) return
      const text = bytes.toString('latin1')
      if (trap && text.includes(trap.sign)) {
        swallowing = true
        const { sprung } = trap
        trap = undefined
        upstream.once('data', () => {
          client.destroy()
          sprung()
        })
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes: Buffer) => {
      if (whole && era === eras && !swallowing) client.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = new URL(target)
  own.port = String((server.address() as AddressInfo).port)
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: own.href,
    swallowAnswer(sign) {
      const { promise, resolve } = Promise.withResolvers<void>()
      trap = { sign, sprung: resolve }
      return promise
    },
    goHalfOpen() {
      whole = false
    },
    mend() {
      whole = true
      drop()
    },
    wayRound() {
      whole = true
      eras++
    },
    async close() {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
