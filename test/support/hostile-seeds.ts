/** Seeds whose hostile requests once found a fault: a line each, with the route and what it was. The tests send them for ever. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, 'hostile-seeds.txt')

interface Named {
  readonly method: string
  readonly url: string
}

/** The seeds that are kept for a route. */
export function keptSeedsOf({ method, url }: Named): number[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([seed = '', kind, path]) => /^\d+$/.test(seed) && kind === method && path === url)
    .map(([seed]) => Number(seed))
}

/** Adds a seed of a route, once. */
export function keepSeedOf(route: Named, seed: number, what: string): void {
  if (!keptSeedsOf(route).includes(seed))
    appendFileSync(file, `${seed} ${route.method} ${route.url} ${what.replaceAll(/\s+/g, ' ').slice(0, 200)}\n`)
}

/** What is different for each route, and stays so whatever other routes there are (FNV-1a). */
export function saltOf({ method, url }: Named): number {
  let hash = 0x811c9dc5
  for (const char of `${method} ${url}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 1
}

/**
 * Whether a filter means the route: `/api/people` for every method of all paths that begin so, `POST /api/people` for one method.
 * Without a filter all are meant.
 */
export function isMeant({ method, url }: Named, filter: string | undefined): boolean {
  if (filter === undefined) return true
  const [first = '', path] = filter.trim().split(/\s+/)
  return path === undefined ? url.startsWith(first) : method === first.toUpperCase() && url.startsWith(path)
}
