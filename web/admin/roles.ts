/** Roles, in the order of the work, and who of them looks after what. */
import type { Role } from '../shared/session.tsx'

/** Who keeps the number plan. */
export const planners = ['administrator', 'headquarters', 'regional_director'] as const

/** All that a person can be given. */
export const roles: readonly Role[] = [
  'operator',
  'switchboard',
  'supervisor',
  'cric_member',
  'cric_coordinator',
  'gai_member',
  'central_member',
  'agency_officer',
  'agency_manager',
  'regional_director',
  'headquarters',
  'administrator',
]
