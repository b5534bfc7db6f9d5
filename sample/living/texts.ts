/**
 * What citizens ask and what they are answered. The sentences stand in `questions.txt`; words in braces are filled in with what may vary, the same
 * in the question and in its answer. No question is asked twice in the same words.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chance } from './chance.ts'

export interface Matter {
  question: string
  answer: string
}

/** The matters of each typology, with their braces. */
export function readMatters(): ReadonlyMap<string, readonly Matter[]> {
  const matters = new Map<string, Matter[]>()
  let typology: Matter[] = []
  for (const text of readFileSync(join(import.meta.dirname, 'questions.txt'), 'utf8').split('\n')) {
    const rest = text.slice(2)
    if (text.startsWith('# ')) {
      typology = []
      matters.set(rest, typology)
    } else if (text.startsWith('D ')) typology.push({ question: rest, answer: '' })
    else if (text.startsWith('R ')) {
      const last = typology.at(-1)
      if (last) last.answer = rest
    }
  }
  for (const [id, all] of matters) if (all.length === 0) matters.delete(id)
  return matters
}

/** What the braces are filled in from. */
export interface Circumstances {
  /** ISO day of the conversation. */
  day: string
  town: string
}

const months = [
  ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno'],
  ...['luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
]
const firms = [
  ...['un’impresa di pulizie', 'un bar', 'una ditta edile', 'un supermercato', 'una cooperativa sociale', 'un albergo'],
  ...[
    'una tipografia',
    'un’officina meccanica',
    'un ristorante',
    'una ditta di trasporti',
    'un negozio di scarpe',
    'un panificio',
  ],
  ...['una lavanderia', 'uno studio dentistico', 'un’azienda tessile', 'un vivaio', 'una falegnameria', 'un centro estetico'],
]
const trades = [
  ...[
    'manutenzione di impianti',
    'produzione di infissi',
    'riparazione di macchine',
    'lavorazione del legno',
    'stampa su tessuti',
  ],
]
const children = [
  ...[
    'Sofia',
    'Leonardo',
    'Aurora',
    'Tommaso',
    'Ginevra',
    'Edoardo',
    'Vittoria',
    'Gabriele',
    'Emma',
    'Mattia',
    'Bianca',
    'Diego',
  ],
  ...['Noemi', 'Samuele', 'Viola', 'Elia', 'Greta', 'Nicolò', 'Camilla', 'Jacopo', 'Amina', 'Youssef', 'Denisa', 'Andrei'],
]

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, '.')

/** What may stand for each word in braces. */
function fillings(chance: Chance, { day, town }: Circumstances): Record<string, () => string> {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const monthAt = (distance: number) => months[(((month - 1 + distance) % 12) + 12) % 12] ?? ''
  return {
    mese: () => monthAt(-chance.whole(1, 6)),
    mesepross: () => monthAt(chance.whole(1, 4)),
    anno: () => String(year - chance.whole(3, 12)),
    annoscorso: () => String(year - 1),
    annovecchio: () => String(year - chance.whole(22, 44)),
    natodonna: () => String(year - 66),
    data: () => {
      let at = new Date(0)
      // "L'8" and "il 1º" would want other words before them.
      do at = new Date(Date.UTC(year, month - 1, date - chance.whole(8, 95)))
      while ([1, 8, 11].includes(at.getUTCDate()))
      return `${at.getUTCDate()} ${months[at.getUTCMonth()]}`
    },
    importo: () => `${thousands(chance.whole(64, 1_480))},${String(chance.whole(0, 99)).padStart(2, '0')} euro`,
    somma: () => `${thousands(chance.whole(21, 240) * 100)} euro`,
    comune: () => town,
    anni: () => String(chance.whole(21, 40)),
    anniuomo: () => String(chance.whole(40, 42)),
    eta: () => String(chance.whole(48, 64)),
    pochi: () => ['due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove'][chance.whole(0, 7)] ?? 'due',
    giorni: () => String(chance.whole(12, 88)),
    giornate: () => String(chance.whole(51, 148)),
    nome: () => chance.one(children),
    ditta: () => chance.one(firms),
    dittaC: () => capital(chance.one(firms)),
    lavoro: () => chance.one(trades),
  }
}

/** "Ad agosto", as it is said. */
const spoken = (text: string): string => text.replace(/\b([aA]) (?=[aA]\p{L})/gu, '$1d ')

/** Says a matter in words that nobody has used yet. */
export class Speech {
  private readonly said = new Set<string>()
  private readonly matters = readMatters()

  /** A question about a typology and its answer, both filled in. */
  about(typologyId: string, chance: Chance, circumstances: Circumstances, heard: ReadonlySet<string> = new Set()): Matter {
    const known = this.matters.get(typologyId) ?? []
    const fill = fillings(chance, circumstances)
    for (let attempt = 0; ; attempt++) {
      const matter = chance.one(known)
      const values = new Map<string, string>()
      const filled = (text: string) =>
        spoken(
          text.replace(/\{(\w+)\}/g, (_, word: string) => {
            const value = values.get(word) ?? fill[word]?.() ?? word
            values.set(word, value)
            return value
          }),
        )
      const plain = filled(matter.question)
      const question = attempt < 6 || matter.question.includes('{comune}') ? plain : `Chiamo da ${circumstances.town}. ${plain}`
      const answer = filled(matter.answer)
      if ((this.said.has(question) || heard.has(answer)) && attempt < 200) continue
      this.said.add(question)
      return { question, answer }
    }
  }
}
