/**
 * Who may do what with a ticket of the second level, as one table. Pure.
 *
 * The founding rules (circular, §4): the regional centre takes the question in charge and closes it itself, as a working group, without
 * handing it to production units. Only what needs the paper dossier rebuilt goes to an agency, and only as an appointment. What is
 * exceptionally complex goes to the competent central directorate, whose answer comes back to the centre. IT matters are the regional
 * IT group's. Nothing else exists.
 *
 * `table` is read from the top; the first row that fits decides. Rows that refuse name the sentence that is shown, so that an action
 * that is not allowed can stay on the screen and say why. The diagram in docs/policy.md is drawn from the same table. An institute may
 * decide single questions otherwise, within what `rules/invariants.ts` keeps: these come first.
 */
import { can, centreOf, reachOf } from '../identity/capabilities.ts'
import { type Actor, allowed, type PersonActor, refused, type Verdict } from '../platform/index.ts'
import { callConnected, callEnded, callTransferred } from '../telephony/events.ts'
import type { AppointmentReason, TicketAction, TicketKind, TicketState } from './model.ts'
import { type TicketRules, TicketStanding } from './rules/model.ts'

export const standings = TicketStanding.options

/** In words, for the documentation. */
export const standingNames: Readonly<Record<TicketStanding, string>> = {
  holder: 'member who has taken it in charge',
  coordinator: 'coordinator of its section or centre',
  member: 'member of its section or IT group',
  'same-centre': 'member of another section of the same centre',
  directorate: 'member of the central directorate that was asked',
  'contact-centre': 'contact centre',
  agency: 'agency with an appointment about it',
  onlooker: 'regional director of the territory; central directorate that was asked before',
  headquarters: 'headquarters',
  'other-centre': 'regional centre or IT group of elsewhere',
  outsider: 'everybody else',
}

export const ticketStates = ['pool', 'claimed', 'forwarded', 'returned', 'answered', 'closed'] as const satisfies TicketState[]

/** What the policy has to know of a ticket. */
export interface TicketFacts {
  kind: TicketKind
  state: TicketState
  unitPath: string
  unitName: string
  centreName: string
  directoratePath: string | null
  directorateName: string | null
  claimedBy: string | null
  claimedByName: string | null
  /** Paths of all units that the case has passed through. */
  passedThrough: readonly string[]
  /** What the institute has decided otherwise than the table. */
  rules: TicketRules
}

/** What a person is to a ticket. */
export function ticketStandingOf(actor: PersonActor, ticket: TicketFacts): TicketStanding {
  const { unitPath } = actor
  const passed = ticket.passedThrough.some(path => path.startsWith(unitPath))
  if (can(actor, 'tickets.work')) {
    if (centreOf(unitPath) !== centreOf(ticket.unitPath)) return 'other-centre'
    if (ticket.claimedBy === actor.personId) return 'holder'
    if (!ticket.unitPath.startsWith(unitPath)) return 'same-centre'
    return can(actor, 'tickets.coordinate') ? 'coordinator' : 'member'
  }
  if (ticket.directoratePath !== null && can(actor, 'tickets.advise', ticket.directoratePath)) return 'directorate'
  if (can(actor, 'calls.answer')) return 'contact-centre'
  if (can(actor, 'appointments.handle')) return passed ? 'agency' : 'outsider'
  const sees = reachOf(actor, 'matters.see')
  if (sees === 'all') return 'headquarters'
  return sees !== undefined && passed ? 'onlooker' : 'outsider'
}

export interface PolicyRow {
  actions: readonly TicketAction[] | 'any'
  states: readonly TicketState[] | 'any'
  who: readonly TicketStanding[] | 'any'
  kind?: TicketKind
  /** Missing: allowed. */
  because?: string
}

const everyAction = 'any'
const open: readonly TicketState[] = ['pool', 'claimed', 'forwarded', 'returned', 'answered']
const inHand: readonly TicketState[] = ['claimed', 'returned']
const centre: readonly TicketStanding[] = ['holder', 'coordinator', 'member', 'same-centre']

