/** What the virtual operators of `npm run traffic` are and say: accounts of the sample, matters of its citizens. */
import type { NewTypology } from '../src/classification/index.ts'
import { buildPeople, planner } from './accounts.ts'
import { chanceOf } from './living/chance.ts'
import { Speech } from './living/texts.ts'
import { buildOrganisation } from './organisation.ts'
import { readTerritory } from './territory.ts'
import { typologies } from './typologies.ts'

/** Where the first operators sit: one seat each, the busiest sections first. */
const seats = ['ccm-pensioni', 'ccm-sostegno', 'ccm-online', 'ccm-autonomi', 'ccm-pensioni', 'ccm-centralino'] as const

/** User names of so many operators, of the sections in turn. People whom the tour meets are left to real people. */
export function trafficAgents(agents: number): string[] {
  const people = buildPeople(buildOrganisation(readTerritory(), planner).units)
  const bySection = Map.groupBy(
    people.filter(({ id, assignments }) => assignments[0]?.unitPath.includes('/ccm/') && Number(id.slice(-6)) >= 1_000),
    ({ assignments }) => assignments[0]?.unitId ?? '',
  )
  const found: string[] = []
  for (let turn = 0; found.length < agents && turn < seats.length * 12; turn++) {
    const person = bySection.get(seats[turn % seats.length] ?? '')?.shift()
    if (person && person.assignments[0]?.role !== 'supervisor') found.push(person.user)
  }
  return found
}

/** Returns what is asked and answered in a section, anew each time. */
export function trafficSheets(seed: number) {
  const chance = chanceOf(seed, 3)
  const speech = new Speech()
  const leaves = typologies.filter(typology => typology.leaf)
  return (sectionId: string) => {
    const own = leaves.filter(({ ccmSectionId }) => ccmSectionId === sectionId)
    const typology: NewTypology = chance.one(own.length === 0 ? leaves : own)
    const day = new Date().toISOString().slice(0, 10)
    const serviceId =
      typology.cricSection === 'pensions'
        ? 'consulenza-pensioni'
        : typology.cricSection === 'income-support'
          ? 'consulenza-sostegno'
          : undefined
    return { typologyId: typology.id, ...speech.about(typology.id, chance, { day, town: 'Roma' }), serviceId }
  }
}
