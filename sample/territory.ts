/** The territory of the sample institute: regions, provinces, agencies in real places. Facts are in `territory.txt`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AgencyKind, type Municipality, municipalities } from '../src/organisation/index.ts'
import { Bug } from '../src/platform/index.ts'

export interface Region {
  /** ISTAT code. */
  code: string
  /** As in identifiers: `dr-emilia-romagna`. */
  slug: string
  name: string
  /** Town of the regional directorate. */
  seat: string
  /**
   * When its numbers move to the contact centre: since or from a day, or not planned yet.
   */
  wave: string | null
}

/** Regions in ISTAT's order. The roll-out went region by region; the last ones are still to come. */
export const regions: readonly Region[] = [
  { code: '01', slug: 'piemonte', name: 'Piemonte', seat: 'Torino', wave: '2025-04-07' },
  { code: '02', slug: 'valle-d-aosta', name: "Valle d'Aosta", seat: 'Aosta', wave: null },
  { code: '03', slug: 'lombardia', name: 'Lombardia', seat: 'Milano', wave: '2025-03-17' },
  { code: '04', slug: 'trentino-alto-adige', name: 'Trentino-Alto Adige', seat: 'Trento', wave: null },
  { code: '05', slug: 'veneto', name: 'Veneto', seat: 'Venezia', wave: '2025-05-05' },
  { code: '06', slug: 'friuli-venezia-giulia', name: 'Friuli-Venezia Giulia', seat: 'Trieste', wave: '2025-09-15' },
  { code: '07', slug: 'liguria', name: 'Liguria', seat: 'Genova', wave: '2025-05-19' },
  { code: '08', slug: 'emilia-romagna', name: 'Emilia-Romagna', seat: 'Bologna', wave: '2025-05-05' },
  { code: '09', slug: 'toscana', name: 'Toscana', seat: 'Firenze', wave: '2025-06-09' },
  { code: '10', slug: 'umbria', name: 'Umbria', seat: 'Perugia', wave: '2025-06-23' },
  { code: '11', slug: 'marche', name: 'Marche', seat: 'Ancona', wave: '2025-09-15' },
  { code: '12', slug: 'lazio', name: 'Lazio', seat: 'Roma', wave: '2025-02-03' },
  { code: '13', slug: 'abruzzo', name: 'Abruzzo', seat: "L'Aquila", wave: '2025-06-23' },
  { code: '14', slug: 'molise', name: 'Molise', seat: 'Campobasso', wave: '2027-03-01' },
  { code: '15', slug: 'campania', name: 'Campania', seat: 'Napoli', wave: '2025-09-29' },
  { code: '16', slug: 'puglia', name: 'Puglia', seat: 'Bari', wave: '2025-10-13' },
  { code: '17', slug: 'basilicata', name: 'Basilicata', seat: 'Potenza', wave: '2025-10-27' },
  { code: '18', slug: 'calabria', name: 'Calabria', seat: 'Catanzaro', wave: '2027-04-12' },
  { code: '19', slug: 'sicilia', name: 'Sicilia', seat: 'Palermo', wave: '2025-11-10' },
  { code: '20', slug: 'sardegna', name: 'Sardegna', seat: 'Cagliari', wave: '2027-03-01' },
]

export interface OfficeSite {
  /** Where it is: a town, or a part of one. */
  name: string
  municipality: Municipality
  latitude: number
  longitude: number
  /** Telephone area code of the place, with its zero. */
  areaCode: string
}

export interface Province {
  /** Sign, e.g. RM. */
  code: string
  name: string
  region: Region
  seat: OfficeSite
  agencies: readonly (OfficeSite & { kind: AgencyKind })[]
}

/** The 107 provinces with their offices. @throws Bug for a line that names what does not exist */
export function readTerritory(): Province[] {
  const towns = new Map<string, Municipality>()
  for (const municipality of municipalities()) towns.set(`${municipality.provinceCode} ${municipality.name}`, municipality)
  const inTown = (province: string, town: string, areaCode: string, place?: { name: string; at: string }): OfficeSite => {
    const municipality = towns.get(`${province} ${town}`)
    if (!municipality) throw new Bug(`territory.txt: there is no municipality ${town} in ${province}.`)
    const [latitude = municipality.latitude, longitude = municipality.longitude] = place?.at.split(',').map(Number) ?? []
    return { name: place?.name ?? town, municipality, latitude, longitude, areaCode }
  }
  return readFileSync(join(import.meta.dirname, 'territory.txt'), 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => {
      const [code = '', name = '', town = '', areaCode = '', agencies = ''] = line.split('|').map(cell => cell.trim())
      const seat = inTown(code, town, areaCode)
      const region = regions.find(each => each.code === seat.municipality.regionCode)
      if (!region) throw new Bug(`territory.txt: ${code} lies in no region.`)
      const elsewhere = agencies.split(';').map(text => {
        const parts = /^(?:(.+) @ )?(.+) (0\d{1,3}) ([ct])(?: (\S+))?$/.exec(text.trim())
        const [, part, place = '', area = '', kind, at = ''] = parts ?? []
        if (!parts) throw new Bug(`territory.txt: "${text.trim()}" is not an agency.`)
        const office = inTown(code, place, area, part === undefined ? undefined : { name: part, at })
        return { ...office, kind: kind === 'c' ? ('complex' as const) : ('territorial' as const) }
      })
      return { code, name, region, seat, agencies: [...elsewhere, { ...seat, kind: 'internal' as const }] }
    })
}

/** "Reggio nell'Emilia" is "reggio-nell-emilia". */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** "di Roma", "dell'Aquila", "della Spezia", "del Sud Sardegna". */
export function ofPlace(name: string): string {
  if (name.startsWith("L'")) return `dell'${name.slice(2)}`
  if (name.startsWith('La ')) return `della ${name.slice(3)}`
  return name === 'Sud Sardegna' || name === 'Verbano-Cusio-Ossola' ? `del ${name}` : `di ${name}`
}
