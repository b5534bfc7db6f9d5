/**
 * Finds names of the journal's entries that stand in strings: `'call.queued'`. A name is written once, where its type is declared, and everybody else
 * imports the type, so that the compiler finds every place when it changes.
 *
 * In strings they may stand:
 *   in tests, fixtures and benches, which say what another release wrote, or write rows as it did
 *   in pages, where a type of `src/entries.ts` allows no other names: in the `live` of a query, and in files that say so
 *   as events of the engine, which has words of its own (`src/routing/model.ts`), some of them the same: the engine's types know these
 */
import { blank, lineAt, type Source, withoutComments } from './source.ts'

export interface Found {
  readonly file: string
  readonly line: number
  readonly name: string
}

const declared = /defineEvent\(\s*'([^']+)'/g
const literal = /(['"`])([a-z-]+\.[a-z-]+)\1/g
const speaksEngine = /from '[^']*\/routing\/(index|model)\.ts'/
const isTypedPage = /\b(EntryName|LiveFilter|LiveMeta)\b/
const liveOfQuery = /\blive: \[[^\]]*\]/g
/** Texts for people have names of their own, of which some are the same. */
const asSentence = /\b(?:sentence|t)\([^)]*\)/g

/** The names that are declared in some text. */
export const declaredIn = (text: string): string[] => Array.from(text.matchAll(declared), match => match[1] ?? '')

/** The bare names in a file. Pure. */
export function bareNames(
  file: string,
  text: string,
  known: { entries: ReadonlySet<string>; engine: ReadonlySet<string> },
): Found[] {
  const isPage = file.startsWith('web/')
  if (isPage && isTypedPage.test(text)) return []
  const isEngine = file.startsWith('src/routing/') || speaksEngine.test(text)
  const own = new Set(declaredIn(text))
  const code = withoutComments(isPage ? text.replace(liveOfQuery, blank) : text).replace(asSentence, blank)
  return Array.from(code.matchAll(literal), ({ 2: name = '', index }) => ({ name, index }))
    .filter(({ name }) => known.entries.has(name) && !own.has(name) && !(isEngine && known.engine.has(name)))
    .map(({ name, index }) => ({ file, name, line: lineAt(code, index) }))
}

/**
 * Returns a sentence for each bare name.
 * @param engine the text in which the engine declares its own words
 */
export function entryNamesFound(sources: readonly Source[], engine: string): string[] {
  const known = {
    entries: new Set(sources.flatMap(({ path, text }) => (path.startsWith('scripts/') ? [] : declaredIn(text)))),
    engine: new Set(Array.from(engine.matchAll(/type: '([^']+)'/g), match => match[1] ?? '')),
  }
  return sources
    .flatMap(({ path, text }) => bareNames(path, text, known))
    .map(
      ({ file, line, name }) => `${file}:${line} names the entry '${name}': import its type from the room's events.ts instead.`,
    )
}
