/** Under which key the members of a region are kept in the browser. */
export const membersKey = ['staffing', 'members'] as const
