/** Counters for tests: a hall at Roma EUR with a fast and an ordinary service and as many desks as a test wants; officers who sit at them. */
import { defaultRules, type HallRules, insertCounters, type NewCounters } from '../../src/counters/index.ts'
import type { House, PersonActor } from '../../src/platform/index.ts'
import { service } from './agenda.ts'
import { staff } from './staff.ts'

const unit = { id: 'ag-roma-eur', path: staff.agency.unitPath, name: 'Roma EUR' }
/** Who sets up the counters of Roma EUR. */
export const counterManager: PersonActor = {
  ...staff.agency,
  personId: '00000000-0000-7000-8000-000000000971',
  assignmentId: '00000000-0000-7000-9000-000000000971',
  name: 'Rita Costa',
  role: 'agency_manager',
}

/** An officer of Roma EUR; number 0 is Lia Moro. */
export const officer = (n: number): PersonActor =>
  n === 0
    ? staff.agency
    : {
        ...staff.agency,
        personId: `00000000-0000-7000-8000-0000000008${String(n).padStart(2, '0')}`,
        name: `Sportellista ${n}`,
      }

export interface SmallHall {
  hallId: string
  fast: string
  ordinary: string
  desks: string[]
}

/** A hall of its own for each test; the letter tells it from the others. */
export async function smallHall(house: House, letter: string, desks = 2, rules: Partial<HallRules> = {}): Promise<SmallHall> {
  const ids = { hallId: house.ids(), fast: house.ids(), ordinary: house.ids() }
  const deskIds = Array.from({ length: desks }, () => house.ids())
  const answer = (it: string, serviceId: string) => ({ label: { it, en: `${it} (en)` }, to: { serviceId } })
  const hall: NewCounters['halls'][number] = {
    ...{ id: ids.hallId, unit, name: `Sala ${letter}`, letter, rules: { ...defaultRules, ...rules }, dailyContingent: null },
    questions: [
      {
        ...{ id: 'why', text: { it: 'Perché sei qui?', en: 'Why are you here?' } },
        answers: [answer('Ritirare un documento', ids.fast), answer('Pensione', ids.ordinary)],
      },
    ],
    services: [
      { id: ids.fast, words: { it: 'Documenti' }, visitClass: 'fast', agendaServices: [] },
      { id: ids.ordinary, words: { it: 'Pensioni', en: 'Pensions' }, visitClass: 'ordinary', agendaServices: [service.id] },
    ],
    desks: deskIds.map((id, at) => ({ id, label: String(at + 1), services: [] })),
  }
  await insertCounters(house.database.kysely, { halls: [hall], devices: [] })
  return { ...ids, desks: deskIds }
}
