/**
 * What distribution asks about the contact centre and the second level: which sections there are, and whether they are open. Declared here by who uses it;
 * organisation answers (`start.ts`), and a test answers for a centre of its own.
 */
import type { Kysely } from 'kysely'
import type { Tables, Tx } from '../platform/index.ts'
import type { Sharing } from './model.ts'

export interface CentreSection {
  id: string
  name: string
  /** From the root of the organisation: `inps/ccm/ccm-pensioni/`. */
  path: string
}

/** A section that shares its written work out among its members. */
export interface WrittenSection extends CentreSection {
  sharing: Sharing
  members: readonly string[]
}

export interface Centre {
  sections(db: Kysely<Tables> | Tx): Promise<readonly CentreSection[]>
  /** The sections that share their written work out. */
  written(db: Kysely<Tables> | Tx): Promise<readonly WrittenSection[]>
  /** Whether the section is open, and when that changes next; null when it never does. */
  isOpen(db: Kysely<Tables> | Tx, sectionId: string, at: Date): Promise<{ open: boolean; nextChange: Date | null }>
}
