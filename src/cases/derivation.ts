/**
 * Which section gets a Linea ticket, and why. Pure.
 *
 * The region is where the citizen lives; when that is not known, the region of the office whose number was called. The section follows
 * from the typology: pensions, income support, contributors; an IT matter goes to the region's IT assistance group. Whoever sends the
 * ticket may correct it and says why.
 */

export interface DerivationFacts {
  residence: { regionCode: string; municipality: string } | undefined
  officeCalled: { regionCode: string; name: string } | undefined
  typology: { label: string; cricSection: string | null; itMatter: boolean }
}

/** A sentence of the language files, with its values: it is kept with the ticket and read in the reader's language. */
export interface Why {
  code: string
  values: Record<string, string>
}

export interface Derived {
  regionCode: string
  /** Kind of section; null for the IT group. */
  cricSection: string | null
  reason: 'residence' | 'office-called'
  why: Why
}

/** Undefined when neither the residence nor the office is known: then the municipality must be asked. */
export function derive({ residence, officeCalled, typology }: DerivationFacts): Derived | undefined {
  const cricSection = typology.itMatter ? null : typology.cricSection
  const values = { typology: typology.label }
  if (residence)
    return {
      regionCode: residence.regionCode,
      cricSection,
      reason: 'residence',
      why: { code: 'cases.why.residence', values: { ...values, place: residence.municipality } },
    }
  if (officeCalled)
    return {
      regionCode: officeCalled.regionCode,
      cricSection,
      reason: 'office-called',
      why: { code: 'cases.why.officeCalled', values: { ...values, place: officeCalled.name } },
    }
  return undefined
}

/** How a sentence is kept in a column. */
export const keepWhy = (why: Why): string => JSON.stringify(why)

export function readWhy(kept: string): Why {
  const { code, values } = JSON.parse(kept) as Why
  return { code, values }
}
