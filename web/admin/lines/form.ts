/** The rules of a line as the fields of a form show them, and back. Pure. */
import type { SectionLine, SetSectionLine } from '../../../src/telephony/callbacks/model.ts'

export const limits = ['full', 'too-long', 'nobody', 'closed'] as const
export type Limit = (typeof limits)[number]
export type Rule = 'wait' | 'callback' | 'dismiss' | 'move' | 'divert'

export interface RuleFields {
  rule: Rule
  /** The message, the section or the number of the rule. */
  detail: string
}

/** What stands in the fields: empty means that there is no such limit. */
export interface LineFields {
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

const minute = 60_000
const minutesOf = (ms: number | null): string => (ms === null ? '' : String(Math.round(ms / minute)))
const wall = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

type Overflow = NonNullable<NonNullable<SetSectionLine['routing']['overflow']>['full']> | null

function fieldsOfRule(rule: Overflow | undefined): RuleFields {
  if (!rule) return { rule: 'wait', detail: '' }
  if (rule.do === 'move') return { rule: 'move', detail: rule.section }
  if (rule.do === 'dismiss') return { rule: 'dismiss', detail: rule.message }
  return rule.do === 'divert' ? { rule: 'divert', detail: rule.to } : { rule: 'callback', detail: '' }
}

export function fieldsOf({ routing, holds }: SectionLine): LineFields {
  const { callbacks } = holds
  const rule = (limit: Limit) => fieldsOfRule(routing.overflow?.[limit])
  return {
    maxWaiting: holds.limits.maxWaiting === null ? '' : String(holds.limits.maxWaiting),
    maxWaitMinutes: minutesOf(holds.limits.maxWaitMs),
    rules: { full: rule('full'), 'too-long': rule('too-long'), nobody: rule('nobody'), closed: rule('closed') },
    offerAboveMinutes: minutesOf(callbacks.offerAboveMs),
    key: callbacks.key ?? '',
    dismisses: callbacks.otherwise.do === 'dismiss',
    message: callbacks.otherwise.do === 'dismiss' ? callbacks.otherwise.message : '',
    attempts: String(callbacks.maxAttempts),
    retryMinutes: minutesOf(callbacks.retryMs),
    days: String(callbacks.days),
    weekdays: callbacks.hours.days.join(''),
    from: wall(callbacks.hours.from),
    to: wall(callbacks.hours.to),
  }
}

/** A whole number, or null for an empty field. @throws nothing: what is no number is left for the server to refuse */
const whole = (text: string): number | null => (text.trim() === '' ? null : Number(text))
const inMs = (text: string): number | null => {
  const minutes = whole(text)
  return minutes === null ? null : minutes * minute
}
const wallMinutes = (text: string): number => {
  const [hours = '', minutes = '0'] = text.trim().split(/[:.]/)
  return Number(hours) * 60 + Number(minutes)
}

function ruleOf({ rule, detail }: RuleFields): Overflow {
  if (rule === 'callback') return { do: 'callback' }
  if (rule === 'dismiss') return { do: 'dismiss', message: detail }
  if (rule === 'move') return { do: 'move', section: detail }
  return rule === 'divert' ? { do: 'divert', to: detail.replaceAll(/[^\d+]/g, '') } : null
}

export function lineOf(line: SectionLine, fields: LineFields): SetSectionLine {
  const { rules } = fields
  const { callbacks } = line.holds
  return {
    routing: {
      ...line.routing,
      limits: { maxWaiting: whole(fields.maxWaiting), maxWaitMs: inMs(fields.maxWaitMinutes) },
      overflow: {
        full: ruleOf(rules.full),
        'too-long': ruleOf(rules['too-long']),
        nobody: ruleOf(rules.nobody),
        closed: ruleOf(rules.closed),
      },
    },
    callbacks: {
      ...callbacks,
      offerAboveMs: inMs(fields.offerAboveMinutes),
      key: fields.key.trim() === '' ? null : fields.key.trim(),
      otherwise: fields.dismisses ? { do: 'dismiss', message: fields.message } : { do: 'wait' },
      maxAttempts: whole(fields.attempts) ?? 0,
      retryMs: inMs(fields.retryMinutes) ?? 0,
      days: whole(fields.days) ?? 0,
      hours: {
        ...callbacks.hours,
        days: [...fields.weekdays].map(Number),
        from: wallMinutes(fields.from),
        to: wallMinutes(fields.to),
      },
    },
  }
}
