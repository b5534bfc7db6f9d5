/**
 * What each entry of a visit does, as one table: from which states, to which one, and what becomes of the number of calls, of the place and of the
 * wait. The state of a visit is nothing but its entries, one after the other (`stateAfter`): rows are written with it, and a rebuild is the same. Pure.
 *
 *   calls   +1 counts a call, −1 takes the last one back, 0 begins anew
 *   place   `keeps` the instant by which to be called; `new` is given one by the entry; `paused` keeps it, and is not called before the pause is over
 *   wait    `ends` with the first call; `goes on` as if the call had not been; `untouched` is neither counted anew nor longer
 */
import type { CallReason, PriorityReason, VisitClass, VisitState } from './model.ts'

export const visitEntryKinds = [
  'arrived',
  'changed',
  'called',
  'called-again',
  'set-back',
  'missed',
  'returned',
  'misclicked',
  'came',
  'parked',
  'transferred',
  'taken-back',
  'left',
  'closed',
  'unserved',
] as const
export type VisitEntryKind = (typeof visitEntryKinds)[number]

export interface EntryEffect {
  readonly from: readonly VisitState[]
  readonly to: VisitState | 'same' | 'before'
  readonly calls: '+1' | '-1' | '0' | 'keeps'
  readonly place: 'keeps' | 'new' | 'paused'
  readonly wait: 'begins' | 'ends' | 'goes on' | 'untouched'
}

const untouched = { calls: 'keeps', place: 'keeps', wait: 'untouched' } as const

export const effects: Readonly<Record<VisitEntryKind, EntryEffect>> = {
  arrived: { from: [], to: 'waiting', calls: '0', place: 'new', wait: 'begins' },
  // Another service or a priority gives another instant; the arrival stays the same.
  changed: {
    from: ['waiting', 'called', 'serving', 'parked', 'missed'],
    to: 'same',
    calls: 'keeps',
    place: 'new',
    wait: 'untouched',
  },
  called: { from: ['waiting', 'parked', 'missed'], to: 'called', calls: '+1', place: 'keeps', wait: 'ends' },
  'called-again': { from: ['called'], to: 'called', calls: '+1', place: 'keeps', wait: 'untouched' },
  'set-back': { from: ['called'], to: 'waiting', calls: 'keeps', place: 'paused', wait: 'untouched' },
  missed: { from: ['called'], to: 'missed', ...untouched },
  // Whoever was called in vain and is back begins with new calls, and is called within minutes of the return.
  returned: { from: ['missed'], to: 'waiting', calls: '0', place: 'new', wait: 'untouched' },
  misclicked: { from: ['called'], to: 'before', calls: '-1', place: 'keeps', wait: 'goes on' },
  came: { from: ['called'], to: 'serving', ...untouched },
  // Parked is neither wait nor service: somebody fetches a paper.
  parked: { from: ['serving'], to: 'parked', ...untouched },
  // One visit with two services, not two citizens: code, first arrival, class and place stay.
  transferred: { from: ['called', 'serving'], to: 'waiting', calls: '0', place: 'keeps', wait: 'untouched' },
  'taken-back': { from: ['serving', 'closed', 'left'], to: 'before', ...untouched },
  left: { from: ['waiting', 'parked', 'missed'], to: 'left', ...untouched },
  closed: { from: ['serving'], to: 'closed', ...untouched },
  unserved: { from: ['waiting', 'called', 'parked', 'missed'], to: 'unserved', ...untouched },
}

/** What an entry brings along. Instants in milliseconds. */
export interface EntryDetail {
  hallId?: string
  serviceId?: string
  visitClass?: VisitClass
  priority?: PriorityReason | null
  dueAt?: number | null
  callBy?: number
  notBefore?: number
  /** The officer at the desk: of a call, and of whoever goes on first after parking. */
  officerId?: string
  officerName?: string
  /** After a transfer to one desk, or when somebody waits for an officer: it alone calls. */
  onlyDeskId?: string | null
  parkedWhy?: string
  remindAt?: number
  /** Why it was the next one. */
  reason?: CallReason
}

export interface VisitEntry {
  readonly kind: VisitEntryKind
  readonly at: number
  readonly deskId: string | null
  readonly detail: EntryDetail
}

/** How a visit stands. Instants in milliseconds. */
export interface VisitStanding {
  state: VisitState
  hallId: string
  serviceId: string
  visitClass: VisitClass
  priority: PriorityReason | null
  arrivedAt: number
  dueAt: number | null
  callBy: number
  notBefore: number | null
  calls: number
  firstCalledAt: number | null
  calledAt: number | null
  cameAt: number | null
  deskId: string | null
  onlyDeskId: string | null
  officerId: string | null
  officerName: string | null
  parkedWhy: string | null
  remindAt: number | null
  hasReturned: boolean
  wasTransferred: boolean
  endedAt: number | null
  callReason: CallReason | null
}

