/** The counters of two sample agencies: halls, desks, what the kiosk asks, and machines that wait for their code. */
import { type CitizenWords, defaultRules, type KioskQuestion, type NewCounters, pairingHashOf } from '../src/counters/index.ts'
import type { NewUnit } from '../src/organisation/index.ts'
import { sampleId } from './organisation.ts'

/** Offices that have counters: a large one with two halls, a small one with one. */
const offices: readonly { unitId: string; town: string; halls: readonly ('documents' | 'advice' | 'all')[] }[] = [
  { unitId: 'ag-roma-eur', town: 'ROMA', halls: ['documents', 'advice'] },
  { unitId: 'ag-milano-nord', town: 'MILANO', halls: ['all'] },
]

/** By what a browser becomes the kiosk or the display of an office: open `/kiosk` or `/display`, and type it. Good once, as every code. */
export const sampleDeviceCodes = {
  kiosk: (town: string) => `TOTEM-${town}`,
  display: (town: string) => `SALA-${town}`,
  /** Shows what no longer fits on the first. */
  beside: (town: string) => `SALA2-${town}`,
} as const
/** Nobody needs to hurry to try the sample. */
const codesUntil = new Date('2100-01-01T00:00:00Z')

interface SampleService {
  words: CitizenWords
  visitClass: 'fast' | 'ordinary'
  agendaServices: readonly string[]
}

const handIn: SampleService = {
  words: {
    it: 'Consegnare o ritirare un documento',
    en: 'Hand in or collect a document',
    de: 'Ein Dokument abgeben oder abholen',
    fr: 'Déposer ou retirer un document',
    sl: 'Oddaja ali prevzem dokumenta',
  },
  visitClass: 'fast',
  agendaServices: [],
}
const information: SampleService = {
  words: {
    it: 'Una breve informazione',
    en: 'A short question',
    de: 'Eine kurze Auskunft',
    fr: 'Un renseignement',
    sl: 'Kratka informacija',
  },
  visitClass: 'fast',
  agendaServices: [],
}
const pensions: SampleService = {
  words: {
    it: 'Pensioni e contributi',
    en: 'Pensions and contributions',
    de: 'Renten und Beiträge',
    fr: 'Retraites et cotisations',
    sl: 'Pokojnine in prispevki',
  },
  visitClass: 'ordinary',
  agendaServices: ['consulenza-pensioni', 'ricostruzione-fascicolo', 'consulenza-contributi'],
}
const support: SampleService = {
  words: {
    it: 'Disoccupazione, famiglia, malattia',
    en: 'Unemployment, family, sickness',
    de: 'Arbeitslosigkeit, Familie, Krankheit',
    fr: 'Chômage, famille, maladie',
    sl: 'Brezposelnost, družina, bolezen',
  },
  visitClass: 'ordinary',
  agendaServices: ['consulenza-sostegno'],
}

const kinds = {
  documents: { name: 'Sala documenti', letter: 'A', quick: [handIn, information], advice: [], desks: ['1', '2'] },
  advice: { name: 'Sala consulenza', letter: 'B', quick: [], advice: [pensions, support], desks: ['3', '4', '5', '6'] },
  all: { name: 'Sala unica', letter: 'A', quick: [handIn, information], advice: [pensions, support], desks: ['1', '2', '3'] },
} as const

const consultation: CitizenWords = { it: 'Una consulenza', en: 'Advice', de: 'Eine Beratung', fr: 'Un conseil', sl: 'Svetovanje' }
const about: CitizenWords = { it: 'Su che cosa?', en: 'About what?', de: 'Worüber?', fr: 'À quel sujet ?', sl: 'O čem?' }
const question: CitizenWords = {
  it: 'Che cosa le serve?',
  en: 'What do you need?',
  de: 'Was brauchen Sie?',
  fr: 'De quoi avez-vous besoin ?',
  sl: 'Kaj potrebujete?',
}

/** Halls with their desks, and a kiosk and two displays for each office. */
export function buildCounters(units: readonly NewUnit[]): NewCounters {
  let last = 0
  const id = () => sampleId('b001', ++last)
  const halls: NewCounters['halls'][number][] = []
  const devices: NewCounters['devices'][number][] = []
  for (const { unitId, town, halls: wanted } of offices) {
    const unit = units.find(each => each.id === unitId)
    if (!unit) continue
    const own = wanted.map(kind => {
      const { name, letter, quick, advice, desks } = kinds[kind]
      const given = (offered: readonly SampleService[]) => offered.map(service => ({ id: id(), ...service }))
      const [short, long] = [given(quick), given(advice)]
      const services = [...short, ...long]
      const answerOf = (service: (typeof services)[number]) => ({ label: service.words, to: { serviceId: service.id } })
      const which: KioskQuestion = { id: 'su-che-cosa', text: about, answers: long.map(answerOf) }
      const led = { label: consultation, to: { questionId: which.id } }
      const asksWhich = long.length > 0
      const questions: KioskQuestion[] = [
        { id: 'che-cosa', text: question, answers: [...short.map(answerOf), ...(asksWhich ? [led] : [])] },
        ...(asksWhich ? [which] : []),
      ]
      return {
        ...{ id: id(), unit: { id: unit.id, path: unit.path, name: unit.name }, name, letter, questions, services },
        ...{ rules: defaultRules, dailyContingent: 150 },
        desks: desks.map(label => ({ id: id(), label, services: [] })),
      }
    })
    halls.push(...own)
    const hallIds = own.map(hall => hall.id)
    const device = (code: keyof typeof sampleDeviceCodes, name: string, goesOn: string | null = null) => {
      const pairing = { hash: pairingHashOf(sampleDeviceCodes[code](town)), until: codesUntil }
      const made = { id: id(), unitId, kind: code === 'kiosk' ? ('kiosk' as const) : ('display' as const) }
      devices.push({ ...made, name, hallIds, pairing, goesOn })
      return made.id
    }
    device('kiosk', 'Totem all’ingresso')
    device('beside', 'Schermo accanto', device('display', 'Schermo della sala'))
  }
  return { halls, devices }
}
