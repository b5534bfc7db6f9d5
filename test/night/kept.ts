/** Seeds whose nights once went wrong: a line each, with what it was. The tests run them for ever. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, 'seeds.txt')

export function keptSeeds(): number[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => /^\d/.test(line))
    .map(line => Number.parseInt(line, 10))
}

/** Adds a seed, once. */
export function keepSeed(seed: number, what: string): void {
  if (!keptSeeds().includes(seed)) appendFileSync(file, `${seed} ${what.replaceAll('\n', ' ')}\n`)
}
