/** How a caller is named while nobody has said who it is. Pure. */

export interface Caller {
  /** What stands in bold: the contact that the operator has chosen, else the number, else that it is hidden. */
  title: string
  /** Who has this number; never taken for the caller. */
  hint: string | null
}

export function callerOf(
  card: { from: string | null; contacts: readonly { name: string }[] },
  contact: { name: string } | null,
  words: {
    hidden: string
    phone(number: string): string
    numberOf(name: string): string
    numberOfSeveral(count: number): string
  },
): Caller {
  if (contact) return { title: contact.name, hint: card.from ? words.phone(card.from) : null }
  const title = card.from ? words.phone(card.from) : words.hidden
  const [first, ...others] = card.contacts
  if (!first) return { title, hint: null }
  return { title, hint: others.length === 0 ? words.numberOf(first.name) : words.numberOfSeveral(card.contacts.length) }
}

/** A colleague who had the call; `before.<how>` is the sentence. */
export interface From {
  how: 'transferred' | 'lost'
  by: string
  section: string
}

/**
 * The section, and how the call came to it: from whom, when a colleague has had it before; otherwise the way through the menu, where that says
 * more than the section does.
 */
export function wayOf(card: {
  section: { name: string }
  path: readonly string[]
  before: { by: string; how: 'transferred' | 'lost'; section: { name: string } | null } | null
}): { section: string; path: string | null; from: From | null } {
  const { section, before } = card
  if (before)
    return { section: section.name, path: null, from: { how: before.how, by: before.by, section: before.section?.name ?? '' } }
  const path = card.path.join(' › ')
  return { section: section.name, path: path === '' || path === section.name ? null : path, from: null }
}

/** How a ring ended by itself, as the name of a sentence (`ring.<name>`); null when the page says it anyway, or the operator has done it. */
export function endOfRing(
  turn: { outcome: string; isCallback: boolean; callEnded: string | null } | undefined,
): 'withdrawn' | 'hung-up' | null {
  if (turn?.outcome !== 'withdrawn' || turn.callEnded === null) return null
  if (turn.callEnded === 'withdrawn') return 'withdrawn'
  return turn.isCallback || turn.callEnded !== 'caller' ? null : 'hung-up'
}
