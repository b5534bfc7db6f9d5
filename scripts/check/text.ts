/** What the checks of names read: code without what is no code. Lines keep their numbers. */

/** A stretch of text as blanks. */
export const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** The same text with its comments blank. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|\s)\/\/ .*$/gm, blank)
