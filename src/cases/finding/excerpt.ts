/** The piece of a text in which what was looked for stands. Pure. */
import type { Excerpt } from './model.ts'

const lengthAround = 60
const maxLength = 180

const plain = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()

/** The words of a text that begin with one of the stems, with their places. */
function placesIn(text: string, stems: readonly string[]): [from: number, to: number][] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].flatMap(({ 0: word, index }) =>
    stems.some(stem => plain(word).startsWith(stem)) ? [[index, index + word.length] as [number, number]] : [],
  )
}

/** Cuts at a space, where one is near. */
function beginning(text: string, at: number): number {
  if (at <= 0) return 0
  const space = text.indexOf(' ', at)
  return space === -1 || space > at + 20 ? at : space + 1
}

/**
 * Returns the beginning of the first of the texts that has most of the words, around the first of them. Where none has any (a stem may differ from
 * the beginning of its word), the beginning of the first text.
 */
export function excerptOf(texts: readonly string[], stems: readonly string[]): Excerpt | null {
  const lines = texts.map(text => text.replace(/\s+/gu, ' ').trim()).filter(text => text !== '')
  const distinct = (text: string) => new Set(placesIn(text, stems).map(([from, to]) => plain(text.slice(from, to)))).size
  const [best] = lines.map(text => ({ text, words: distinct(text) })).sort((a, b) => b.words - a.words)
  if (best === undefined) return null
  const places = placesIn(best.text, stems)
  const from = beginning(best.text, (places[0]?.[0] ?? 0) - lengthAround)
  const cut = best.text.slice(from, from + maxLength).toWellFormed()
  const before = from > 0 ? '… ' : ''
  const after = from + maxLength < best.text.length ? ' …' : ''
  const shift = before.length - from
  return {
    text: `${before}${cut}${after}`,
    marks: places.filter(([, to]) => to <= from + maxLength).map(([start, end]) => ({ from: start + shift, to: end + shift })),
  }
}
