/** What a program and the process that works for it say to each other. Both run the same release: nothing here has versions. */

/** To the process. `start` comes first, once. */
export type ToChild = { type: 'start'; settings: unknown } | { type: 'metrics'; question: number } | { type: 'stop' }

/** From the process. A beat is sent at once when the state changes, and every `beatIntervalMs` in any case. */
export type FromChild = { type: 'beat'; state: string } | { type: 'metrics'; question: number; text: string }

export const beatIntervalMs = 1_000