export const table: readonly PolicyRow[] = [
  // Looking. Whoever may not look is told nothing, not even that the ticket exists.
  { actions: everyAction, states: 'any', who: ['other-centre'], because: 'otherRegion' },
  { actions: everyAction, states: 'any', who: ['outsider'], because: 'notYours' },
  { actions: ['look'], states: 'any', who: 'any' },

  // What is closed stays as it is.
  { actions: everyAction, states: ['closed'], who: 'any', because: 'ticketClosed' },

  // Noting: everybody who works on the matter, while it is open.
  { actions: ['note'], states: open, who: [...centre, 'contact-centre'] },
  { actions: ['note'], states: ['forwarded', 'returned'], who: ['directorate'] },
  { actions: ['note'], states: 'any', who: 'any', because: 'onlyLook' },

  // The central directorate answers the centre, and the centre answers the citizen.
  { actions: ['return'], states: ['forwarded'], who: ['directorate'] },
  { actions: ['return'], states: 'any', who: ['directorate'], because: 'notForwarded' },
  { actions: ['return'], states: 'any', who: 'any', because: 'onlyDirectorateReturns' },
  { actions: everyAction, states: 'any', who: ['directorate'], because: 'directorateAnswersCentre' },

  // Everything else is the regional centre's own.
  {
    actions: everyAction,
    states: 'any',
    who: ['contact-centre', 'agency', 'onlooker', 'headquarters'],
    because: 'onlyTheCentre',
  },
  { actions: everyAction, states: 'any', who: ['same-centre'], because: 'otherSection' },

  // A colleague can be asked while somebody has it, also while the central directorate is asked.
  { actions: ['ask-colleague'], states: ['claimed', 'forwarded', 'returned'], who: ['holder', 'coordinator'] },
  { actions: everyAction, states: ['forwarded'], who: 'any', because: 'withDirectorate' },

  // An answer that is on its way closes its ticket by itself when it has left; before, nobody closes it (`mayCloseWith`).
  { actions: ['close'], states: ['answered'], who: ['holder', 'coordinator'] },
  { actions: everyAction, states: ['answered'], who: 'any', because: 'answerOnItsWay' },
  { actions: ['close'], states: 'any', who: 'any', because: 'closeWithoutAnswer' },

  // The pool and the colleagues.
  { actions: ['claim'], states: ['pool'], who: ['coordinator', 'member'] },
  { actions: ['claim'], states: inHand, who: ['holder'], because: 'alreadyYours' },
  { actions: ['claim'], states: inHand, who: 'any', because: 'takenBy' },
  { actions: ['take-over'], states: inHand, who: ['holder'], because: 'alreadyYours' },
  { actions: ['take-over'], states: inHand, who: ['coordinator'] },
  { actions: ['take-over'], states: inHand, who: 'any', because: 'onlyCoordinatorTakesOver' },
  { actions: ['take-over'], states: ['pool'], who: 'any', because: 'claimIt' },
  { actions: ['release'], states: inHand, who: ['holder', 'coordinator'] },
  { actions: ['release'], states: ['pool'], who: 'any', because: 'inPool' },
  { actions: ['hand-over'], states: inHand, who: ['holder', 'coordinator'] },
  { actions: ['hand-over', 'assign', 'prioritise'], states: ['pool'], who: ['coordinator'] },

  // Only who has taken a ticket in charge brings it on.
  { actions: everyAction, states: ['pool'], who: 'any', because: 'claimFirst' },
  { actions: ['forward', 'appointment'], states: inHand, who: ['holder'], kind: 'it', because: 'itStaysWithGroup' },
  {
    actions: ['answer', 'ask-citizen', 'forward', 'appointment', 'assign', 'prioritise', 'send-back'],
    states: inHand,
    who: ['holder'],
  },
  { actions: ['assign', 'prioritise'], states: inHand, who: ['coordinator'] },
  { actions: everyAction, states: inHand, who: 'any', because: 'heldBy' },
]

/** The row that decides. The table has one for every question; a test asks them all. */
export function decidingRow(
  action: TicketAction,
  state: TicketState,
  kind: TicketKind,
  standing: TicketStanding,
): PolicyRow | undefined {
  return table.find(
    row =>
      (row.actions === 'any' || row.actions.includes(action)) &&
      (row.states === 'any' || row.states.includes(state)) &&
      (row.who === 'any' || row.who.includes(standing)) &&
      (row.kind === undefined || row.kind === kind),
  )
}

