/** How people are found and ordered. Pure. */
import { foldName, spellings, turned } from '../platform/index.ts'

/** By family name: the last word first. "Anna De Bianchi" is ordered under "bianchi anna de". */
export function sortKey(name: string): string {
  const words = foldName(name).split(' ')
  return [...words.slice(-1), ...words.slice(0, -1)].join(' ').slice(0, 200)
}

/** What a person is found by: the user name, and every word of the name as the first, in every spelling that means the same. */
export const personKeysOf = (user: string, name: string): string[] =>
  [...new Set([...spellings(name).flatMap(turned), user])].filter(key => key !== '')
