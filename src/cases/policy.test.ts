/**
 * The matrix: every action × state × kind of ticket × kind of reader. What is expected is written here again from the founding rules, by
 * role, unit and territory, without the table and without its notion of standing.
 */
import { describe, expect, test } from 'vitest'
import { staff } from '../../test/support/staff.ts'
import { languages, type PersonActor, sentence } from '../platform/index.ts'
import { TicketAction, type TicketKind, type TicketState } from './model.ts'
import {
  decidingRow,
  mayActOnTicket,
  mayAssignTo,
  mayBookFromTicket,
  mayForwardTo,
  mayHandTo,
  mayInteract,
  maySendTo,
  maySetSharing,
  mayWriteInteraction,
  standings,
  type TicketFacts,
  table,
  ticketStates,
} from './policy.ts'

const actions = TicketAction.options
const kinds: readonly TicketKind[] = ['linea', 'it']

const holderId = 'holder'
const person = (role: string, unitPath: string, personId = `${role}@${unitPath}`): PersonActor => ({
  kind: 'person',
  personId,
  name: role,
  role,
  unitId: unitPath.split('/').at(-2) ?? '',
  unitPath,
  assignmentId: 'a',
})

const lazio = 'inps/dr-lazio/'
const lombardia = 'inps/dr-lombardia/'
/** Readers of a ticket of Lazio's Pensions section. Each is named by what it is there. */
const lineaReaders = {
  holder: person('cric_member', `${lazio}cric-lazio/cric-lazio-pensioni/`, holderId),
  'holder who coordinates': person('cric_coordinator', `${lazio}cric-lazio/`, holderId),
  'member of the section': person('cric_member', `${lazio}cric-lazio/cric-lazio-pensioni/`),
  'coordinator of the section': person('cric_coordinator', `${lazio}cric-lazio/cric-lazio-pensioni/`),
  'coordinator of the centre': person('cric_coordinator', `${lazio}cric-lazio/`),
  'member of another section': person('cric_member', `${lazio}cric-lazio/cric-lazio-contributori/`),
  'coordinator of another section': person('cric_coordinator', `${lazio}cric-lazio/cric-lazio-contributori/`),
  'member in Lombardia': person('cric_member', `${lombardia}cric-lombardia/cric-lombardia-pensioni/`),
  'coordinator in Lombardia': person('cric_coordinator', `${lombardia}cric-lombardia/`),
  'IT group of Lazio': person('gai_member', `${lazio}gai-lazio/`),
  'IT group of Lombardia': person('gai_member', `${lombardia}gai-lombardia/`),
  'directorate that was asked': person('central_member', 'inps/dc-pensioni/'),
  'directorate that was asked before': person('central_member', 'inps/dc-previdenza/'),
  'directorate that was never asked': person('central_member', 'inps/dc-entrate/'),
  operator: person('operator', 'inps/ccm/ccm-pensioni/'),
  switchboard: person('switchboard', 'inps/ccm/ccm-centralino/'),
  supervisor: person('supervisor', 'inps/ccm/'),
  'agency with the appointment': person('agency_officer', `${lazio}dp-roma/ag-roma-eur/`),
  'manager of the agency with the appointment': person('agency_manager', `${lazio}dp-roma/ag-roma-eur/`),
  'agency without': person('agency_officer', `${lazio}dp-roma/ag-roma-tiburtino/`),
  'director of Lazio': person('regional_director', lazio),
  'director of Lombardia': person('regional_director', lombardia),
  headquarters: person('headquarters', 'inps/'),
  administrator: person('administrator', 'inps/'),
}
type Reader = keyof typeof lineaReaders

function ticket(kind: TicketKind, state: TicketState): TicketFacts {
  const unitPath = kind === 'it' ? `${lazio}gai-lazio/` : `${lazio}cric-lazio/cric-lazio-pensioni/`
  return {
    kind,
    state,
    unitPath,
    unitName: 'section',
    centreName: 'centre',
    directoratePath: state === 'pool' || state === 'claimed' ? null : 'inps/dc-pensioni/',
    directorateName: 'DC Pensioni',
    claimedBy: state === 'pool' ? null : holderId,
    claimedByName: state === 'pool' ? null : 'Paola Neri',
    passedThrough: ['inps/ccm/ccm-pensioni/', unitPath, 'inps/dc-previdenza/', `${lazio}dp-roma/ag-roma-eur/`],
    rules: { version: 0, changes: [] },
  }
}

