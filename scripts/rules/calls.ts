/**
 * What the pages ask of the server, held against what the server answers: each address in `web/` is one that a route declares, each request
 * goes through the typed client, and each route is asked by a page or is named below as one for other programs. Pure.
 */

import { lineAt, type Source, withoutComments } from './source.ts'

interface Route {
  method: string
  url: string
}

/** Routes that no page asks for, and who does. */
export const forOtherPrograms: Readonly<Record<string, string>> = {
  'PUT /api/session/password': 'who changes a password without signing in anew',
  'PATCH /api/people/:personId/assignments/:assignmentId': 'personnel systems, which know ahead when a task ends',
  'PUT /api/units/:unitId/hours': 'the register of offices',
  'GET /api/holidays': 'calendars beside this one',
  'GET /api/agenda/holds/:holdId': 'who has lost the answer to a hold, and asks whether it stands',
  'GET /api/prompts/:key/:language': 'studios that record prompts',
  'POST /api/sample/traffic': 'npm run traffic, so that the journal says what was not real',
  'GET /api/journal/set-aside': 'who looks after the installation, from a terminal: /readyz says when there is something to read',
}

/** Files that send requests by themselves: the typed client, the stream, and a worker that loads nothing else. */
const senders = ['web/shared/api.ts', 'web/shared/live.ts', 'web/shared/telephone/heartbeat.worker.ts']

/** Addresses that are no routes, and the one file that may name each. */
const ofTheServer: Readonly<Record<string, string>> = {
  '/api/live': 'web/shared/live.ts',
  '/api/docs': 'web/frame/frame.tsx',
}

/** Returns what is wrong, a sentence for each. */
export function callsFound(pages: readonly Source[], routes: readonly Route[], others = forOtherPrograms): string[] {
  const found: string[] = []
  const declared = new Set(routes.map(({ url }) => url))
  const asked = new Set<string>()
  for (const { path, text } of pages) {
    const code = withoutComments(text)
    for (const { index } of code.matchAll(/(?<![.\w])fetch\(/g))
      if (!senders.includes(path)) found.push(`${path}:${lineAt(code, index)} asks past the typed client (web/shared/api.ts).`)
    for (const match of code.matchAll(/(?:\bapi\s*\.(get|post|put|patch|delete)\(\s*)?(['"`])(\/api\/[^'"`]*)\2/g)) {
      const [, method, , url = ''] = match
      if (declared.has(url)) for (const each of routes) if (each.url === url && isAskedBy(each, method)) asked.add(nameOf(each))
      if (!declared.has(url) && ofTheServer[url] !== path)
        found.push(`${path}:${lineAt(code, match.index)} ${url} is the address of no route, as it is declared.`)
    }
  }
  for (const each of routes) {
    const name = nameOf(each)
    if (!asked.has(name) && others[name] === undefined)
      found.push(`${name} is asked by no page: take it away, or name it in scripts/rules/calls.ts with who asks.`)
    if (asked.has(name) && others[name] !== undefined)
      found.push(`${name} is asked by a page: scripts/rules/calls.ts says it is not.`)
  }
  const names = new Set(routes.map(nameOf))
  for (const name of Object.keys(others)) if (!names.has(name)) found.push(`${name} in scripts/rules/calls.ts is no route.`)
  return found
}

const nameOf = ({ method, url }: Route): string => `${method} ${url}`

/** An address that is kept by a name first may be asked with any method that it has. */
const isAskedBy = ({ method }: Route, with_: string | undefined): boolean => with_ === undefined || method.toLowerCase() === with_
