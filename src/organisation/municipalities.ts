/**
 * The municipalities of Italy: 7,896, with province, region, postal codes and coordinates.
 *
 * They are read at the first question. The file is taken from the package's folder: its module for ES imports names the file in a way that
 * Node refuses, and the index that its other module builds takes three times as long as reading.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Bug } from '../platform/index.ts'
import type { Municipality } from './model.ts'
import { wordsAsked, wordsOf } from './words.ts'

/** A row for each municipality and postal code. */
const Row = z.object({
  codice_istat: z.string().regex(/^\d{6}$/),
  denominazione_ita: z.string(),
  denominazione_altra: z.string(),
  cap: z.string(),
  sigla_provincia: z.string(),
  denominazione_provincia: z.string(),
  codice_regione: z.string(),
  denominazione_regione: z.string(),
  flag_capoluogo: z.enum(['SI', 'NO']),
  codice_belfiore: z.string(),
  lat: z.coerce.number(),
  lon: z.coerce.number(),
})

interface Gazetteer {
  /** Names of regions by their ISTAT code, by name. */
  regions: ReadonlyMap<string, string>
  byCode: ReadonlyMap<string, Municipality>
  /** In the order in which they are listed, with the words by which each is found. */
  listed: readonly { municipality: Municipality; words: readonly string[]; folded: string }[]
}

let loaded: Gazetteer | undefined

function gazetteer(): Gazetteer {
  loaded ??= load()
  return loaded
}

function load(): Gazetteer {
  const folder = dirname(createRequire(import.meta.url).resolve('italian-locations'))
  const file = readdirSync(folder).find(name => /^gi_comuni_cap.*\.json$/.test(name))
  if (!file) throw new Bug('The package italian-locations no longer holds the file of the municipalities.')
  const rows = z.array(Row).parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
  const byCode = new Map<string, Municipality>()
  for (const row of rows) {
    const known = byCode.get(row.codice_istat)
    if (known) {
      known.postalCodes.push(row.cap)
      continue
    }
    byCode.set(row.codice_istat, {
      code: row.codice_istat,
      name: row.denominazione_ita,
      otherName: row.denominazione_altra || null,
      provinceCode: row.sigla_provincia,
      provinceName: row.denominazione_provincia,
      regionCode: row.codice_regione,
      regionName: row.denominazione_regione,
      postalCodes: [row.cap],
      cadastralCode: row.codice_belfiore,
      isCapital: row.flag_capoluogo === 'SI',
      latitude: row.lat,
      longitude: row.lon,
    })
  }
  const listed = [...byCode.values()]
    .map(municipality => ({
      municipality,
      words: wordsOf([municipality.name, municipality.otherName ?? ''].join(' ')),
      folded: wordsAsked(municipality.name).join(' '),
    }))
    .sort((a, b) => (a.folded < b.folded ? -1 : a.folded > b.folded ? 1 : a.municipality.code < b.municipality.code ? -1 : 1))
  const named = [...byCode.values()].map(({ regionCode, regionName }) => [regionCode, regionName] as const)
  const regions = new Map(named.toSorted(([, a], [, b]) => a.localeCompare(b, 'it')))
  return { byCode, listed, regions }
}

/** The name of each region, by its ISTAT code of two digits, in the order of the names. */
export const regionNames = (): ReadonlyMap<string, string> => gazetteer().regions

/** The municipality with an ISTAT code of six digits, with its province and region. Undefined when there is none. */
export const provinceOf = (municipalityCode: string): Municipality | undefined => gazetteer().byCode.get(municipalityCode)

/** All of them, by name. */
export const municipalities = (): Municipality[] => gazetteer().listed.map(each => each.municipality)

/**
 * Municipalities whose name has words that begin with the typed ones, accents aside; best first: the whole name, capitals of provinces,
 * names that begin so, then any word. A cadastral code, as in fiscal codes, finds its municipality.
 */
export function searchMunicipalities(
  q: string,
  limit: number,
  filter: { provinceCode?: string | undefined; skip?: number | undefined } = {},
): Municipality[] {
  const cadastralCode = /^[a-z]\d{3}$/i.test(q.trim()) ? q.trim().toUpperCase() : undefined
  const asked = wordsAsked(q)
  const whole = asked.join(' ')
  const found: { municipality: Municipality; rank: number }[] = []
  for (const { municipality, words, folded } of gazetteer().listed) {
    if (filter.provinceCode !== undefined && municipality.provinceCode !== filter.provinceCode) continue
    const isMeant = cadastralCode
      ? municipality.cadastralCode === cadastralCode
      : asked.every(word => words.some(each => each.startsWith(word)))
    if (!isMeant) continue
    const rank = folded === whole ? 0 : municipality.isCapital ? 1 : folded.startsWith(whole) ? 2 : 3
    found.push({ municipality, rank })
  }
  const skip = filter.skip ?? 0
  // The sort is stable: within a rank they stay in the order of their names.
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(skip, skip + limit)
    .map(each => each.municipality)
}

const earthKm = 6371

/** The distance of two places as the crow flies, in kilometres. */
export function distanceKm(a: { latitude: number; longitude: number }, b: { latitude: number; longitude: number }): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** Parallels and meridians, in degrees, between which lies everything within some kilometres of a place. */
export function boxAround(place: { latitude: number; longitude: number }, km: number) {
  const latitudes = (km / earthKm) * (180 / Math.PI)
  const north = place.latitude + latitudes
  const south = place.latitude - latitudes
  // Meridians lie closest at the parallel that is farthest from the equator.
  const longitudes = latitudes / Math.max(0.01, Math.cos((Math.max(Math.abs(north), Math.abs(south)) * Math.PI) / 180))
  return { south, north, west: place.longitude - longitudes, east: place.longitude + longitudes }
}
