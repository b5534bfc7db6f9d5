/**
 * JSON Schemas of Zod's, as an OpenAPI text wants them: whatever has a name (`meta({ id })`), or refers to itself, stands once among the
 * components and is referred to from there; every number says its format.
 */
import { z } from 'zod'

type Json = Record<string, unknown>

const maxInt32 = 2_147_483_647

export class Schemas {
  /** Those with a name, as `components.schemas`. */
  readonly named: Record<string, Json> = {}

  /**
   * Returns the schema of what comes in or goes out, with references into `named`.
   * @param name for what refers to itself and has no name of its own; one for each place
   */
  of(schema: z.ZodType, io: 'input' | 'output', name: string): Json {
    const {
      $schema: _draft,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', target: 'draft-2020-12' }) as Json & {
      $defs?: Record<string, Json>
    }
    const names = new Map<string, string>()
    // A name may stand for what comes in and for what goes out, which are two things when defaults or changes of text lie between.
    for (const [key, definition] of Object.entries($defs))
      names.set(`#/$defs/${key}`, this.free(/^__/.test(key) ? `${name}Part` : key, io, definition))
    const own = typeof root.id === 'string' ? root.id : refersTo(root, '#') ? name : undefined
    if (own !== undefined) names.set('#', this.free(own, io, root))
    for (const [key, definition] of Object.entries($defs)) this.keep(names.get(`#/$defs/${key}`) ?? key, tidy(definition, names))
    const rootName = names.get('#')
    if (rootName === undefined) return tidy(root, names)
    this.keep(rootName, tidy(root, names))
    return reference(rootName)
  }

  private readonly sources = new Map<string, string>()

  /** A name under which this very definition stands already, or which is still free. */
  private free(name: string, io: 'input' | 'output', definition: Json): string {
    const source = JSON.stringify(definition)
    const candidates = [name, `${name}${io === 'input' ? 'Input' : 'Output'}`]
    for (let n = 2; ; n++) {
      const candidate = candidates.shift() ?? `${name}${n}`
      const before = this.sources.get(candidate)
      if (before !== undefined && before !== source) continue
      this.sources.set(candidate, source)
      return candidate
    }
  }

  private keep(name: string, schema: Json): void {
    this.named[name] ??= schema
  }
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

const refersTo = (value: unknown, target: string): boolean =>
  Array.isArray(value)
    ? value.some(each => refersTo(each, target))
    : isObject(value) && (value.$ref === target || Object.values(value).some(each => refersTo(each, target)))

/** A copy with references into the components, without the ids that only name them, and with formats of numbers. */
function tidy(schema: Json, names: ReadonlyMap<string, string>): Json {
  const tidied = tidyValue(schema, names)
  return isObject(tidied) ? tidied : {}
}

function tidyValue(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map(each => tidyValue(each, names))
  if (!isObject(value)) return value
  if (typeof value.$ref === 'string') {
    const name = names.get(value.$ref)
    if (name !== undefined) return reference(name)
  }
  const copy: Json = {}
  for (const [key, each] of Object.entries(value)) {
    if (key === 'id' && typeof each === 'string') continue
    // Names of properties are no words of the schema.
    if (key === 'properties' && isObject(each))
      copy[key] = Object.fromEntries(Object.entries(each).map(([name, property]) => [name, tidyValue(property, names)]))
    // OpenAPI 3.1 keeps `example` for old times' sake only; the words of JSON Schema are `examples`.
    else if (key === 'example') copy.examples = [each]
    else if (key === 'const' || key === 'enum' || key === 'default' || key === 'examples') copy[key] = each
    else copy[key] = tidyValue(each, names)
  }
  if (copy.type === 'integer') return withFormatOfInteger(copy)
  if (copy.type === 'number' && copy.format === undefined) copy.format = 'double'
  return copy
}

/** Bounds that are those of JavaScript's own integers say nothing. */
function withFormatOfInteger({ minimum, maximum, ...schema }: Json): Json {
  const least = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const most = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  const fits = most !== undefined && most <= maxInt32 && (least ?? 0) >= -maxInt32 - 1
  return {
    ...schema,
    format: fits ? 'int32' : 'int64',
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
