/**
 * One name, one thing: an exported name is declared once in `src/`, so that whoever reads it needs no import to know what it is.
 * Pure.
 */
/** Names that more than one file may declare, each with the reason. */
const repeated: Readonly<Record<string, string>> = {}

/** A schema and its type, or the signatures of one function, are one declaration: each name counts once in a file. */
const declarations =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const enum|function\*?|const|let|interface|type|class|enum) +(?<name>\w+)/gm
const lists = /^export (?:type )?\{(?<names>[^}]*)\}/gm
const renamed = / as (?<name>\w+)/g

/** Returns the names that a source declares for others; a name that it passes on counts when it is given another one. */
export function exportedNames(source: string): Set<string> {
  const declared = [...source.matchAll(declarations)].map(found => found.groups?.name ?? '')
  const passedOn = [...source.matchAll(lists)].flatMap(found => [...(found.groups?.names ?? '').matchAll(renamed)])
  return new Set([...declared, ...passedOn.map(found => found.groups?.name ?? '')])
}

/** Returns a sentence for each name that more than one file declares, and for each exception that is none. */
export function namesDeclaredTwice(
  sources: ReadonlyMap<string, string>,
  exceptions: Readonly<Record<string, string>> = repeated,
): string[] {
  const files = new Map<string, string[]>()
  for (const [file, source] of sources)
    for (const name of exportedNames(source)) files.set(name, [...(files.get(name) ?? []), file])
  const twice = [...files].filter(([name, where]) => where.length > 1 && !(name in exceptions))
  const idle = Object.keys(exceptions).filter(name => (files.get(name)?.length ?? 0) < 2)
  return [
    ...twice.map(([name, where]) => `${name} is declared by ${where.sort().join(' and ')}: name each after what it is.`).sort(),
    ...idle.map(name => `${name} is listed as a repeated name, and is declared once: remove the exception.`),
  ]
}
