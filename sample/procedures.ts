/** The online procedures of the sample institute, and what is written on an IT ticket about one of them. */
import type { Procedure } from '../src/classification/index.ts'

export const procedures: readonly Pick<Procedure, 'id' | 'name'>[] = [
  { id: 'accesso', name: 'Accesso con SPID, CIE, CNS' },
  { id: 'app', name: 'Applicazione per il telefono' },
  { id: 'assegno-unico', name: 'Assegno unico' },
  { id: 'bonus-nido', name: 'Bonus asilo nido' },
  { id: 'cassetta-postale', name: 'Cassetta postale online' },
  { id: 'certificati-medici', name: 'Certificati medici telematici' },
  { id: 'domande-online', name: 'Domande di prestazione online' },
  { id: 'estratto-conto', name: 'Estratto conto contributivo' },
  { id: 'fascicolo', name: 'Fascicolo previdenziale' },
  { id: 'lavoratori-domestici', name: 'Portale dei lavoratori domestici' },
  { id: 'patronati', name: 'Porta per patronati e CAF' },
  { id: 'uniemens', name: 'Invio UniEmens' },
]

/** About which procedures the questions of a typology are. */
const proceduresOfTypology: Readonly<Record<string, readonly string[]>> = {
  pin: ['accesso', 'accesso', 'cassetta-postale', 'fascicolo'],
  'domanda-bloccata': ['domande-online', 'assegno-unico', 'domande-online', 'bonus-nido'],
  'uniemens-tecnico': ['uniemens'],
  'certificati-medici': ['certificati-medici'],
  'patronati-tecnico': ['patronati'],
  'app-mobile': ['app'],
}

const browsers = [
  'Chrome 141 su Windows 11',
  'Safari su iPhone',
  'Firefox 140 su Windows 10',
  'Chrome su telefono Android',
  'Edge 141 su Windows 11',
  'Safari 18 su Mac',
]

const errors = [
  'Sessione scaduta: effettuare nuovamente l’accesso',
  'Servizio momentaneamente non disponibile (codice 503)',
  'Errore generico. Riprovare più tardi',
  'Il file allegato non è in un formato ammesso',
  'Utente non abilitato al servizio richiesto',
  null,
]

/** What an operator has written on the n-th ticket about a typology; nothing where it is no IT matter. Pure. */
export function itFieldsOf(typologyId: string, n: number) {
  const about = proceduresOfTypology[typologyId]
  if (about === undefined) return {}
  const procedureId = about[n % about.length] ?? null
  return {
    procedure_id: procedureId,
    browser: browsers[n % browsers.length] ?? null,
    error_text: errors[(n * 5) % errors.length] ?? null,
    filing_number: n % 3 === 0 ? `INPS.7000.${String(100_000 + ((n * 7_919) % 900_000))}` : null,
    cause_key: procedureId === null ? null : `p:${procedureId}`,
  }
}
