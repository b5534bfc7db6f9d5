/** How names of places, units and matters are found: by the beginnings of their words, in one plain form. Pure. */

/** Lower case, without accents, in the letters and digits that are left. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[’ʼ`´]/g, "'")

/** The words of a text as they are kept: "L'Aquila" is found as "laquila" and as "aquila", "Forlì-Cesena" as "forli" and "cesena". */
export function wordsOf(text: string): string[] {
  const words = new Set<string>()
  for (const part of fold(text).split(/[^\p{L}\p{N}']+/u)) {
    const joined = part.replaceAll("'", '')
    if (joined !== '') words.add(joined)
    for (const piece of part.split("'")) if (piece !== '') words.add(piece)
  }
  return [...words]
}

const maxWordsAsked = 8

/** The words that somebody typed, each of them perhaps only the beginning of one; not more than `most`. */
export function wordsAsked(typed: string, most = maxWordsAsked): string[] {
  const words = fold(typed)
    .replaceAll("'", '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
  return [...new Set(words)].slice(0, most)
}
