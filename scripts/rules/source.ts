/** What the rules read: files, and code without what is no code. Lines keep their numbers. */

/** A file by its path from the root of the house, and its text. */
export interface Source {
  path: string
  text: string
}

/** A stretch of text as blanks. */
export const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** The same text with its comments blank. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|\s)\/\/ .*$/gm, blank)

/** Returns the line of a place in a text, counted from 1. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length