/** Whether the actor may do something with a ticket. */
export function mayActOnTicket(action: TicketAction, actor: Actor, ticket: TicketFacts): Verdict {
  if (actor.kind !== 'person') return refused('cases.policy.notYours')
  const standing = ticketStandingOf(actor, ticket)
  const decided = decidedByInstitute(action, ticket, standing)
  // Who coordinates and holds a ticket has lost nothing by taking it: what the institute keeps from holders, a coordinator may still.
  const asCoordinator =
    decided === false && standing === 'holder' && can(actor, 'tickets.coordinate')
      ? decidingRow(action, ticket.state, ticket.kind, 'coordinator')?.because === undefined &&
        decidedByInstitute(action, ticket, 'coordinator') !== false
      : false
  if (decided === true || asCoordinator) return allowed
  if (decided === false) return refused('cases.policy.notByRules', { version: ticket.rules.version })
  const row = decidingRow(action, ticket.state, ticket.kind, standing)
  if (row && row.because === undefined) return allowed
  return refused(`cases.policy.${row?.because ?? 'notYours'}`, {
    holder: ticket.claimedByName ?? '',
    unit: ticket.unitName,
    centre: ticket.centreName,
    directorate: ticket.directorateName ?? '',
  })
}

/** What the institute has decided of a question; undefined: nothing. An IT matter never leaves its group, whatever is decided of others. */
function decidedByInstitute(
  action: TicketAction,
  { kind, state, rules }: Pick<TicketFacts, 'kind' | 'state' | 'rules'>,
  standing: TicketStanding,
): boolean | undefined {
  if (kind === 'it' && (action === 'forward' || action === 'appointment')) return undefined
  return rules.changes.find(each => each.action === action && each.state === state && each.standing === standing)?.allowed
}

/**
 * Whether somebody may write an answer down before it is given: whoever may give it, or could after taking the ticket. For all others it is
 * refused as the answer would be.
 */
export function mayDraft(actor: Actor, ticket: TicketFacts): Verdict {
  if (mayActOnTicket('return', actor, ticket).allowed || mayActOnTicket('claim', actor, ticket).allowed) return allowed
  return mayActOnTicket('answer', actor, ticket)
}

// --- conditions beside the table ------------------------------------------------------------------------------------

/** A ticket that has been answered closes when the answer has left, and no earlier: what waits may still fail, unseen. */
export const mayCloseWith = ({ answerLeft }: { answerLeft: boolean }): Verdict =>
  answerLeft ? allowed : refused('cases.policy.answerNotLeft')

/** Only one reason leads from a ticket to an agency (circular, §4). */
export const mayBookFromTicket = (reason: AppointmentReason): Verdict =>
  reason === 'paper-dossier' ? allowed : refused('cases.policy.appointmentOnlyForDossier')

/** A unit that somebody wants to assign, hand or forward a ticket to. `kind` is the organisation's. */
export interface TargetUnit {
  kind: string
  path: string
  name: string
}

/** A ticket moves between the sections of its centre and nowhere else. */
export function mayAssignTo(target: TargetUnit, ticket: Pick<TicketFacts, 'unitPath' | 'centreName' | 'kind'>): Verdict {
  const values = { target: target.name, centre: ticket.centreName }
  if (target.path === ticket.unitPath) return refused('cases.policy.alreadyThere', values)
  switch (target.kind) {
    case 'cric-section':
      if (centreOf(target.path) !== centreOf(ticket.unitPath)) return refused('cases.policy.notToAnotherRegion', values)
      return ticket.kind === 'it' ? refused('cases.policy.itStaysWithGroup', values) : allowed
    case 'agency':
      return refused('cases.policy.notToAgencies', values)
    case 'central-directorate':
      return refused('cases.policy.forwardInstead', values)
    case 'gai':
      return refused('cases.policy.itByTypology', values)
    default:
      return refused('cases.policy.outsideTheCentre', values)
  }
}

/** Questions of exceptional complexity go to a central directorate, by competence. */
export const mayForwardTo = (target: TargetUnit): Verdict =>
  target.kind === 'central-directorate' ? allowed : refused('cases.policy.onlyToDirectorates', { target: target.name })

/** A colleague takes over who works in the same centre. */
export const mayHandTo = (
  colleague: { name: string; unitPath: string },
  ticket: Pick<TicketFacts, 'unitPath' | 'centreName'>,
): Verdict =>
  centreOf(colleague.unitPath) === centreOf(ticket.unitPath)
    ? allowed
    : refused('cases.policy.notAColleague', { colleague: colleague.name, centre: ticket.centreName })

