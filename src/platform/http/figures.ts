/**
 * The figures for those who keep the program running, on a port of their own: how it works inside is nobody else's business. Each process
 * has one, whichever roles it plays.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config.ts'
import { ignoreErrors, patience } from './door.ts'
import { registry } from './metrics.ts'

const mostConnections = 50

export interface MetricsServer {
  readonly url: string
  close(): Promise<void>
}

/** Whether a request carries the token for the figures. */
export function bearsToken({ METRICS_TOKEN }: Pick<Config, 'METRICS_TOKEN'>, headers: IncomingHttpHeaders): boolean {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
  return METRICS_TOKEN !== undefined && given !== undefined && timingSafeEqual(hashOf(given), hashOf(METRICS_TOKEN))
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Opens the port of the figures, when there is a `METRICS_PORT`: `/metrics`, `/healthz`, and `/readyz` with its details.
 * @throws the system's error when the port is taken
 */
export async function openFigures(
  { METRICS_PORT, METRICS_HOST }: Pick<Config, 'METRICS_PORT' | 'METRICS_HOST'>,
  ready: () => Promise<{ ready: boolean; details: Record<string, string> }>,
): Promise<MetricsServer | undefined> {
  if (METRICS_PORT === undefined) return undefined
  async function answerTo(path: string | undefined): Promise<{ status: number; type: string; body: string }> {
    const json = 'application/json; charset=utf-8'
    if (path === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() }
    if (path === '/healthz') return { status: 200, type: json, body: JSON.stringify({ alive: true }) }
    if (path !== '/readyz') return { status: 404, type: json, body: '{}' }
    const now = await ready()
    return { status: now.ready ? 200 : 503, type: json, body: JSON.stringify({ ready: now.ready, ...now.details }) }
  }
  const server = createServer(
    { headersTimeout: patience.headersMs, requestTimeout: patience.requestMs, connectionsCheckingInterval: patience.checkMs },
    (request, response) => {
      answerTo(request.url).then(
        ({ status, type, body }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
        () => response.writeHead(500).end(),
      )
    },
  )
  server.maxConnections = mostConnections
  server.prependListener('connection', ignoreErrors)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(METRICS_PORT, METRICS_HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${METRICS_HOST.includes(':') ? `[${METRICS_HOST}]` : METRICS_HOST}:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
