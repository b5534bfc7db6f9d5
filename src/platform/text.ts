/** What is kept of a text that somebody typed or pasted. Pure. */

/** Line breaks of other systems and of word processors: Windows, Unicode's own, and the vertical tab and form feed of Word. */
const lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g
/** Tab and line feed are text; the other control characters are not, and PostgreSQL refuses NUL. */
const controls = /(?![\t\n])\p{Cc}/u
/** Format characters turn the direction of a text round or hide in it. The two joiners are letters' shapes in many scripts, and stay. */
const unseen = /(?![\u200c\u200d])\p{Cf}/gu

/** One kind of line break, no space at the ends. */
export const plainText = (typed: string): string => typed.replace(lineBreaks, '\n').trim()

/** In one line, without what is not seen; a joiner alone is nothing. */
export const oneLine = (typed: string): string =>
  typed
    .replace(unseen, '')
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/^[\s\u200c\u200d]+|[\s\u200c\u200d]+$/gu, '')

/** Whether a text has characters that no text has: control characters, or half of a pair. */
export const isText = (text: string): boolean => !controls.test(text) && text.isWellFormed()

/** Whether there is something in it that can be read aloud. */
export const hasLetter = (text: string): boolean => /[\p{Lu}\p{Ll}\p{Lt}\p{Lo}]/u.test(text)
export const hasLetterOrDigit = (text: string): boolean => hasLetter(text) || /\p{N}/u.test(text)