const unanswered: readonly TicketState[] = ['pool', 'claimed', 'forwarded', 'returned']
const inHand: readonly TicketState[] = ['claimed', 'returned']

/** The founding rules for a ticket of the Pensions section of Lazio, as one would say them. */
function expected(action: TicketAction, state: TicketState, who: Reader): boolean {
  const holds = who === 'holder' || who === 'holder who coordinates'
  const held = holds && state !== 'pool'
  const coordinates =
    who === 'coordinator of the centre' || who === 'coordinator of the section' || who === 'holder who coordinates'
  const ofSection = coordinates || who === 'member of the section' || who === 'holder'
  const ofCentre = ofSection || who === 'member of another section' || who === 'coordinator of another section'
  const asked = who === 'directorate that was asked' && !['pool', 'claimed'].includes(state)
  const askedBefore = who === 'directorate that was asked before'
  const contactCentre = ['operator', 'switchboard', 'supervisor'].includes(who)
  const agency = who === 'agency with the appointment' || who === 'manager of the agency with the appointment'
  switch (action) {
    case 'look':
      return ofCentre || asked || askedBefore || contactCentre || agency || who === 'director of Lazio' || who === 'headquarters'
    case 'note':
      return (state !== 'closed' && (ofCentre || contactCentre)) || (asked && (state === 'forwarded' || state === 'returned'))
    case 'claim':
      return state === 'pool' && ofSection
    case 'release':
      return inHand.includes(state) && (held || coordinates)
    case 'hand-over':
      return (inHand.includes(state) && (held || coordinates)) || (state === 'pool' && coordinates)
    case 'ask-colleague':
      return ['claimed', 'forwarded', 'returned'].includes(state) && (held || coordinates)
    case 'take-over':
      return inHand.includes(state) && coordinates && !held
    case 'answer':
    case 'ask-citizen':
    case 'send-back':
    case 'forward':
    case 'appointment':
      return inHand.includes(state) && held
    case 'assign':
    case 'prioritise':
      return (inHand.includes(state) && (held || coordinates)) || (state === 'pool' && coordinates)
    case 'return':
      return state === 'forwarded' && asked
    case 'close':
      return state === 'answered' && (held || coordinates)
  }
}

describe('a ticket of the Pensions section of Lazio', () => {
  const readers = Object.keys(lineaReaders) as Reader[]
  for (const action of actions)
    test.each(ticketStates)(`${action} while %s`, state => {
      const may = readers.filter(who => mayActOnTicket(action, lineaReaders[who], ticket('linea', state)).allowed)
      expect(may).toEqual(readers.filter(who => expected(action, state, who)))
    })
})

describe('an IT matter is the IT group’s of the region', () => {
  const group = person('gai_member', `${lazio}gai-lazio/`)
  const holder = person('gai_member', `${lazio}gai-lazio/`, holderId)
  const strangers = [
    lineaReaders['member of the section'],
    lineaReaders['coordinator of the centre'],
    lineaReaders['IT group of Lombardia'],
    lineaReaders['agency without'],
    lineaReaders.administrator,
  ]
  const may = (action: TicketAction, state: TicketState, actor: PersonActor) =>
    mayActOnTicket(action, actor, ticket('it', state)).allowed
  test('its members claim it and the holder answers it', () => {
    expect(may('claim', 'pool', group)).toBe(true)
    expect(may('answer', 'claimed', holder)).toBe(true)
    expect(may('answer', 'claimed', group)).toBe(false)
  })
  test.each(ticketStates)('it is neither forwarded nor booked at an agency (%s)', state => {
    expect(may('forward', state, holder)).toBe(false)
    expect(may('appointment', state, holder)).toBe(false)
  })
  test.each(strangers.map(actor => [actor.role, actor] as const))('%s of elsewhere does not even see it', (_role, actor) => {
    for (const state of ticketStates) for (const action of actions) expect(may(action, state, actor)).toBe(false)
  })
})

