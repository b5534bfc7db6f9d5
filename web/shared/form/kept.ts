/**
 * What is kept on this machine of forms that are not saved: for one person, until the session ends, and for twelve hours at most.
 *
 * Each page (a tab, through its reloads) keeps its own text of a form. A page that opens a form without one goes on from what another page
 * has left; should that page still be there, it keeps its text again at once, and both are told of each other.
 */
import type { Kept } from './state.ts'

/** A working day. Older texts are not being written any more. */
export const keptForMs = 12 * 3_600_000
/** More is not kept: the oldest goes. */
const maxDrafts = 50
const maxCharacters = 500_000
const prefix = 'draft:'

/** The part of the browser's storage that is used; `null` where a browser keeps nothing (private window, blocked). */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'> | null

export interface KeptPlace {
  /** Whose it is. */
  personId: string
  /** Which form, e.g. `contact:019a…`. */
  form: string
  /** Which page. */
  page: string
}

/** A text of another page. */
export interface KeptElsewhere<F> {
  page: string
  kept: Kept<F>
}

const beginningOf = ({ personId, form }: Omit<KeptPlace, 'page'>): string => `${prefix}${personId}:${encodeURIComponent(form)}:`
export const keyOf = (place: KeptPlace): string => beginningOf(place) + place.page

/** The page that has written under a key of this form; undefined for another form, another person, another thing. */
export function pageOfKey(key: string, place: Omit<KeptPlace, 'page'>): string | undefined {
  const beginning = beginningOf(place)
  return key.startsWith(beginning) ? key.slice(beginning.length) : undefined
}

function keysOf(shelf: Shelf): string[] {
  if (shelf === null) return []
  return Array.from({ length: shelf.length }, (_, index) => shelf.key(index)).filter(
    key => key?.startsWith(prefix) === true,
  ) as string[]
}

/** What stands under a key; null when there is nothing, when it is too old, or when it is of another shape. */
function read<F extends object>(shelf: Shelf, key: string, now: number): Kept<F> | null {
  const text = shelf?.getItem(key) ?? null
  if (text === null) return null
  try {
    const kept: unknown = JSON.parse(text)
    return isKept<F>(kept) && now - kept.at < keptForMs ? kept : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isKept = <F extends object>(value: unknown): value is Kept<F> =>
  isRecord(value) &&
  isRecord(value.own) &&
  isRecord(value.base) &&
  isRecord(value.clashes) &&
  Number.isInteger(value.version) &&
  typeof value.at === 'number'

/** Keeps a text, or nothing any more. What cannot be kept (a full disk) is still on the screen. */
export function keep<F extends object>(shelf: Shelf, place: KeptPlace, kept: Kept<F> | null): void {
  if (shelf === null) return
  try {
    if (kept === null) shelf.removeItem(keyOf(place))
    else {
      shelf.setItem(keyOf(place), JSON.stringify(kept))
      bound(shelf)
    }
  } catch {
    return
  }
}

/** Whether this page has kept something of a form. */
export const hasKept = (shelf: Shelf, place: KeptPlace): boolean => (shelf?.getItem(keyOf(place)) ?? null) !== null

/** What this page has kept of a form, or else the newest of what other pages have left, which is then this page's. */
export function takeUp<F extends object>(shelf: Shelf, place: KeptPlace, now: number): Kept<F> | null {
  const own = read<F>(shelf, keyOf(place), now)
  if (own !== null) return own
  const [left] = elsewhere<F>(shelf, place, now)
  if (left === undefined) return null
  shelf?.removeItem(keyOf({ ...place, page: left.page }))
  keep(shelf, place, left.kept)
  return left.kept
}

/** What other pages keep of the same form, the newest first. */
export function elsewhere<F extends object>(shelf: Shelf, place: KeptPlace, now: number): KeptElsewhere<F>[] {
  return keysOf(shelf)
    .flatMap(key => {
      const page = pageOfKey(key, place)
      const kept = page === undefined || page === place.page ? null : read<F>(shelf, key, now)
      return page === undefined || kept === null ? [] : [{ page, kept }]
    })
    .sort((a, b) => b.kept.at - a.kept.at)
}

/** The session has ended, or is another person's: what is not of `personId` goes, and what is too old. Null: everything. */
export function endDrafts(shelf: Shelf, personId: string | null, now: number): void {
  for (const key of keysOf(shelf))
    if (personId === null || !key.startsWith(`${prefix}${personId}:`) || read(shelf, key, now) === null) shelf?.removeItem(key)
}

function bound(shelf: NonNullable<Shelf>): void {
  const drafts = keysOf(shelf).map(key => ({ key, text: shelf.getItem(key) ?? '' }))
  let characters = drafts.reduce((sum, { text }) => sum + text.length, 0)
  let count = drafts.length
  if (count <= maxDrafts && characters <= maxCharacters) return
  const age = ({ text }: { text: string }): number => {
    const at: unknown = /"at":(\d+)\}$/.exec(text)?.[1]
    return Number(at ?? 0)
  }
  for (const { key, text } of drafts.toSorted((a, b) => age(a) - age(b))) {
    if (count <= maxDrafts && characters <= maxCharacters) return
    shelf.removeItem(key)
    characters -= text.length
    count -= 1
  }
}
