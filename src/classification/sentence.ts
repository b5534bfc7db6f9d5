/**
 * What a typed sentence looks for: the words in it that say something, by their stems, and what each could be with one wrong letter. A stem is
 * a word without its ending, so that "licenziata" finds "licenziato" and "pensioni" finds "pensione". Pure.
 */
import { wordsAsked } from '../organisation/index.ts'

/** Words that stand in every question and say nothing about its matter. */
const empty = new Set(
  `a ad al allo alla ai agli alle anche ancora anni anno avere aver ha hai ho hanno abbiamo avuto avrei vorrei voglio vuole volevo buongiorno
   buonasera c che chi ci come con cosa cui da dal dalla dai dalle dei del della delle degli di dopo dove due e ed ecco era erano essere sono sei
   siamo stato stata fa fare fatto devo deve dobbiamo gia gli grazie i il in io la le lei lo loro lui ma me mi mia mie mio miei mese mesi molto ne
   nel nella nelle nei negli no noi non nostra nostro o ogni ora per perche piu poi posso puo possono prima qual quale quali quando quanto quanti
   quanta quello quella quelli questo questa questi queste qui sapere sa salve se si signora signore solo spetta spettano su sua suo suoi sul sulla
   te ti tra tu tutto tutti un una uno va vado vi voi vostro arriva arrivato arrivata succede serve bisogna chiedere chiedo informazioni
   informazione problema riguardo`.split(/\s+/),
)

/** "l'assegno", "dell’Inps", "un'altra": the article goes. */
const elided = /(?<![\p{L}\p{N}])(?:\p{L}{0,4}ll?|un|[dcmtsnv]|quest|sant)['’ʼ`´‘](?=\p{L})/giu

const minStemLength = 4
const maxWords = 12
const maxWordsOfNoSentence = 2
const maxWordLength = 40

/** A word without its ending. The same is done in SQL where the words of older installations got their stems. */
export function stemOf(word: string): string {
  const stem = word.replace(/h?[aeiou]+$/, '')
  return stem.length >= minStemLength ? stem : word
}

/** The stem, and what is left of it without one of its letters. None for a stem that is too short to be mistaken for another. */
export function slipsOf(stem: string): string[] {
  if (stem.length < minStemLength) return []
  const letters = [...stem]
  return [...new Set([stem, ...letters.map((_, at) => [...letters.slice(0, at), ...letters.slice(at + 1)].join(''))])]
}

export interface AskedWord {
  word: string
  stem: string
}

export interface SentenceQuery {
  words: { word: string; stem: string }[]
  /** How many of the words must be found: both of two, but of a sentence one is enough, since most of it is only talk. */
  needed: number
}

/** The words of a text that say something, at most twelve; when none does, all of them. */
export function readAsked(typed: string): SentenceQuery {
  const all = wordsAsked(typed.replace(elided, ' '), 2 * maxWords).map(word => word.slice(0, maxWordLength))
  const telling = all.filter(word => !empty.has(word) && word.length > 1)
  const words = (telling.length > 0 ? telling : all).slice(0, maxWords).map(word => ({ word, stem: stemOf(word) }))
  return { words, needed: all.length <= maxWordsOfNoSentence ? words.length : 1 }
}
