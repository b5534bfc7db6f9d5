/** What an institute has changed in the table of who may do what with a ticket, version by version. */
import { z } from 'zod'
import { Instant, Text } from '../../platform/index.ts'
import { TicketAction, TicketState } from '../model.ts'

export const TicketStanding = z
  .enum([
    'holder',
    'coordinator',
    'member',
    'same-centre',
    'directorate',
    'contact-centre',
    'agency',
    'onlooker',
    'headquarters',
    'other-centre',
    'outsider',
  ])
  .describe('what somebody is to a ticket: from role, kind of unit and territory')
export type TicketStanding = z.infer<typeof TicketStanding>

/** One question of the table: may somebody with this standing do this while the ticket is in this state? */
export const RuleCell = z
  .object({ action: TicketAction, state: TicketState, standing: TicketStanding })
  .meta({ id: 'TicketRuleCell' })
export type RuleCell = z.infer<typeof RuleCell>

export const RuleChange = RuleCell.extend({ allowed: z.boolean() }).meta({ id: 'TicketRuleChange' })
export type RuleChange = z.infer<typeof RuleChange>

/** The rules that hold: what differs from the founding table. Version 0 changes nothing. */
export interface TicketRules {
  version: number
  changes: readonly RuleChange[]
}

export const Invariant = z
  .enum([
    'rightsSayWhoLooks',
    'territory',
    'closedStays',
    'noDelegation',
    'directorateAnswersCentre',
    'noClosingWithoutAnswer',
    'alwaysAnOwner',
    'holderAnswers',
    'absentHolderIsReplaced',
    'answeredIsClosed',
    'noSuchWay',
  ])
  .describe('what no institute can switch off')
export type Invariant = z.infer<typeof Invariant>

export const RuleViolation = z
  .object({ invariant: Invariant, cells: z.array(RuleCell), sentence: z.string() })
  .meta({ id: 'TicketRuleViolation' })
export type RuleViolation = z.infer<typeof RuleViolation>

export const RuleLine = RuleCell.extend({
  founding: z.boolean().describe('what the founding table says'),
  allowed: z.boolean().describe('what holds now'),
  fixed: Invariant.nullable().describe('why it cannot be changed'),
}).meta({ id: 'TicketRule' })
export type RuleLine = z.infer<typeof RuleLine>

export const TicketRulesView = z
  .object({
    version: z.number().int().describe('0: the founding table, which nobody has changed'),
    changes: z.array(RuleChange),
    rules: z.array(RuleLine).describe('every question of the table that makes sense'),
    invariants: z.record(Invariant, z.string()).describe('what cannot be switched off, in words'),
  })
  .meta({ id: 'TicketRules' })
export type TicketRulesView = z.infer<typeof TicketRulesView>

const maxChanges = 400
const changes = z.array(RuleChange).max(maxChanges).describe('all that is to differ from the founding table')

export const ProposedRules = z.object({ changes }).meta({ id: 'ProposedTicketRules' })
export type ProposedRules = z.infer<typeof ProposedRules>

export const NewRules = ProposedRules.extend({
  reason: Text.pipe(z.string().min(1).max(1_000)).describe('why; it stands with the version'),
}).meta({ id: 'NewTicketRules' })
export type NewRules = z.infer<typeof NewRules>

export const RulesEffect = z
  .object({
    gained: z.array(RuleCell).describe('what becomes allowed'),
    lost: z.array(RuleCell).describe('what is not allowed any more'),
    tickets: z
      .array(z.object({ state: TicketState, count: z.number().int() }))
      .describe('how many tickets are in the states concerned now'),
    violations: z.array(RuleViolation).describe('invariants that the rules would break; such rules are refused'),
  })
  .meta({ id: 'TicketRulesEffect' })
export type RulesEffect = z.infer<typeof RulesEffect>

export const RulesVersion = z
  .object({
    version: z.number().int(),
    changes: z.array(RuleChange),
    reason: z.string(),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'TicketRulesVersion' })
export type RulesVersion = z.infer<typeof RulesVersion>