/** Whether an entry fits how a visit stands. */
export const fitsState = (kind: VisitEntryKind, state: VisitState): boolean => effects[kind].from.includes(state)

const reversals: readonly VisitEntryKind[] = ['misclicked', 'taken-back']
/** What a misclick takes back goes to the call that began it, with its repetitions. */
const isCall = (kind: VisitEntryKind): boolean => kind === 'called' || kind === 'called-again'

/** The entries that count: what was taken back, and the taking back, are not among them. */
export function effective(entries: readonly VisitEntry[]): VisitEntry[] {
  const kept: VisitEntry[] = []
  for (const entry of entries) {
    if (!reversals.includes(entry.kind)) kept.push(entry)
    else if (entry.kind === 'taken-back') dropLast(kept, kind => kind === 'came' || kind === 'closed' || kind === 'left')
    else {
      while (kept.findLast(each => isCall(each.kind))?.kind === 'called-again') dropLast(kept, kind => kind === 'called-again')
      dropLast(kept, kind => kind === 'called')
    }
  }
  return kept
}

function dropLast(entries: VisitEntry[], isMeant: (kind: VisitEntryKind) => boolean): void {
  const at = entries.findLastIndex(({ kind }) => isMeant(kind))
  if (at >= 0) entries.splice(at, 1)
}

/** How a visit stands after its entries, in their order. @throws Error when the first one is no arrival: there is no such visit */
export function visitStandingOf(entries: readonly VisitEntry[]): VisitStanding {
  const [arrival, ...rest] = effective(entries)
  if (arrival?.kind !== 'arrived') throw new Error('A visit begins with its arrival.')
  return rest.reduce(after, arrivedWith(arrival))
}

function arrivedWith({ at, detail }: VisitEntry): VisitStanding {
  const { hallId = '', serviceId = '', visitClass = 'ordinary', callBy = at, dueAt = null, priority = null } = detail
  return {
    ...{ state: 'waiting', hallId, serviceId, visitClass, priority, arrivedAt: at, dueAt, callBy, notBefore: null },
    ...{ calls: 0, firstCalledAt: null, calledAt: null, cameAt: null, deskId: null, onlyDeskId: null, officerId: null },
    ...{ officerName: null, parkedWhy: null, remindAt: null, hasReturned: false, wasTransferred: false, endedAt: null },
    callReason: null,
  }
}

function after(before: VisitStanding, { kind, at, deskId, detail }: VisitEntry): VisitStanding {
  const { to, calls } = effects[kind]
  const next: VisitStanding = {
    ...before,
    state: to === 'same' || to === 'before' ? before.state : to,
    calls: calls === '+1' ? before.calls + 1 : calls === '0' ? 0 : before.calls,
    callBy: detail.callBy ?? before.callBy,
    serviceId: detail.serviceId ?? before.serviceId,
    hallId: detail.hallId ?? before.hallId,
    visitClass: detail.visitClass ?? before.visitClass,
    priority: detail.priority === undefined ? before.priority : detail.priority,
  }
  if (kind === 'changed') return { ...next, onlyDeskId: detail.onlyDeskId === undefined ? before.onlyDeskId : detail.onlyDeskId }
  const atDesk = next.state === 'called' || next.state === 'serving'
  next.deskId = atDesk ? (deskId ?? before.deskId) : null
  next.notBefore = detail.notBefore ?? null
  if (isCall(kind)) {
    next.calledAt = at
    next.firstCalledAt = before.firstCalledAt ?? at
    next.parkedWhy = null
    next.remindAt = null
    next.onlyDeskId = null
    next.callReason = detail.reason ?? before.callReason
  }
  if (kind === 'came')
    return { ...next, cameAt: at, officerId: detail.officerId ?? null, officerName: detail.officerName ?? null }
  if (kind === 'parked') return { ...next, parkedWhy: detail.parkedWhy ?? '', remindAt: detail.remindAt ?? null }
  if (kind === 'returned') return { ...next, hasReturned: true }
  if (kind === 'transferred')
    return { ...next, wasTransferred: true, onlyDeskId: detail.onlyDeskId ?? null, officerId: null, officerName: null }
  if (kind === 'closed' || kind === 'left' || kind === 'unserved') return { ...next, endedAt: at }
  return next
}
