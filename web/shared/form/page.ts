/** This page (a tab, through its reloads) and the browser's storage. */
import { serverNow } from '../api.ts'
import { endDrafts, type Shelf } from './kept.ts'

/** The browser's storage, where it has one that may be used. */
export const shelf = (): Shelf => {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

const pageKey = 'page'
let own: string | undefined

/** The name of this tab. A tab that was made as a copy of another one is another page as soon as it is loaded beside it. */
export function pageName(): string {
  if (own !== undefined) return own
  try {
    const before = sessionStorage.getItem(pageKey)
    // While a page is loaded its name is not in the storage: so a copy of the tab does not get it, and a reload finds it again.
    if (before !== null) sessionStorage.removeItem(pageKey)
    own = before ?? crypto.randomUUID()
    window.addEventListener('pagehide', () => sessionStorage.setItem(pageKey, own ?? ''))
    window.addEventListener('pageshow', () => sessionStorage.removeItem(pageKey))
  } catch {
    own ??= crypto.randomUUID()
  }
  return own
}

/** Drafts end with the session: nobody is signed in, or somebody else. */
export const draftsBelongTo = (personId: string | null): void => endDrafts(shelf(), personId, serverNow())
