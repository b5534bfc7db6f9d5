/**
 * The spellings of a name. One name is written in many ways: "D'Angelo", "D’Angelo", "D Angelo"; "Lo Presti", "Lopresti"; "Müller", "Mueller",
 * "Muller"; "Đorđević", "Djordjevic"; "Şahin", "Sahin". Each text has a few plain forms, and two texts mean the same name when they share one.
 * Names are kept under all their plain forms, and what somebody types is looked for under all of its own. Pure.
 *
 *   letters     an accent is dropped, or the letter is written as its language does without it: ü → u, ue; đ → d, dj; å → a, aa
 *   apostrophe  parts words or joins them: "d angelo", "dangelo"; so does a particle: "lo presti", "lopresti"
 *
 * Scripts other than the Latin one stay as they are, but for case and for what Unicode itself calls the same.
 */

/** Ways of writing a letter without its accent, the plainest first; a form takes the n-th of every letter, or the last that a letter has. */
const lettersWithoutAccent: Readonly<Record<string, readonly string[]>> = {
  // German, Nordic
  ä: ['a', 'ae'],
  ö: ['o', 'oe'],
  ü: ['u', 'ue'],
  å: ['a', 'aa'],
  ø: ['o', 'oe'],
  ß: ['ss'],
  æ: ['ae'],
  œ: ['oe'],
  þ: ['th'],
  ð: ['d', 'dj'],
  // Slavic; the last way is how names were written in the registers of Trieste and Gorizia
  đ: ['d', 'dj'],
  ć: ['c', 'c', 'ch'],
  š: ['s', 's', 'sh'],
  ž: ['z', 'z', 'zh'],
  ł: ['l'],
  // Turkish, Azerbaijani
  ı: ['i'],
  ə: ['a', 'e'],
  // Maltese, Sami, African alphabets
  ħ: ['h'],
  ŧ: ['t'],
  ŋ: ['n', 'ng'],
  ɖ: ['d'],
  ɗ: ['d'],
  ɓ: ['b'],
  ƙ: ['k'],
  ƴ: ['y'],
  ɛ: ['e'],
  ɔ: ['o'],
}
const letterForms = Math.max(...Object.values(lettersWithoutAccent).map(ways => ways.length))

/** Everything that people and their keyboards use as an apostrophe. */
const apostrophes = /['’‘‛ʼʻʽʹʾʿˈ′‵`´＇ꞌꞋ]/g

/** Words that are written apart from the name or as one with it. */
const particles = new Set(
  'a al dal dalla dalle dallo dagli dai da de degli dei del dell della delle dello di do dos du des le la lo li lu los las san santa santo sant van von vom zu zum zur der den ten ter te el bin ibn ben abu abd abdel abdul mac mc o d l st saint sainte'.split(
    ' ',
  ),
)

const maxWords = 8
const maxForms = 8
const maxFormLength = 200

/** Without what is not seen (format characters), in one writing of the apostrophe, lower case, composed. */
function clean(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/\p{Cf}/gu, '')
      // Before, because ´ is a space with an accent to Unicode, and after, because ŉ is an apostrophe and a letter.
      .replace(apostrophes, "'")
      .normalize('NFKC')
      .replace(apostrophes, "'")
      // Unicode folds the dotted capital of Turkish to an i with a dot of its own.
      .replace(/İ/g, 'i')
      .toLowerCase()
      .normalize('NFC')
  )
}

/** The text with each letter in its n-th way; accents of other Latin letters are dropped, those of other scripts stay. */
function inLetters(text: string, form: number): string {
  const plain = [...text]
    .map(letter => {
      // ǣ is æ with an accent: without it, it is a letter of the table.
      const bare = withoutAccents(letter)
      const ways = lettersWithoutAccent[letter] ?? lettersWithoutAccent[bare]
      return ways === undefined ? letter : (ways[Math.min(form, ways.length - 1)] ?? letter)
    })
    .join('')
  return withoutAccents(plain)
}

const withoutAccents = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')

/** A mark belongs to the letter before it; without one it is nothing. */
const wordsOf = (text: string): string[] =>
  text
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(word => word.replace(/^\p{M}+/u, ''))
    .filter(word => word !== '')

/** Apostrophes and middle dots join, so do particles with the word after them, and single letters: "s r l" is "srl". */
function joined(text: string): string[] {
  const words = wordsOf(text.replace(/['·]/g, '').replace(/&/g, ' e '))
  const found: string[] = []
  let open = ''
  for (const [place, word] of words.entries()) {
    const next = words[place + 1]
    const letters = /^\p{Script=Latin}$/u
    const goesOn = next !== undefined && (particles.has(word) || (letters.test(word) && letters.test(next)))
    if (goesOn) open += word
    else {
      found.push(open + word)
      open = ''
    }
  }
  return found
}

/**
 * The plain forms of a name, each as its words: lower case, letters and digits only. At most eight forms of at most eight words; the first
 * is the plainest, with apostrophes and particles parting words.
 */
export function spellings(text: string): string[][] {
  const forms = new Map<string, string[]>()
  for (let letters = 0; letters < letterForms; letters++) {
    const plain = inLetters(clean(text), letters)
    for (const words of [wordsOf(plain.replace(/·/g, '')), joined(plain)]) {
      const form = words.slice(0, maxWords)
      if (form.length > 0 && forms.size < maxForms) forms.set(form.join(' '), form)
    }
  }
  return [...forms.values()]
}

/** Whether two texts may be the same name. */
export function sameSpelling(a: string, b: string): boolean {
  const forms = new Set(spellings(a).map(words => words.join(' ')))
  return spellings(b).some(words => forms.has(words.join(' ')))
}

/** The one form by which names are put in order: no accents, apostrophes join. "D'Àngelo-Rossi" becomes "dangelo rossi". */
export const foldName = (text: string): string => wordsOf(inLetters(clean(text), 0).replace(/['·]/g, '')).join(' ')

/** A name under each of its words as the first, the others after it in order: "maria rossi", "rossi maria". */
export const turned = (words: readonly string[]): string[] =>
  words.map((_, start) => [...words.slice(start), ...words.slice(0, start)].join(' ').slice(0, maxFormLength))

/** The least text that no text beginning with `prefix` reaches, in the order of bytes. */
export const endOfPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`

/** The least text after `word` itself and every text that goes on with another word, in the order of bytes: "!" follows the space. */
export const endOfWord = (word: string): string => `${word}!`
