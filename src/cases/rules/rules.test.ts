/**
 * Whatever an institute may decide of the table, and whatever people then do: the founding rules hold. The world of these tests is a ticket
 * and the people around it, moved by the policy itself; what must hold is said here again, without the table and without its invariants.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { languages, type PersonActor, sentence } from '../../platform/index.ts'
import type { TicketAction, TicketKind, TicketState } from '../model.ts'
import { mayActOnTicket, type TicketFacts } from '../policy.ts'
import { allowedWith, differenceOf, everyCell, fixedBy, holding, isFounding, tidied, violationsOf } from './invariants.ts'
import { Invariant, type RuleCell, type RuleChange } from './model.ts'

const lazio = 'inps/dr-lazio/'
const section = `${lazio}cric-lazio/cric-lazio-pensioni/`
const person = (role: string, unitPath: string, personId = `${role}@${unitPath}`): PersonActor => ({
  ...{ kind: 'person', personId, name: role, role, unitPath, assignmentId: 'a' },
  unitId: unitPath.split('/').at(-2) ?? '',
})
const members = [person('cric_member', section, 'ada'), person('cric_member', section, 'bea')]
const coordinator = person('cric_coordinator', `${lazio}cric-lazio/`)
/** Of two who coordinate one may be away. */
const deputy = person('cric_coordinator', section)
const directorate = person('central_member', 'inps/dc-pensioni/')
const others = [
  person('cric_member', `${lazio}cric-lazio/cric-lazio-contributori/`),
  person('cric_member', 'inps/dr-lombardia/cric-lombardia/cric-lombardia-pensioni/'),
  person('operator', 'inps/ccm/ccm-pensioni/'),
  person('supervisor', 'inps/ccm/'),
  person('agency_officer', `${lazio}dp-roma/ag-roma-eur/`),
  person('agency_manager', `${lazio}dp-roma/ag-roma-eur/`),
  person('regional_director', lazio),
  person('headquarters', 'inps/'),
  person('administrator', 'inps/'),
]
const secondLevel = [...members, coordinator, deputy, directorate]
const everybody = [...secondLevel, ...others]

/** Where a ticket stands, as far as anybody may see what was done with it. */
interface Ticket {
  kind: TicketKind
  state: TicketState
  holder: string | null
  answered: boolean
  booked: boolean
  /** The contact centre answers the citizen. */
  sentBack: boolean
}

const factsOf = (ticket: Ticket, changes: readonly RuleChange[]): TicketFacts => ({
  ...{ kind: ticket.kind, state: ticket.state, unitPath: section, unitName: 'section', centreName: 'centre' },
  directoratePath: ticket.state === 'forwarded' || ticket.state === 'returned' ? 'inps/dc-pensioni/' : null,
  ...{ directorateName: 'DC', claimedBy: ticket.holder, claimedByName: ticket.holder },
  passedThrough: ['inps/ccm/ccm-pensioni/', section, `${lazio}dp-roma/ag-roma-eur/`],
  rules: { version: 1, changes },
})

/** What an action makes of it, as the use cases do; a ticket is handed to a colleague of whom one knows that they are there. */
function after(ticket: Ticket, action: TicketAction, actor: PersonActor): Ticket {
  switch (action) {
    case 'claim':
    case 'take-over':
      return { ...ticket, state: ticket.state === 'pool' ? 'claimed' : ticket.state, holder: actor.personId }
    case 'hand-over':
      return {
        ...ticket,
        state: ticket.state === 'pool' ? 'claimed' : ticket.state,
        holder: ticket.holder === 'bea' ? 'ada' : 'bea',
      }
    case 'release':
    case 'assign':
      return { ...ticket, state: 'pool', holder: null }
    case 'answer':
      return { ...ticket, state: 'answered', answered: true }
    case 'close':
      return { ...ticket, state: 'closed' }
    case 'forward':
      return { ...ticket, state: 'forwarded' }
    case 'return':
      return { ...ticket, state: 'returned' }
    case 'appointment':
      return { ...ticket, state: 'closed', booked: true }
    case 'send-back':
      return { ...ticket, state: 'closed', sentBack: true }
    case 'look':
    case 'note':
    case 'ask-colleague':
    case 'ask-citizen':
    case 'prioritise':
      return ticket
  }
}

const actions = [...new Set(everyCell.map(cell => cell.action))]

/** All that somebody among these people may do now, with what comes of it. */
const steps = (ticket: Ticket, changes: readonly RuleChange[], people: readonly PersonActor[]) =>
  people.flatMap(actor =>
    actions.flatMap(action =>
      mayActOnTicket(action, actor, factsOf(ticket, changes)).allowed
        ? [{ actor, action, next: after(ticket, action, actor) }]
        : [],
    ),
  )

/** Whether some of these people together can bring it to an answer. */
function canBeAnswered(from: Ticket, changes: readonly RuleChange[], people: readonly PersonActor[]): boolean {
  const seen = new Set<string>()
  const waiting = [from]
  for (let ticket = waiting.pop(); ticket; ticket = waiting.pop()) {
    if (ticket.state === 'closed' && ticket.answered) return true
    const key = JSON.stringify(ticket)
    if (seen.has(key)) continue
    seen.add(key)
    waiting.push(...steps(ticket, changes, people).map(step => step.next))
  }
  return false
}

const flips = everyCell.map((cell): RuleChange => ({ ...cell, allowed: !isFounding(cell) }))
const free = flips.filter(change => fixedBy(change) === null)