// --- the first level ------------------------------------------------------------------------------------------------

/** Interactions are recorded by those who speak with citizens. */
export function mayInteract(actor: Actor): Verdict {
  if (actor.kind !== 'person') return refused('cases.policy.notYours')
  return can(actor, 'calls.answer') ? allowed : refused('cases.policy.onlyTheContactCentre')
}

/** Figures of how cases went are for those who answer for the contact centre. */
export const mayWatchResults = (actor: Actor): Verdict =>
  actor.kind === 'person' && can(actor, 'figures.watch') ? allowed : refused('monitoring.onlySupervisors')

/** Whoever helps citizens on some channel may go on with a case. */
export const mayFollowCase = (actor: Actor): Verdict =>
  actor.kind === 'person' && can(actor, 'mails.work') ? allowed : refused('cases.policy.notYours')

/** Whoever helps citizens on some channel says which cases belong together, and undoes it. Both cases must be theirs to see. */
export const mayLinkCases = (actor: Actor): Verdict =>
  actor.kind === 'person' && can(actor, 'mails.work') ? allowed : refused('cases.link.notYourTask')

/** A call is recorded by whoever was connected last. `agents` are the operators in the order in which they were connected. */
export function mayRecordCall(actor: Actor, { agents }: { agents: readonly string[] }): Verdict {
  if (actor.kind !== 'person' || !agents.includes(actor.personId)) return refused('cases.callNotYours')
  return agents.at(-1) === actor.personId ? allowed : refused('cases.callPassedOn')
}

/** Whether somebody may ask where a call came from: who had it, or has it. */
export const hadCall = (actor: Actor, { agents }: { agents: readonly string[] }): boolean =>
  actor.kind === 'person' && agents.includes(actor.personId)

/** The entries of a call that tell which way it went between operators. */
export const callSteps = [callConnected, callTransferred, callEnded] as const
export type CallStepType = (typeof callSteps)[number]['type']

/**
 * Whether a call went on from somebody to a colleague, and to which section it was handed. Undefined where it did not: somebody who handed it on
 * and whose colleague never answered still has to write it down once the caller has hung up.
 */
export function handedOn(
  personId: string,
  steps: readonly {
    type: CallStepType
    agent: string | null
    sectionId: string | null
  }[],
): { sectionId: string | null; taken: boolean } | undefined {
  const conversations = steps.filter(step => step.type === callConnected.type)
  if (!conversations.some(step => step.agent === personId)) return undefined
  const last = conversations.at(-1)
  const sectionId = steps.findLast(step => step.type === callTransferred.type && step.agent === personId)?.sectionId ?? null
  if (last?.agent !== personId) return { sectionId, taken: true }
  const since = steps.slice(steps.indexOf(last) + 1).map(step => step.type)
  return since.includes(callTransferred.type) && !since.includes(callEnded.type) ? { sectionId, taken: false } : undefined
}

/** An interaction is written by the operator who has the conversation. */
export const mayWriteInteraction = (
  actor: Actor,
  interaction: { operatorId: string | null; operatorName: string | null; open: boolean },
): Verdict => {
  if (actor.kind !== 'person' || actor.personId !== interaction.operatorId)
    return interaction.operatorId === null
      ? refused('cases.policy.mailNotTaken')
      : refused('cases.policy.anotherOperator', { operator: interaction.operatorName })
  return interaction.open ? allowed : refused('cases.policy.interactionClosed')
}

/** Where a Linea ticket may be sent: a section of a regional centre; an IT group exactly for IT matters. */
export function maySendTo(target: TargetUnit, itMatter: boolean): Verdict {
  if (itMatter) return target.kind === 'gai' ? allowed : refused('cases.policy.itMatter', { target: target.name })
  return target.kind === 'cric-section' ? allowed : refused('cases.policy.lineaToCentresOnly', { target: target.name })
}

// --- how a section works --------------------------------------------------------------------------------------------

/** Whether a section's tickets are offered to its members or chosen by them, says who coordinates it, and administrators. */
export function maySetSharing(actor: Actor, section: Pick<TargetUnit, 'path' | 'name'>): Verdict {
  if (actor.kind === 'system') return allowed
  if (actor.kind !== 'person') return refused('cases.policy.notYours')
  return can(actor, 'sharing.set', section.path)
    ? allowed
    : refused('cases.policy.onlyCoordinatorShares', { section: section.name })
}
