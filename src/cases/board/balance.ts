/**
 * Proposals by which a coordinator evens out who has what. Pure: what is proposed follows from the facts alone, and is said in an order in which each
 * may be accepted.
 *
 *   1  what is due and that nobody at work has (in the pool, or with somebody who is away) goes to whoever has room
 *   2  who has more due today than a colleague, and more in hand, gives some of it away
 *   3  who has clearly more in hand than a colleague gives away what is not begun
 *
 * The difference between who has most and who has least never grows beyond one by it. Nobody is given anything who is away or is no member. What
 * its holder has begun stays there, unless it is at risk to be late.
 */

export interface BalanceTicket {
  id: string
  typologyId: string | null
  /** Milliseconds since 1970, as `endOfToday`. */
  dueAt: number
  /** Null: the pool. */
  holder: string | null
  /** Its holder has written something, or waited for an answer that has come: passed on, the citizen would meet somebody new. */
  begun: boolean
  /** Who goes on with its case. */
  reference: string | null
}

export interface BalanceMember {
  id: string
  /** At work today, and a member of the section. */
  receives: boolean
  /** How many tickets of each typology this person has closed lately. */
  handled: ReadonlyMap<string, number>
}

export type BalanceReason = 'pool-due' | 'absent' | 'due-at-risk' | 'more-in-hand'

export interface BalanceProposal {
  ticketId: string
  from: string | null
  to: string
  because: BalanceReason
  /** How much both had in hand before it, and how much of that was due today; of `from` null for the pool. */
  fromHas: LoadOfMember | null
  toHas: LoadOfMember
  /** How many of this typology `to` has closed lately. */
  handled: number
}

/** How much somebody has in hand, and how much of it is due today or late. */
export interface LoadOfMember {
  all: number
  due: number
}

/** Differences below this are none: one evens out who has fourteen and five, not who has six and five. */
const clearDifference = 3

export interface BalanceFacts {
  members: readonly BalanceMember[]
  tickets: readonly BalanceTicket[]
  /** The instant at which today ends. */
  endOfToday: number
}

/** At most so many proposals, the most urgent first. */
export function proposals({ members, tickets, endOfToday }: BalanceFacts, limit: number): BalanceProposal[] {
  const receivers = members.filter(member => member.receives)
  const loads = new Map<string, LoadOfMember>(members.map(({ id }) => [id, { all: 0, due: 0 }]))
  const isDue = (ticket: BalanceTicket) => ticket.dueAt <= endOfToday
  for (const ticket of tickets) count(loads, ticket.holder, isDue(ticket), 1)
  const open = [...tickets].sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
  const found: BalanceProposal[] = []
  const loadOf = (id: string): LoadOfMember => loads.get(id) ?? { all: 0, due: 0 }

  const propose = (ticket: BalanceTicket, to: BalanceMember, because: BalanceReason) => {
    found.push({
      ...{ ticketId: ticket.id, from: ticket.holder, to: to.id, because },
      fromHas: ticket.holder === null ? null : { ...loadOf(ticket.holder) },
      toHas: { ...loadOf(to.id) },
      handled: handledBy(to, ticket),
    })
    count(loads, ticket.holder, isDue(ticket), -1)
    count(loads, to.id, isDue(ticket), 1)
    open.splice(open.indexOf(ticket), 1)
  }
  const isReceiver = (id: string | null) => receivers.some(member => member.id === id)

  for (const ticket of open.filter(each => isDue(each) && !isReceiver(each.holder))) {
    if (found.length >= limit) return found
    const to = whoHasRoom(receivers, ticket, loadOf)
    if (to) propose(ticket, to, ticket.holder === null ? 'pool-due' : 'absent')
  }

  while (found.length < limit) {
    const next = given(receivers, open, loadOf, isDue) ?? evened(receivers, open, loadOf)
    if (!next) break
    propose(next.ticket, next.to, next.because)
  }
  return found
}

function count(loads: Map<string, LoadOfMember>, id: string | null, due: boolean, by: 1 | -1): void {
  const load = id === null ? undefined : loads.get(id)
  if (!load) return
  load.all += by
  if (due) load.due += by
}

const handledBy = ({ handled }: BalanceMember, { typologyId }: Pick<BalanceTicket, 'typologyId'>): number =>
  typologyId === null ? 0 : (handled.get(typologyId) ?? 0)

type LoadOf = (id: string) => LoadOfMember

/** Who goes on with the case; else, of those with least in hand and at most one more, who knows the typology best. */
function whoHasRoom(receivers: readonly BalanceMember[], ticket: BalanceTicket, loadOf: LoadOf): BalanceMember | undefined {
  const all = receivers.map(({ id }) => loadOf(id).all)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const withRoom = receivers.filter(({ id }) => loadOf(id).all + 1 <= Math.max(most, least + 1))
  const reference = withRoom.find(({ id }) => id === ticket.reference)
  return (
    reference ??
    bestOf(
      withRoom.filter(({ id }) => loadOf(id).all <= least + 1),
      ticket,
      loadOf,
    )
  )
}

const bestOf = (members: readonly BalanceMember[], ticket: BalanceTicket, loadOf: LoadOf): BalanceMember | undefined =>
  [...members].sort(
    (a, b) =>
      handledBy(b, ticket) - handledBy(a, ticket) ||
      loadOf(a.id).due - loadOf(b.id).due ||
      loadOf(a.id).all - loadOf(b.id).all ||
      (a.id < b.id ? -1 : 1),
  )[0]

interface Step {
  ticket: BalanceTicket
  to: BalanceMember
  because: BalanceReason
}

/** What is due today and at risk: its holder has two more due than a colleague who has less in hand. What is not begun goes first. */
function given(
  receivers: readonly BalanceMember[],
  open: readonly BalanceTicket[],
  loadOf: LoadOf,
  isDue: (ticket: BalanceTicket) => boolean,
): Step | undefined {
  const byDue = [...receivers].sort((a, b) => loadOf(b.id).due - loadOf(a.id).due || (a.id < b.id ? -1 : 1))
  for (const from of byDue) {
    const has = loadOf(from.id)
    const others = receivers.filter(({ id }) => loadOf(id).due + 2 <= has.due && loadOf(id).all + 1 <= has.all)
    const own = open.filter(each => each.holder === from.id && isDue(each))
    const ticket = own.findLast(each => !each.begun) ?? own.at(-1)
    const to = ticket && bestOf(others, ticket, loadOf)
    if (ticket && to) return { ticket, to, because: 'due-at-risk' }
  }
  return undefined
}

/** What is not begun goes from who has most in hand to who has clearly less: the ticket that the other knows best, and then what is due last. */
function evened(receivers: readonly BalanceMember[], open: readonly BalanceTicket[], loadOf: LoadOf): Step | undefined {
  const byLoad = [...receivers].sort((a, b) => loadOf(b.id).all - loadOf(a.id).all || (a.id < b.id ? -1 : 1))
  const to = byLoad.at(-1)
  if (!to) return undefined
  for (const from of byLoad) {
    if (loadOf(from.id).all - loadOf(to.id).all < clearDifference) return undefined
    const movable = open.filter(each => each.holder === from.id && !each.begun)
    const ticket = movable.toSorted((a, b) => handledBy(to, b) - handledBy(to, a) || b.dueAt - a.dueAt)[0]
    if (ticket) return { ticket, to, because: 'more-in-hand' }
  }
  return undefined
}
