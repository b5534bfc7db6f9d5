/** How people are found and ordered: names in one plain form. Pure. */

/** Lower case, without accents, apostrophes and signs, words parted by one space. */
export const foldName = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’ʼ`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** By family name: the last word first. "Anna De Bianchi" is ordered under "bianchi anna de". */
export function sortKey(name: string): string {
  const words = foldName(name).split(' ')
  return [...words.slice(-1), ...words.slice(0, -1)].join(' ').slice(0, 200)
}

/** What a person is found by: the user name, and every word of the name as the first. */
export function keysOf(user: string, name: string): string[] {
  const words = foldName(name).split(' ').slice(0, 8)
  const names = words.map((_, start) => [...words.slice(start), ...words.slice(0, start)].join(' ').slice(0, 200))
  return [...new Set([...names, user].filter(key => key !== ''))]
}
