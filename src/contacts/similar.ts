/**
 * Names as people mistype them: a letter wrong, missing, too many, two neighbours changed over, or the words in another order. Pure.
 *
 * One wrong letter in all: "rosi giuseppe" and "rossi giusepe" find Giuseppe Rossi, "rosi giusepe" does not. Two words that differ by one letter share
 * what is left when one letter is dropped of each, or of one; so near words are looked up, not compared with all there are.
 */
import { spellings } from '../platform/index.ts'
import { type KeyRange, keysBeginning } from './names.ts'

/** Shorter words have too many neighbours, and are typed without mistakes. */
const minLetters = 4
const maxLetters = 24
/** So many stretches of keys are looked at for one text. */
export const maxSimilarRanges = 48
const maxWords = 4
const maxNearWords = 24

/** What is left of a word without one of its letters, and the word itself. */
export const restsOf = (word: string): string[] => {
  const letters = [...word]
  return [...new Set([word, ...letters.map((_, at) => letters.toSpliced(at, 1).join(''))])]
}

/** Whether two words are one mistake apart, and not the same. */
export function isOneMistakeApart(a: string, b: string): boolean {
  const [short, long] = [[...a], [...b]].sort((one, other) => one.length - other.length) as [string[], string[]]
  if (a === b || long.length - short.length > 1) return false
  const at = short.findIndex((letter, place) => letter !== long[place])
  // All of the shorter one is at the beginning of the longer one.
  if (at < 0) return true
  const rest = (letters: string[], from: number) => letters.slice(from).join('')
  if (long.length > short.length) return rest(short, at) === rest(long, at + 1)
  const isOther = rest(short, at + 1) === rest(long, at + 1)
  const isTurned = short[at] === long[at + 1] && short[at + 1] === long[at] && rest(short, at + 2) === rest(long, at + 2)
  return isOther || isTurned
}

/** The words of a text in which a mistake is looked for. */
export const mistakable = (text: string): string[] => [
  ...new Set((spellings(text)[0] ?? []).slice(0, maxWords).filter(word => isLong(word))),
]

const isLong = (word: string): boolean => [...word].length >= minLetters && [...word].length <= maxLetters

/**
 * Where a mistyped name may be found: first with its words in other orders, then with one of them replaced by a near one.
 * @param near words of names one mistake away, of each word of the text
 */
export function similarRanges(text: string, near: ReadonlyMap<string, readonly string[]>): KeyRange[] {
  const words = (spellings(text)[0] ?? []).slice(0, maxWords)
  const names = new Set<string>()
  for (const order of orders(words).slice(1)) names.add(order.join(' '))
  for (const [at, word] of words.entries())
    for (const other of alikeFirst(word, near.get(word) ?? []).slice(0, maxNearWords))
      for (const order of orders(words.with(at, other)).slice(0, 2)) names.add(order.join(' '))
  names.delete(words.join(' '))
  return [...names].slice(0, maxSimilarRanges).map(name => keysBeginning('name', name))
}

/**
 * The orders of a few words. Names are kept from each of their words on, so the first two are those that differ: the last word, which may be only begun,
 * stays the last. Of more than three words only as they stand and turned round.
 */
function orders(words: readonly string[]): string[][] {
  const turnedRound = [...words.slice(1), ...words.slice(0, 1)]
  if (words.length < 2) return [[...words]]
  if (words.length !== 3) return [[...words], turnedRound]
  const [a = '', b = '', c = ''] = words
  return [[a, b, c], [b, a, c], turnedRound, [c, a, b], [a, c, b], [c, b, a]]
}

/** Those with the same first letter first: it is the one that is rarely wrong. */
const alikeFirst = (word: string, others: readonly string[]): string[] =>
  others.toSorted((a, b) => Number(a[0] !== word[0]) - Number(b[0] !== word[0]) || (a < b ? -1 : 1))
