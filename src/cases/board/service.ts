/** The board of a section, and what would even it out. */
import { typologyLabels } from '../../classification/index.ts'
import { absentToday, standingsOf } from '../../distribution/index.ts'
import { can, membersOfUnits, namesOfPeople, rolesWhich } from '../../identity/index.ts'
import { unitsOf } from '../../organisation/index.ts'
import {
  boundsOf,
  type Db,
  dayAt,
  type House,
  type Language,
  notFound,
  type PersonActor,
  sentence,
} from '../../platform/index.ts'
import { type BalanceProposal, type LoadOfMember, proposals } from './balance.ts'
import type { BoardCard, BoardColumn, BoardProposal, SectionBoard } from './model.ts'
import {
  type CardRow,
  type ColumnCount,
  cardsOf,
  countsOf,
  handledSince,
  holdersIn,
  maxInColumn,
  poolColumn,
  ticketsToPropose,
} from './store.ts'

const memberRoles = rolesWhich('tickets.work')
const maxProposals = 10
const handledDays = 30

interface Place {
  section: { id: string; name: string; path: string }
  sections: { id: string; name: string }[]
}

/** @throws Refused 404 for a section that the reader does not coordinate, and for who coordinates none */
async function placeOf(db: Db, actor: PersonActor, sectionId: string | undefined): Promise<Place> {
  const sections = (await unitsOf(db, { kind: 'cric-section', under: actor.unitPath })).filter(unit =>
    can(actor, 'tickets.coordinate', unit.path),
  )
  const section = sectionId === undefined ? sections[0] : sections.find(unit => unit.id === sectionId)
  if (!section) throw notFound('unit')
  return { section, sections: sections.map(({ id, name }) => ({ id, name })) }
}

interface Someone {
  id: string
  name: string
  isMember: boolean
}

/** The members of a section by name, and then who has something of it without being one. */
async function peopleOf(db: Db, { section }: Place): Promise<Someone[]> {
  const members = await membersOfUnits(db, { paths: [section.path], roles: memberRoles })
  const names = new Map(members.map(({ id, name }) => [id, name]))
  const others = (await holdersIn(db, section.id)).filter(id => !names.has(id))
  const otherNames = await namesOfPeople(db, others)
  const byName = (a: Someone, b: Someone) => a.name.localeCompare(b.name, 'it')
  return [
    ...[...names].map(([id, name]) => ({ id, name, isMember: true })).sort(byName),
    ...others.map(id => ({ id, name: otherNames.get(id) ?? '', isMember: false })).sort(byName),
  ]
}

function momentsOf({ config, clock }: House): { now: Date; tomorrow: Date } {
  const now = clock.now()
  return { now: new Date(now), tomorrow: new Date(boundsOf(config.TIME_ZONE, dayAt(config.TIME_ZONE, now))[1]) }
}

/** @throws Refused 404 for a section that the reader does not coordinate */
export async function boardView(house: House, actor: PersonActor, sectionId: string | undefined): Promise<SectionBoard> {
  const db = house.database.kysely
  const place = await placeOf(db, actor, sectionId)
  const people = await peopleOf(db, place)
  const ids = people.map(({ id }) => id)
  const moments = momentsOf(house)
  const { id: section } = place.section
  const [pool, cards, counts, absent, standings] = await Promise.all([
    poolColumn(db, section, moments),
    cardsOf(db, section, ids),
    countsOf(db, section, ids, moments),
    absentToday(db, house, ids),
    standingsOf(db, ids),
  ])
  const cardsBy = Map.groupBy(cards, card => card.holder)
  const countBy = new Map(counts.map(count => [count.holder, count]))
  const column = (person: Someone): BoardColumn => {
    const state = standings.get(person.id)?.state
    return {
      person: { id: person.id, name: person.name },
      isMember: person.isMember,
      absentUntil: absent.get(person.id) ?? null,
      inService: state === undefined ? null : state !== 'signed-out',
      ...filled(cardsBy.get(person.id) ?? [], countBy.get(person.id)),
    }
  }
  return {
    section: { id: section, name: place.section.name },
    sections: place.sections,
    columns: [
      { person: null, isMember: false, absentUntil: null, inService: null, ...filled(pool.cards, pool.count) },
      ...people.map(column),
    ],
    atMost: maxInColumn,
  }
}

