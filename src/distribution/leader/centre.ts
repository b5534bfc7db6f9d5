import type { Db } from '../../platform/index.ts'
import type { Sharing } from '../model.ts'

export interface CentreSection {
  id: string
  name: string
  /** From the root of the organisation: `inps/ccm/ccm-pensioni/`. */
  path: string
}

/** A section that shares its written work out among its members. */
export interface WrittenSection extends CentreSection {
  medium: 'ticket' | 'mail'
  sharing: Sharing
  members: readonly string[]
}

export interface Centre {
  sections(db: Db): Promise<readonly CentreSection[]>
  /** The sections that share their written work out, with those of their members who are not away. */
  written(db: Db, at: Date): Promise<readonly WrittenSection[]>
  /** Whether the section is open, and when that changes next; null when it never does. */
  isOpen(db: Db, sectionId: string, at: Date): Promise<{ open: boolean; nextChange: Date | null }>
}
