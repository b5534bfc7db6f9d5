/**
 * Cuts a script of SQL into its statements, as PostgreSQL would read it. One statement at a time is what both drivers take.
 *
 * A semicolon ends a statement unless it stands in a comment (they nest), a string (`'…'`, `E'…'`, `$$…$$`, `$tag$…$tag$`), a quoted name,
 * between parentheses, or in the body of a function written in SQL (`begin atomic … end`).
 */

const lineComment = /--[^\n]*/y
const commentEdge = /\/\*|\*\//g
/** Only here does a backslash hide a quote. */
const escapedString = /e'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/iy
const plainString = /'(?:[^']|'')*(?:'|$)/y
const quotedName = /"(?:[^"]|"")*(?:"|$)/y
const dollarQuote = /\$(?:[a-z_\u0080-\uffff][a-z0-9_\u0080-\uffff]*)?\$/iy
/** A word may hold a dollar sign, so that no quote begins inside it. */
const word = /[a-z0-9_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*/iy
const space = /\s+/y

interface Token {
  kind: 'comment' | 'space' | 'word' | 'other'
  end: number
}

/** Returns the statements in their order, each with the comments before it and its semicolon. What holds only comments is left out. */
export function statements(script: string): string[] {
  const found: string[] = []
  let from = 0
  let hasCode = false
  let depth = 0
  let previous = ''
  for (let at = 0; at < script.length; ) {
    const { kind, end } = tokenAt(script, at)
    const text = script.slice(at, end)
    at = end
    if (kind === 'comment' || kind === 'space') continue
    if (text === ';' && depth === 0) {
      if (hasCode) found.push(script.slice(from, at).trim())
      from = at
      hasCode = false
      previous = ''
      continue
    }
    hasCode = true
    depth = Math.max(0, depth + deeper(kind, text.toLowerCase(), previous, depth))
    previous = text.toLowerCase()
  }
  if (hasCode) found.push(script.slice(from).trim())
  return found
}

/** By how much a token goes deeper: parentheses, and the bodies of SQL functions, in which `case` has an `end` of its own. */
function deeper(kind: Token['kind'], text: string, previous: string, depth: number): number {
  if (text === '(' || text === '[') return 1
  if (text === ')' || text === ']') return -1
  if (kind !== 'word') return 0
  if (text === 'atomic' && previous === 'begin') return 1
  if (depth > 0 && text === 'case') return 1
  if (depth > 0 && text === 'end') return -1
  return 0
}

function tokenAt(script: string, at: number): Token {
  if (script.startsWith('/*', at)) return { kind: 'comment', end: endOfComment(script, at) }
  const comment = endOf(lineComment, script, at)
  if (comment !== undefined) return { kind: 'comment', end: comment }
  const blank = endOf(space, script, at)
  if (blank !== undefined) return { kind: 'space', end: blank }
  const quoted = endOf(escapedString, script, at) ?? endOf(plainString, script, at) ?? endOf(quotedName, script, at)
  if (quoted !== undefined) return { kind: 'other', end: quoted }
  const opened = endOf(dollarQuote, script, at)
  if (opened !== undefined) return { kind: 'other', end: endOfDollarQuote(script, at, opened) }
  const named = endOf(word, script, at)
  return named === undefined ? { kind: 'other', end: at + 1 } : { kind: 'word', end: named }
}

function endOf(pattern: RegExp, script: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(script) ? pattern.lastIndex : undefined
}

function endOfComment(script: string, at: number): number {
  let open = 0
  commentEdge.lastIndex = at
  for (let edge = commentEdge.exec(script); edge !== null; edge = commentEdge.exec(script)) {
    open += edge[0] === '/*' ? 1 : -1
    if (open === 0) return commentEdge.lastIndex
  }
  return script.length
}

function endOfDollarQuote(script: string, at: number, opened: number): number {
  const mark = script.slice(at, opened)
  const closed = script.indexOf(mark, opened)
  return closed === -1 ? script.length : closed + mark.length
}
