/**
 * Where the members of the sample's sections come from: mostly from the product teams of their region and of its experts, some from provinces and agencies with
 * the reason why. Of one in Lazio nobody has said it yet, and two could be had.
 */
import { type PersonRecord, rolesWhich } from '../src/identity/index.ts'
import type { NewUnit } from '../src/organisation/index.ts'
import type { Tx } from '../src/platform/index.ts'
import { insertReserve, type Provenance, putMember, type SectionMemberRow } from '../src/staffing/index.ts'
import { founded, sampleId } from './organisation.ts'

const memberRoles: readonly string[] = rolesWhich('tickets.work')
const kinds: readonly string[] = ['cric-section', 'gai']

type Facts = Pick<SectionMemberRow, 'provenance' | 'origin' | 'share' | 'reason'>

const facts = (provenance: Provenance, origin: string, share = 100, reason = ''): Facts => ({ provenance, origin, share, reason })

/** In turn; whoever comes from a province or an agency, from one of the region. */
const members: readonly Facts[] = [
  facts('product-team', 'Pensioni'),
  facts('expert', 'Cumulo e totalizzazione'),
  facts('product-team', 'Ammortizzatori sociali'),
  facts('province', '', 50, 'Nel team di prodotto nessun altro conosce le gestioni speciali.'),
  facts('product-team', 'Flussi contributivi', 80),
  facts('expert', 'Prestazioni in regime internazionale'),
  facts('agency', '', 50, 'Sostituisce fino al concorso chi è andato in pensione.'),
]

/** The kinds of unit from which the last two come. */
const kindOf: Partial<Record<Provenance, NewUnit['kind']>> = { province: 'provincial-directorate', agency: 'agency' }

/** Where somebody of a section comes from: `Latina`, for the provincial directorate of Latina. */
function originOf({ provenance, origin }: Facts, section: NewUnit, units: readonly NewUnit[]): string {
  const region = section.path.split('/').slice(0, 2).join('/')
  const from = units.find(({ kind, path }) => kind === kindOf[provenance] && path.startsWith(`${region}/`))
  return from ? from.name.replace(/^(Direzione provinciale|Agenzia)( di)? /, '') : origin
}

const reserve = [
  { name: 'Livia Serra', provenance: 'product-team', subject: 'Pensioni in regime internazionale' },
  { name: 'Bruno Costantini', provenance: 'expert', subject: 'Cumulo e ricongiunzioni' },
] as const

const since = '2025-01-02'
/** Of whom nobody has said it: the last of the section that the first tour meets. */
const sectionUnsaid = 'cric-lazio-pensioni'

export async function insertStaff(tx: Tx, units: readonly NewUnit[], people: readonly PersonRecord[]): Promise<void> {
  const staffed = new Map(units.filter(({ kind }) => kinds.includes(kind)).map(unit => [unit.id, unit]))
  const inSections = people.flatMap(person =>
    person.assignments.flatMap(({ role, unitId }) => {
      const unit = staffed.get(unitId)
      return unit && memberRoles.includes(role) ? [{ person, unit }] : []
    }),
  )
  const unsaid = inSections.findLast(({ unit }) => unit.id === sectionUnsaid)
  for (const [n, { person, unit }] of inSections.entries()) {
    const said = members[n % members.length]
    if (person === unsaid?.person || !said) continue
    await putMember(tx, {
      ...{ id: sampleId('8b00', n + 1), section_id: unit.id, section_path: unit.path, person_id: person.id, name: person.name },
      ...said,
      origin: originOf(said, unit, units),
      ...{ since, until: null, version: 1, changed_at: founded, changed_by_name: 'Direzione regionale' },
    })
  }
  for (const [n, each] of reserve.entries())
    await insertReserve(tx, {
      ...{ id: sampleId('8b10', n + 1), unit_id: 'dr-lazio', ...each, added_at: founded, added_by_name: 'Ada Poli' },
    })
}
