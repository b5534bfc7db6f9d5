/** The user name that a person is proposed. */

/** "Anna Dell'Orto" → "anna.dellorto". Pure. */
export const suggestedUser = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z\s-]/g, '')
    .trim()
    .replace(/\s+/g, '.')
