/** What a test has started and ends with it, the last first. Used by helpers that are no test themselves; `close-after-each.ts` does the closing. */
export const closing: (() => unknown)[] = []
