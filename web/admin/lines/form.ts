/** The rules of a line as the fields of a form show them, and back. Pure. */

import type { SectionRules, SetSectionRules } from '../../../src/distribution/sections/model.ts'
import { numberFrom } from '../../shared/numbers.ts'

export const limits = ['full', 'too-long', 'nobody', 'closed'] as const
export type Limit = (typeof limits)[number]
export type Rule = 'wait' | 'callback' | 'dismiss' | 'move' | 'divert'

export const agentChoices = ['longest-idle', 'best-level'] as const
export type Choice = (typeof agentChoices)[number]

export interface RuleFields {
  rule: Rule
  /** The message, the section or the number of the rule. */
  detail: string
}

/** A section that helps out, and the minutes of wait after which it does. */
export interface HelperFields {
  section: string
  afterMinutes: string
}

/** What stands in the fields: empty means that there is no such limit. */
export interface LineFields {
  wrapUpSeconds: string
  offerSeconds: string
  choice: Choice
  priority: string
  helpers: readonly HelperFields[]
  /** How long who knows the matter is waited for. */
  knownCallSeconds: string
  knownMailMinutes: string
  maxWaiting: string
  maxWaitMinutes: string
  rules: Record<Limit, RuleFields>
  offerAboveMinutes: string
  key: string
  dismisses: boolean
  message: string
  attempts: string
  retryMinutes: string
  days: string
  weekdays: string
  from: string
  to: string
}

const second = 1_000
const minute = 60 * second
const secondsOf = (ms: number, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1, useGrouping: false }).format(ms / second)
const minutesOf = (ms: number | null, language: string): string =>
  ms === null ? '' : new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: false }).format(ms / minute)
const wall = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

type Overflow = NonNullable<NonNullable<SetSectionRules['routing']['overflow']>['full']> | null

function fieldsOfRule(rule: Overflow | undefined): RuleFields {
  if (!rule) return { rule: 'wait', detail: '' }
  if (rule.do === 'move') return { rule: 'move', detail: rule.section }
  if (rule.do === 'dismiss') return { rule: 'dismiss', detail: rule.message }
  return rule.do === 'divert' ? { rule: 'divert', detail: rule.to } : { rule: 'callback', detail: '' }
}

/** @param language of the reader, for decimals */
export function fieldsOf({ routing, holds }: SectionRules, language = 'it'): LineFields {
  const { callbacks } = holds
  const rule = (limit: Limit) => fieldsOfRule(routing.overflow?.[limit])
  return {
    wrapUpSeconds: secondsOf(holds.wrapUpMs, language),
    offerSeconds: secondsOf(holds.offerTimeoutMs, language),
    choice: holds.choice,
    priority: String(holds.priority),
    helpers: holds.helpers.map(({ section, afterMs }) => ({ section, afterMinutes: minutesOf(afterMs, language) })),
    knownCallSeconds: secondsOf(holds.continuity.callMs, language),
    knownMailMinutes: minutesOf(holds.continuity.writtenMs, language),
    maxWaiting: holds.limits.maxWaiting === null ? '' : String(holds.limits.maxWaiting),
    maxWaitMinutes: minutesOf(holds.limits.maxWaitMs, language),
    rules: { full: rule('full'), 'too-long': rule('too-long'), nobody: rule('nobody'), closed: rule('closed') },
    offerAboveMinutes: minutesOf(callbacks.offerAboveMs, language),
    key: callbacks.key ?? '',
    dismisses: callbacks.otherwise.do === 'dismiss',
    message: callbacks.otherwise.do === 'dismiss' ? callbacks.otherwise.message : '',
    attempts: String(callbacks.maxAttempts),
    retryMinutes: minutesOf(callbacks.retryMs, language),
    days: String(callbacks.days),
    weekdays: callbacks.hours.days.join(''),
    from: wall(callbacks.hours.from),
    to: wall(callbacks.hours.to),
  }
}

export type Wrong = 'notANumber' | 'notWhole' | 'notATime'
export type LineProblems = Partial<Record<keyof LineFields, Wrong>>

/** Where the server says what it does not take, by field. */
export const sentAs: Partial<Record<keyof LineFields, string>> = {
  wrapUpSeconds: 'routing.wrapUpMs',
  offerSeconds: 'routing.offerTimeoutMs',
  priority: 'routing.priority',
  helpers: 'routing.helpers',
  knownCallSeconds: 'routing.continuity.callMs',
  knownMailMinutes: 'routing.continuity.writtenMs',
  maxWaiting: 'routing.limits.maxWaiting',
  maxWaitMinutes: 'routing.limits.maxWaitMs',
  offerAboveMinutes: 'callbacks.offerAboveMs',
  key: 'callbacks.key',
  attempts: 'callbacks.maxAttempts',
  retryMinutes: 'callbacks.retryMs',
  days: 'callbacks.days',
  from: 'callbacks.hours.from',
  to: 'callbacks.hours.to',
}

const isEmpty = (text: string): boolean => text.trim() === ''
const wrongNumber = (text: string): Wrong | undefined => (numberFrom(text) === undefined ? 'notANumber' : undefined)
const wrongWhole = (text: string): Wrong | undefined =>
  wrongNumber(text) ?? (Number.isInteger(numberFrom(text)) ? undefined : 'notWhole')