describe('the founding rules, whoever asks', () => {
  const everyQuestion = kinds.flatMap(kind =>
    ticketStates.flatMap(state =>
      actions.flatMap(action =>
        (Object.keys(lineaReaders) as Reader[]).map(who => ({
          kind,
          state,
          action,
          who,
          allowed: mayActOnTicket(action, lineaReaders[who], ticket(kind, state)).allowed,
        })),
      ),
    ),
  )
  const allowedOnes = everyQuestion.filter(question => question.allowed)
  test('nobody closes without an answer', () => {
    expect(allowedOnes.filter(({ action, state }) => action === 'close' && unanswered.includes(state))).toEqual([])
  })
  test('what is closed is only looked at', () => {
    expect(allowedOnes.filter(({ action, state }) => state === 'closed' && action !== 'look')).toEqual([])
  })
  test('who is not of the second level or of the directorate at most looks and notes', () => {
    const outside = /operator|switchboard|supervisor|agency|director of|asked before|never asked|headquarters|administrator/
    const acts = allowedOnes.filter(({ who, action }) => outside.test(who) && action !== 'look' && action !== 'note')
    expect(acts).toEqual([])
  })
  test('another region does not see it', () => {
    expect(allowedOnes.filter(({ who }) => who.includes('Lombardia') || who === 'agency without')).toEqual([])
  })
  test('who cannot look can do nothing', () => {
    for (const { kind, state, who, action } of allowedOnes)
      expect(mayActOnTicket('look', lineaReaders[who], ticket(kind, state)).allowed, `${who} may ${action}`).toBe(true)
  })
  test('a citizen and the program itself go other ways', () => {
    expect(mayActOnTicket('look', { kind: 'citizen', channel: 'web' }, ticket('linea', 'pool')).allowed).toBe(false)
    expect(mayActOnTicket('answer', { kind: 'system', name: 'worker' }, ticket('linea', 'claimed')).allowed).toBe(false)
  })
})

describe('where a ticket can go', () => {
  const lineaTicket = ticket('linea', 'claimed')
  const to = (kind: string, path: string) => ({ kind, path, name: path })
  test.each([
    ['cric-section', `${lazio}cric-lazio/cric-lazio-contributori/`, undefined],
    ['cric-section', `${lazio}cric-lazio/cric-lazio-pensioni/`, 'cases.policy.alreadyThere'],
    ['cric-section', `${lombardia}cric-lombardia/cric-lombardia-pensioni/`, 'cases.policy.notToAnotherRegion'],
    ['agency', `${lazio}dp-roma/ag-roma-eur/`, 'cases.policy.notToAgencies'],
    ['central-directorate', 'inps/dc-pensioni/', 'cases.policy.forwardInstead'],
    ['gai', `${lazio}gai-lazio/`, 'cases.policy.itByTypology'],
    ['provincial-directorate', `${lazio}dp-roma/`, 'cases.policy.outsideTheCentre'],
    ['contact-centre', 'inps/ccm/', 'cases.policy.outsideTheCentre'],
    ['anything else', 'inps/x/', 'cases.policy.outsideTheCentre'],
  ])('assigned to %s %s: %s', (kind, path, because) => {
    const verdict = mayAssignTo(to(kind, path), lineaTicket)
    expect(verdict.allowed ? undefined : verdict.code).toBe(because)
  })
  test('an IT matter never moves to a section', () => {
    expect(mayAssignTo(to('cric-section', `${lazio}gai-lazio/x/`), ticket('it', 'claimed')).allowed).toBe(false)
  })
  test('forwarded to central directorates only', () => {
    expect(mayForwardTo(to('central-directorate', 'inps/dc-pensioni/')).allowed).toBe(true)
    for (const kind of ['agency', 'cric-section', 'gai', 'regional-directorate'])
      expect(mayForwardTo(to(kind, 'x/')).allowed).toBe(false)
  })
  test('to an agency only as an appointment, and only to rebuild the paper dossier', () => {
    expect(mayBookFromTicket('paper-dossier').allowed).toBe(true)
    expect(mayBookFromTicket('other').allowed).toBe(false)
  })
  test('handed to colleagues of the same centre only', () => {
    const colleague = (unitPath: string) => mayHandTo({ name: 'x', unitPath }, lineaTicket).allowed
    expect(colleague(`${lazio}cric-lazio/cric-lazio-contributori/`)).toBe(true)
    expect(colleague(`${lombardia}cric-lombardia/cric-lombardia-pensioni/`)).toBe(false)
    expect(colleague(`${lazio}gai-lazio/`)).toBe(false)
    expect(colleague(`${lazio}dp-roma/ag-roma-eur/`)).toBe(false)
  })
  test('sent by the contact centre to sections, and IT matters to IT groups', () => {
    expect(maySendTo(to('cric-section', 'x/'), false).allowed).toBe(true)
    expect(maySendTo(to('cric-section', 'x/'), true).allowed).toBe(false)
    expect(maySendTo(to('gai', 'x/'), true).allowed).toBe(true)
    for (const kind of ['gai', 'agency', 'central-directorate']) expect(maySendTo(to(kind, 'x/'), false).allowed).toBe(false)
  })
})

