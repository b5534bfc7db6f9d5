/**
 * An area is a folder under `web/` with a door, `area.ts`, which says what it adds to the browser: entries of the rail, pages, and for the
 * desk what is always in the header. `main.tsx` finds the doors by themselves.
 *
 *   export const area: Area = {
 *     rail: [{ to: '/cric', label: 'web-cric:rail', icon: 'inbox', needs: 'tickets.work', order: 10 }],
 *     pages: [{ path: '/cric', load: () => import('./pool.tsx'), needs: 'tickets.work', title: 'web-cric:pool' }],
 *   }
 */
import type { ComponentType } from 'react'
import type { Needed } from './session.tsx'
import type { IconName } from './ui/icon.tsx'

export interface RailEntry {
  to: string
  /** The beginning of the addresses for which the entry is lit; `to` when left out. */
  under?: string
  /** Key of the text, with its file: `web-cric:rail`. */
  label: string
  icon: IconName
  /** What whoever has the entry may do. */
  needs: Needed
  /** Smaller first; the first entry of a role is its home. */
  order: number
}

export interface AreaPage {
  /** TanStack Router's form: `/cric/tickets/$ticketId`. */
  path: string
  /** The module has the page as its default export. */
  load: () => Promise<{ default: ComponentType }>
  /** Who may open it; missing: everybody who is signed in. `public`: anybody, without the frame. */
  needs?: Needed | 'public'
  /** Key of the title of the window. */
  title: string
}

export interface Area {
  rail?: readonly RailEntry[]
  pages: readonly AreaPage[]
  /** What stays in the header on every page of those who may do something: the telephone bar. */
  bar?: { needs: Needed; load: () => Promise<{ default: ComponentType }> }
}

export type AreaDoor = { area: Area }
