/**
 * The statements of one creation, as PostgreSQL has logged them, written down as a script of pgbench. What is new in each creation (identifiers, the
 * request code, keys) is made in the script's first statement, together with the texts that hold it; everything else stands as it was.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Statement {
  text: string
  parameters: readonly (string | null)[]
}

interface LogRow {
  session_id?: string
  dbname?: string
  message?: string
  detail?: string
}

/**
 * The statements about a database that were logged in a folder of JSON logs after a mark, in order, of the sessions that serve pages: what follows the
 * journal and works in the background has sessions of its own.
 */
export function loggedStatements(folder: string, database: string, mark: string): Statement[] {
  const rows = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as LogRow)
  const begins = rows.findLastIndex(row => row.message?.includes(mark))
  const own = rows.slice(begins + 1).filter(row => row.dbname === database)
  const statements = own.flatMap(row => {
    const [, text] = /^(?:statement|execute [^:]*): ([\s\S]*)$/.exec(row.message ?? '') ?? []
    return text === undefined ? [] : [{ session: row.session_id, text, parameters: parametersOf(row.detail) }]
  })
  const others = new Set(statements.filter(each => isBackground(each.text)).map(each => each.session))
  return statements.filter(each => !others.has(each.session)).map(({ text, parameters }) => ({ text, parameters }))
}

const isBackground = (text: string): boolean => /journal\.read|from "?job"?|pg_reload_conf|alter system/.test(text)

/** `parameters: $1 = 'a', $2 = NULL` */
function parametersOf(detail: string | undefined): (string | null)[] {
  const found: (string | null)[] = []
  for (const [, number = '', , quoted] of (detail ?? '').matchAll(/\$(\d+) = (NULL|'((?:[^']|'')*)')/g))
    found[Number(number) - 1] = quoted === undefined ? null : quoted.replaceAll("''", "'")
  return found
}

/** Only what belongs to transactions that write. */
export function writing(statements: readonly Statement[]): Statement[] {
  const kept: Statement[] = []
  let inside: Statement[] | undefined
  for (const statement of statements) {
    if (/^begin\b/i.test(statement.text)) inside = []
    inside?.push(statement)
    if (/^commit\b/i.test(statement.text) && inside) {
      kept.push(...inside)
      inside = undefined
    }
  }
  return kept
}

/** A literal in which pgbench finds no variable: a colon is written by its number. */
const literal = (value: string): string => `U&'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\003a')}'`

const uuidPattern = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** What is new in a creation, and how the script makes it anew: from a number that no other creation has. */
function madeAnew(statements: readonly Statement[], made: readonly string[], code: string): Map<string, string> {
  const number = `(:client_id::bigint * 1000000000 + :n)`
  const anew = new Map<string, string>([[code, `lpad((${number} % 10000000000)::text, 10, '0')`]])
  const keys = new Set<string>(made)
  // Keys of the two requests stand alone: their transactions claim them first.
  for (const { text, parameters } of statements)
    if (/insert into "idempotency"/.test(text))
      for (const value of parameters) if (value !== null && new RegExp(`^${uuidPattern}$`).test(value)) keys.add(value)
  for (const [place, key] of [...keys].entries())
    anew.set(key, `('01a2${String(place).padStart(4, '0')}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))`)
  return anew
}

/** The script. Values that hold something new are variables, the others literals. */
export function scriptOf(statements: readonly Statement[], made: readonly string[], code: string): string {
  const anew = madeAnew(statements, made, code)
  const found = new RegExp([...anew.keys()].join('|'), 'g')
  const variables = new Map<string, string>()
  const written = (value: string | null): string => {
    if (value === null) return 'null'
    if (value.search(found) < 0) return literal(value)
    const name = variables.get(value) ?? `v${variables.size}`
    variables.set(value, name)
    return `:${name}`
  }
  const body = statements.map(({ text, parameters }) =>
    text.trim().replace(/\$(\d+)/g, (_, number: string) => written(parameters[Number(number) - 1] ?? null)),
  )
  const columns = [...variables].map(([value, name]) => `${expressionOf(value, anew, found)} as ${name}`)
  return ['\\set n :n + 1', `select ${columns.join(',\n       ')}\n\\gset`, ...body.map(each => `${each};`), ''].join('\n')
}

function expressionOf(value: string, anew: ReadonlyMap<string, string>, found: RegExp): string {
  const parts: string[] = []
  let from = 0
  for (const match of value.matchAll(found)) {
    if (match.index > from) parts.push(literal(value.slice(from, match.index)))
    parts.push(anew.get(match[0]) ?? '')
    from = match.index + match[0].length
  }
  if (from < value.length) parts.push(literal(value.slice(from)))
  return parts.join(' || ')
}