describe('how a section shares out its tickets', () => {
  const section = { path: staff.paola.unitPath, name: 'Pensioni' }
  const mayShare = Object.values(staff).filter(actor => maySetSharing(actor, section).allowed)
  test('says who coordinates it or its centre, and administrators; nobody else', () => {
    expect(mayShare.map(actor => actor.role)).toEqual(['cric_coordinator', 'administrator', 'administrator'])
    const ofTheSection: PersonActor = { ...staff.coordinator, unitId: staff.paola.unitId, unitPath: staff.paola.unitPath }
    expect(maySetSharing(ofTheSection, section).allowed).toBe(true)
    expect(maySetSharing(ofTheSection, { ...section, path: staff.contributions.unitPath }).allowed).toBe(false)
    expect(maySetSharing({ ...staff.coordinator, unitPath: staff.milan.unitPath }, section).allowed).toBe(false)
  })
  test.each(languages)('is refused with its reason in %s', language => {
    const verdict = maySetSharing(staff.paola, section)
    expect(verdict.allowed ? '' : sentence(language, verdict.code, verdict.values)).toContain('Pensioni')
  })
})

describe('the first level', () => {
  test('only the contact centre records conversations', () => {
    const allowed = (Object.keys(lineaReaders) as Reader[]).filter(who => mayInteract(lineaReaders[who]).allowed)
    expect(allowed).toEqual(['operator', 'switchboard', 'supervisor'])
  })
  test('each operator writes his own, while it is open', () => {
    const { operator, supervisor } = lineaReaders
    const own = { operatorId: operator.personId, operatorName: 'x', open: true }
    expect(mayWriteInteraction(operator, own).allowed).toBe(true)
    expect(mayWriteInteraction(supervisor, own).allowed).toBe(false)
    expect(mayWriteInteraction(operator, { ...own, open: false }).allowed).toBe(false)
  })
})

describe('the table', () => {
  const questions = actions.flatMap(action =>
    ticketStates.flatMap(state => kinds.flatMap(kind => standings.map(standing => ({ action, state, kind, standing })))),
  )
  test('has a row for every question', () => {
    const unanswered = questions.filter(({ action, state, kind, standing }) => !decidingRow(action, state, kind, standing))
    expect(unanswered).toEqual([])
  })
  test('has no row that never decides', () => {
    const deciding = new Set(questions.map(({ action, state, kind, standing }) => decidingRow(action, state, kind, standing)))
    expect(table.filter(row => !deciding.has(row))).toEqual([])
  })
  test.each(languages)('says every refusal in %s', language => {
    for (const { because } of table)
      if (because) expect(sentence(language, `cases.policy.${because}`)).not.toBe(`cases.policy.${because}`)
  })
})
