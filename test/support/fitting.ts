/** A value that fits a schema: the plainest one, with given values where a field of that name has one. */
import { z } from 'zod'

interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema | boolean
  minItems?: number
  anyOf?: Schema[]
  oneOf?: Schema[]
  minLength?: number
  minimum?: number
  default?: unknown
  example?: unknown
}

export type Given = Readonly<Record<string, unknown>>

/** @throws when what was made does not fit: then a field has to be given */
export function fitting(schema: z.ZodType, given: Given): unknown {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema
  const form = whole.$ref ? (whole.$defs?.[whole.$ref.split('/').at(-1) ?? ''] ?? whole) : whole
  const value = plainest(form, given)
  const checked = schema.safeParse(value)
  if (!checked.success) throw new Error(`${JSON.stringify(value)} does not fit: ${checked.error.message}`)
  return value
}

function plainest(schema: Schema, given: Given): unknown {
  const { type, enum: choices, anyOf, oneOf, properties } = schema
  if (schema.const !== undefined) return schema.const
  if (choices) return choices[0]
  if (schema.default !== undefined) return schema.default
  const either = anyOf ?? oneOf
  if (either) return plainest(either.find(each => each.type !== 'null') ?? either[0] ?? {}, given)
  if (properties) return objectOf(schema, given)
  const kind = Array.isArray(type) ? type[0] : type
  if (kind === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () =>
      plainest(typeof schema.items === 'object' ? schema.items : {}, given),
    )
  if (kind === 'boolean') return true
  if (kind === 'integer' || kind === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (kind === 'null') return null
  return kind === 'string' ? textOf(schema) : {}
}

const objectOf = ({ properties = {}, required = [] }: Schema, given: Given): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name) || name in given)
      .map(([name, field]) => [name, name in given ? given[name] : plainest(field, given)]),
  )

function textOf({ format, example, minLength = 1 }: Schema): string {
  if (typeof example === 'string') return example
  if (format === 'uuid') return '00000000-0000-7000-8000-0000000000ff'
  if (format === 'date-time') return '2030-01-07T09:00:00.000Z'
  if (format === 'date') return '2030-01-07'
  if (format === 'email') return 'giulia.ferri@example.org'
  return 'Una frase come un’altra'.padEnd(minLength, '.')
}
