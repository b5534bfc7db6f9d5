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

/** The section, and the way through the menu where it says more than the section does. */
export function wayOf(card: { section: { name: string }; path: readonly string[] }): { section: string; path: string | null } {
  const path = card.path.join(' › ')
  return { section: card.section.name, path: path === '' || path === card.section.name ? null : path }
}
