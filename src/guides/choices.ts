/** Closed lists of guides, without the model's schemas: pages take them as they are. */
export const stepStates = ['open', 'done', 'skipped', 'failed'] as const
export const sessionOutcomes = ['completed', 'goes-on-alone', 'not-possible', 'broken-off'] as const
