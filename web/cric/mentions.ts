/** People who are named in a text with an @. Pure. */

export interface Named {
  id: string
  name: string
}

const maxTyped = 40
const maxShown = 6

/** What is being typed after an @ before the caret, and where the @ stands; undefined where no name is being typed. */
export function typedName(text: string, caret: number): { at: number; typed: string } | undefined {
  const before = text.slice(Math.max(0, caret - maxTyped - 1), caret)
  const found = /(?:^|[\s(])@([\p{L}\p{M}'’ -]*)$/u.exec(before)
  if (found?.[1] === undefined) return undefined
  return { at: caret - found[1].length - 1, typed: found[1] }
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Those whose name, or a word of it, begins as typed. */
export function namesLike<N extends Named>(people: readonly N[], typed: string): N[] {
  const begun = fold(typed).trim()
  return people.filter(({ name }) => ` ${fold(name)}`.includes(` ${begun}`)).slice(0, maxShown)
}

/** The text in which a name stands in the place of what was typed, and where the caret is then. */
export function withName(
  text: string,
  { at, typed }: { at: number; typed: string },
  name: string,
): { text: string; caret: number } {
  const written = `@${name} `
  return { text: text.slice(0, at) + written + text.slice(at + 1 + typed.length).trimStart(), caret: at + written.length }
}

/** Those who are named in a text by their whole name; of two names of which one begins like the other, the longer. */
export function mentionsIn<N extends Named>(text: string, people: readonly N[]): N[] {
  let rest = fold(text)
  const longestFirst = [...people].sort((a, b) => b.name.length - a.name.length)
  const found = longestFirst.filter(({ name }) => {
    const written = `@${fold(name)}`
    if (!rest.includes(written)) return false
    rest = rest.replaceAll(written, ' ')
    return true
  })
  return people.filter(each => found.includes(each))
}