const wrongTime = (text: string): Wrong | undefined => (wallMinutes(text) === undefined ? 'notATime' : undefined)

/** What cannot be sent, by field. Which numbers are too great or too small is known to the server. */
export function problemsOf(fields: LineFields): LineProblems {
  const wrong = {
    wrapUpSeconds: wrongNumber(fields.wrapUpSeconds),
    offerSeconds: wrongNumber(fields.offerSeconds),
    priority: wrongWhole(fields.priority),
    helpers: fields.helpers.map(({ afterMinutes }) => wrongNumber(afterMinutes)).find(problem => problem !== undefined),
    knownCallSeconds: wrongNumber(fields.knownCallSeconds),
    knownMailMinutes: wrongNumber(fields.knownMailMinutes),
    maxWaiting: isEmpty(fields.maxWaiting) ? undefined : wrongWhole(fields.maxWaiting),
    maxWaitMinutes: isEmpty(fields.maxWaitMinutes) ? undefined : wrongNumber(fields.maxWaitMinutes),
    offerAboveMinutes: isEmpty(fields.offerAboveMinutes) ? undefined : wrongNumber(fields.offerAboveMinutes),
    attempts: wrongWhole(fields.attempts),
    retryMinutes: wrongNumber(fields.retryMinutes),
    days: wrongWhole(fields.days),
    from: wrongTime(fields.from),
    to: wrongTime(fields.to),
  }
  return Object.fromEntries(Object.entries(wrong).filter(([, problem]) => problem !== undefined))
}

/** What a field says that has been looked at. @throws Error when it was not: nothing is sent in its place */
function mustBe<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a field that is no number or no time is to be sent')
  return value
}

const numberOf = (text: string): number => mustBe(numberFrom(text))
const msOf = (text: string): number => Math.round(numberOf(text) * minute)
const unlessEmpty = (text: string, read: (text: string) => number): number | null => (isEmpty(text) ? null : read(text))

/** Minutes since midnight of a time such as 8.30 or 20:00; undefined when it is none. */
function wallMinutes(text: string): number | undefined {
  const [, hours, minutes = '0'] = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim()) ?? []
  const since = Number(hours) * 60 + Number(minutes)
  return hours !== undefined && Number(minutes) < 60 && since <= 24 * 60 ? since : undefined
}

function ruleOf({ rule, detail }: RuleFields): Overflow {
  if (rule === 'callback') return { do: 'callback' }
  if (rule === 'dismiss') return { do: 'dismiss', message: detail }
  if (rule === 'move') return { do: 'move', section: detail }
  return rule === 'divert' ? { do: 'divert', to: detail.replaceAll(/[^\d+]/g, '') } : null
}

/** What a section says itself about its operators: what is as it was held before is not said. */
function toAgents({ holds }: SectionRules, fields: LineFields): SetSectionRules['routing'] {
  const wrapUpMs = Math.round(numberOf(fields.wrapUpSeconds) * second)
  const offerTimeoutMs = Math.round(numberOf(fields.offerSeconds) * second)
  const priority = numberOf(fields.priority)
  const helpers = fields.helpers
    .filter(({ section }) => section !== '')
    .map(each => ({ section: each.section, afterMs: msOf(each.afterMinutes) }))
  const continuity = {
    callMs: Math.round(numberOf(fields.knownCallSeconds) * second),
    writtenMs: msOf(fields.knownMailMinutes),
  }
  return {
    ...(wrapUpMs === holds.wrapUpMs ? {} : { wrapUpMs }),
    ...(offerTimeoutMs === holds.offerTimeoutMs ? {} : { offerTimeoutMs }),
    ...(fields.choice === holds.choice ? {} : { choice: fields.choice }),
    ...(priority === holds.priority ? {} : { priority }),
    ...(JSON.stringify(continuity) === JSON.stringify(holds.continuity) ? {} : { continuity }),
    ...(JSON.stringify(helpers) === JSON.stringify(holds.helpers) ? {} : { helpers }),
  }
}

/** The line as it is sent. @throws Error when `problemsOf` has something to say */
export function lineOf(line: SectionRules, fields: LineFields): SetSectionRules {
  const { rules } = fields
  const { callbacks } = line.holds
  return {
    routing: {
      ...line.routing,
      ...toAgents(line, fields),
      limits: { maxWaiting: unlessEmpty(fields.maxWaiting, numberOf), maxWaitMs: unlessEmpty(fields.maxWaitMinutes, msOf) },
      overflow: {
        full: ruleOf(rules.full),
        'too-long': ruleOf(rules['too-long']),
        nobody: ruleOf(rules.nobody),
        closed: ruleOf(rules.closed),
      },
    },
    callbacks: {
      ...callbacks,
      offerAboveMs: unlessEmpty(fields.offerAboveMinutes, msOf),
      key: fields.key.trim() === '' ? null : fields.key.trim(),
      otherwise: fields.dismisses ? { do: 'dismiss', message: fields.message } : { do: 'wait' },
      maxAttempts: numberOf(fields.attempts),
      retryMs: msOf(fields.retryMinutes),
      days: numberOf(fields.days),
      hours: {
        ...callbacks.hours,
        days: [...fields.weekdays].map(Number),
        from: mustBe(wallMinutes(fields.from)),
        to: mustBe(wallMinutes(fields.to)),
      },
    },
  }
}
