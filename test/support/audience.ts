/** Audiences for servers of tests whose live pages nobody reads, or everybody. */
import type { Audience } from '../../src/platform/index.ts'

export const nobody: Audience = {
  groupsOf: () => ({ own: 'nobody', shared: [] }),
  hearersOf: () => [],
  changesRights: () => false,
}