const filled = (cards: readonly CardRow[], count: ColumnCount | undefined) => ({
  count: count?.count ?? 0,
  late: count?.late ?? 0,
  today: count?.today ?? 0,
  cards: cards.map(cardOf),
})

const cardOf = (row: CardRow): BoardCard => ({
  id: row.id,
  code: row.code,
  title: row.title,
  state: row.state,
  openedAt: row.opened_at.toISOString(),
  dueAt: row.due_at.toISOString(),
  secondContact: row.second_contact,
  movable: row.state !== 'forwarded',
  version: row.version,
})

// --- proposals ------------------------------------------------------------------------------------------------------

/** What would even out a section, the most urgent first. @throws Refused as `boardView` */
export async function boardProposals(
  house: House,
  actor: PersonActor,
  sectionId: string | undefined,
  language: Language,
): Promise<{ items: BoardProposal[] }> {
  const db = house.database.kysely
  const place = await placeOf(db, actor, sectionId)
  const people = await peopleOf(db, place)
  const ids = people.map(({ id }) => id)
  const { now, tomorrow } = momentsOf(house)
  const since = new Date(now.getTime() - handledDays * 86_400_000)
  const [tickets, handled, absent] = await Promise.all([
    ticketsToPropose(db, place.section.id, ids, tomorrow),
    handledSince(db, ids, since),
    absentToday(db, house, ids),
  ])
  const handledBy = Map.groupBy(handled, each => each.person)
  const found = proposals(
    {
      endOfToday: tomorrow.getTime() - 1,
      members: people.map(({ id, isMember }) => ({
        id,
        receives: isMember && !absent.has(id),
        handled: new Map((handledBy.get(id) ?? []).map(each => [each.typology_id, each.closed])),
      })),
      tickets: tickets.map(row => ({
        ...{ id: row.id, holder: row.holder, typologyId: row.typology_id, begun: row.begun, reference: row.reference_id },
        dueAt: row.due_at.getTime(),
      })),
    },
    maxProposals,
  )
  const byId = new Map(tickets.map(row => [row.id, row]))
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const labels = await typologyLabels(
    db,
    found.flatMap(each => byId.get(each.ticketId)?.typology_id ?? []),
  )
  const personOf = (id: string) => ({ id, name: names.get(id) ?? '' })
  return {
    items: found.flatMap(proposal => {
      const row = byId.get(proposal.ticketId)
      if (!row) return []
      const typology = row.typology_id === null ? '' : (labels.get(row.typology_id) ?? '')
      return {
        ...{ ticketId: row.id, version: row.version, title: row.title, dueAt: row.due_at.toISOString() },
        from: proposal.from === null ? null : personOf(proposal.from),
        to: personOf(proposal.to),
        sentence: whyProposed(proposal, { nameOf: id => names.get(id) ?? '', typology }, language),
      }
    }),
  }
}

/** Why, in one to three sentences: who has how much, and what the other knows of it. */
function whyProposed(
  { because, from, to, fromHas, toHas, handled }: BalanceProposal,
  { nameOf, typology }: { nameOf: (id: string) => string; typology: string },
  language: Language,
): string {
  const say = (code: string, of: Record<string, string | number>) => sentence(language, `cases.balance.${code}`, of)
  const has = (id: string, { all, due }: LoadOfMember) =>
    say(all === 0 ? 'hasNothing' : due === 0 ? 'hasNoneDue' : 'has', { name: nameOf(id), all, due })
  return [
    because === 'pool-due' || because === 'absent'
      ? say(because, { name: nameOf(from ?? '') })
      : has(from ?? '', fromHas ?? { all: 0, due: 0 }),
    has(to, toHas),
    ...(handled > 0 ? [say('handled', { name: nameOf(to), count: handled, typology })] : []),
  ].join(' ')
}