describe('whatever an institute may decide, and whatever people do then', () => {
  /** Most are drawn from what is free; of those drawn from everything most have to be refused. */
  const decided = fc.oneof(
    { arbitrary: fc.subarray(free), weight: 4 },
    { arbitrary: fc.subarray(flips, { maxLength: 4 }), weight: 1 },
  )

  test('the founding rules hold', () => {
    fc.assert(
      fc.property(
        decided.filter(changes => violationsOf(changes).length === 0),
        fc.constantFrom<TicketKind>('linea', 'it'),
        fc.array(fc.nat(), { minLength: 1, maxLength: 15 }),
        (changes, kind, choices) => {
          let ticket: Ticket = { kind, state: 'pool', holder: null, answered: false, booked: false, sentBack: false }
          for (const choice of choices) {
            const possible = steps(ticket, changes, everybody)
            for (const { actor, action, next } of possible) {
              const what = `${actor.role} ${action} while ${ticket.state}`
              // Nobody outside the second level does more than look and note, and nobody of elsewhere anything.
              if (!['cric_member', 'cric_coordinator', 'central_member'].includes(actor.role))
                expect(['look', 'note'], what).toContain(action)
              expect(actor.unitPath, what).not.toContain('lombardia')
              if (actor.role === 'central_member') expect(['look', 'note', 'return'], what).toContain(action)
              if (next.state === 'closed' && ticket.state !== 'closed')
                expect(next.answered || next.booked || next.sentBack, what).toBe(true)
              if (ticket.state === 'closed') expect(action, what).toBe('look')
              if (kind === 'it') expect(['forward', 'appointment'], what).not.toContain(action)
            }
            if (ticket.state === 'closed') break
            expect(ticket.state === 'pool' || ticket.holder !== null, 'somebody has it').toBe(true)
            // Also without whoever has it, who may be away.
            const holder = ticket.holder
            const present = secondLevel.filter(each => each.personId !== holder)
            expect(canBeAnswered(ticket, changes, present), `stuck while ${ticket.state}`).toBe(true)
            const moves = possible.filter(each => each.next !== ticket)
            ticket = moves[choice % moves.length]?.next ?? ticket
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('an accepted change is what then holds, and a refused one says why', () => {
    for (const change of free) {
      const alone = violationsOf([change])
      if (alone.length > 0) continue
      expect(holding([change])).toEqual([change])
      expect(allowedWith(holding([change]))(change)).toBe(change.allowed)
    }
    for (const change of flips.filter(each => fixedBy(each) !== null)) {
      expect(violationsOf([change]).map(({ invariant }) => invariant)).toContain(fixedBy(change))
      expect(holding([change])).toEqual([])
    }
  })
})

test.each<[RuleCell, Invariant]>([
  [{ action: 'answer', state: 'claimed', standing: 'agency' }, 'noDelegation'],
  [{ action: 'claim', state: 'pool', standing: 'contact-centre' }, 'noDelegation'],
  [{ action: 'close', state: 'claimed', standing: 'holder' }, 'noClosingWithoutAnswer'],
  [{ action: 'claim', state: 'pool', standing: 'member' }, 'alwaysAnOwner'],
  [{ action: 'answer', state: 'claimed', standing: 'holder' }, 'holderAnswers'],
  [{ action: 'note', state: 'closed', standing: 'holder' }, 'closedStays'],
  [{ action: 'look', state: 'pool', standing: 'other-centre' }, 'territory'],
  [{ action: 'return', state: 'forwarded', standing: 'directorate' }, 'directorateAnswersCentre'],
])('%o is fixed: %s', (cell, invariant) => {
  expect(fixedBy(cell)).toBe(invariant)
})

test('a coordinator keeps at least one way to bring on what an absent colleague has', () => {
  const without = (...actionsOff: TicketAction[]): RuleChange[] =>
    actionsOff.map(action => ({ action, state: 'claimed', standing: 'coordinator', allowed: false }))
  expect(violationsOf(without('take-over', 'release'))).toEqual([])
  expect(violationsOf(without('take-over', 'release', 'hand-over')).map(each => each.invariant)).toEqual([
    'absentHolderIsReplaced',
  ])
})

test('who coordinates and has taken a ticket may still do what only coordinators may', () => {
  const own: Ticket = {
    kind: 'linea',
    state: 'claimed',
    holder: coordinator.personId,
    answered: false,
    booked: false,
    sentBack: false,
  }
  const changes: RuleChange[] = [{ action: 'assign', state: 'claimed', standing: 'holder', allowed: false }]
  expect(mayActOnTicket('assign', coordinator, factsOf(own, changes)).allowed).toBe(true)
  const ada = mayActOnTicket('assign', members[0] as PersonActor, factsOf({ ...own, holder: 'ada' }, changes))
  expect(ada.allowed ? '' : ada.code).toBe('cases.policy.notByRules')
})

test('changes are tidied: the last word on a question counts, and what says nothing goes', () => {
  const cell: RuleCell = { action: 'claim', state: 'pool', standing: 'same-centre' }
  expect(
    tidied([
      { ...cell, allowed: true },
      { ...cell, allowed: false },
    ]),
  ).toEqual([])
  expect(
    tidied([
      { ...cell, allowed: false },
      { ...cell, allowed: true },
    ]),
  ).toEqual([{ ...cell, allowed: true }])
  expect(differenceOf([], [{ ...cell, allowed: true }])).toEqual({ gained: [cell], lost: [] })
})

test.each(languages)('every invariant is said in %s', language => {
  for (const each of Invariant.options) expect(sentence(language, `cases.invariant.${each}`)).not.toBe(`cases.invariant.${each}`)
})
