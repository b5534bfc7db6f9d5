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

/** Figures of other processes of the program, each sample with a label that names its process. */
const others = new Set<() => Promise<string>>()

/** Adds the figures of another process to those that are shown. Answers how to leave them out again. */
export function addMetrics(read: () => Promise<string>): () => void {
  others.add(read)
  return () => others.delete(read)
}

/** The figures of this process and of those that work for it. */
export async function allMetrics(): Promise<string> {
  const texts = await Promise.all([registry.metrics(), ...[...others].map(read => read())])
  return joinMetrics(texts)
}

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
