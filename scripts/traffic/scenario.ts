/**
 * The course of a training: parts, one after the other, each with so many times the usual calls, of these matters, with so many of the operators
 * at their desks. Without a file there is one part, the usual. Pure but for the reading of the file.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Random } from '../../src/simulation/index.ts'

/** No part brings more calls a minute, whatever the command and the scenario say. */
export const mostCallsPerMinute = 120
/** Nor does any traffic last longer. */
export const mostMinutes = 60

const Key = z.string().regex(/^\d$/, 'is a key of the menu, 0 to 9')

const Part = z.strictObject({
  /** Is said when it begins. */
  name: z.string().trim().min(1).max(120),
  minutes: z.number().min(0.05).max(mostMinutes),
  /** So many times the calls a minute of the command. */
  calls: z.number().min(0).max(20).default(1),
  /** Which key callers choose in the menu, each with its weight. */
  keys: z
    .record(Key, z.number().min(0).max(1_000))
    .refine(keys => Object.values(keys).some(weight => weight > 0), 'names no key with a weight')
    .default({ 1: 3, 2: 2, 4: 1, 5: 2, 0: 1 }),
  /** How long callers wait on average before they give up. */
  patienceSeconds: z.number().min(1).max(3_600).default(45),
  /** The share of the operators who are at work. */
  present: z.number().min(0).max(1).default(1),
})
export type Part = z.infer<typeof Part>

const Scenario = z
  .strictObject({ name: z.string().trim().min(1).max(120), parts: z.array(Part).min(1).max(50) })
  .refine(
    ({ parts }) => parts.reduce((sum, { minutes }) => sum + minutes, 0) <= mostMinutes,
    `lasts more than ${mostMinutes} minutes`,
  )
export type Scenario = z.infer<typeof Scenario>

/** The usual, for so long. */
export const usualScenario = (minutes: number): Pick<Scenario, 'parts'> => ({
  parts: [Part.parse({ name: 'as usual', minutes })],
})

/** @throws Error with a sentence for whoever wrote the file */
export function readScenario(file: string): Scenario {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`The scenario ${file} cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
  return scenarioOf(text, file)
}

/**
 * Returns the scenario that a text holds.
 * @throws Error that says what is wrong, and where
 */
export function scenarioOf(text: string, name: string): Scenario {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    throw new Error(`The scenario ${name} is no JSON: ${error instanceof Error ? error.message : error}.`)
  }
  const read = Scenario.safeParse(found)
  if (read.success) return read.data
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
  throw new Error(`The scenario ${name} cannot be followed. ${faults.slice(0, 5).join('; ')}.`)
}

/** The key that the next caller chooses. */
export function keyOf({ keys }: Pick<Part, 'keys'>, random: Random): string {
  const all = Object.entries(keys)
  let left = random() * all.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [key, weight] of all) {
    left -= weight
    if (left < 0) return key
  }
  return all.at(-1)?.[0] ?? '0'
}

/** How many calls a minute a part brings. */
export const callsPerMinuteOf = ({ calls }: Pick<Part, 'calls'>, usual: number): number =>
  Math.min(mostCallsPerMinute, calls * usual)

/** How many operators a part has at their desks. */
export const operatorsOf = ({ present }: Pick<Part, 'present'>, all: number): number => Math.round(present * all)
