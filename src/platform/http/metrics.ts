/** Figures for Prometheus. Rooms add their own to `registry`. */
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** The figures of this process, and of those that work for it, each of these with a label that names its process. */
class Figures extends Registry {
  private readonly others = new Set<() => Promise<string>>()

  /** Adds the figures of another process to those that are shown. Returns how to leave them out again. */
  addProcess(read: () => Promise<string>): () => void {
    this.others.add(read)
    return () => this.others.delete(read)
  }

  override async metrics(): Promise<string> {
    return joinMetrics(await Promise.all([super.metrics(), ...[...this.others].map(read => read())]))
  }
}

export const registry = new Figures()
collectDefaultMetrics({ register: registry })

/** Seconds a request took, by route as declared (never by the path asked for, which would have no end). */
export const httpMetrics = new Histogram({
  name: 'filodiretto_http_seconds',
  help: 'Duration of HTTP requests in seconds',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
})

/** Joins texts of figures: the samples of one name stand together under one heading, as the text format asks. Pure. */
export function joinMetrics(texts: readonly string[]): string {
  const families = new Map<string, { heading: string[]; samples: string[] }>()
  for (const text of texts) {
    let family: { heading: string[]; samples: string[] } | undefined
    let isNew = false
    for (const line of text.split('\n')) {
      const name = /^# HELP (\S+)/.exec(line)?.[1]
      if (name !== undefined) {
        const known = families.get(name)
        isNew = known === undefined
        family = known ?? { heading: [], samples: [] }
        families.set(name, family)
      }
      if (line === '') continue
      if (!line.startsWith('#')) family?.samples.push(line)
      else if (isNew) family?.heading.push(line)
    }
  }
  return [...families.values()].flatMap(({ heading, samples }) => [...heading, ...samples, '']).join('\n')
}
