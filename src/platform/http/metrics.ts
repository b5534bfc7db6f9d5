/** Figures for Prometheus. Rooms add their own to `registry`. */
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export const registry = new Registry()
collectDefaultMetrics({ register: registry })

/** Seconds a request took, by route as declared (never by the path asked for, which would have no end). */
export const httpMetrics = new Histogram({
  name: 'filodiretto_http_seconds',
  help: 'Duration of HTTP requests in seconds',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
})
