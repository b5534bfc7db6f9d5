/** How much an answer may carry, for the pages too. */

/** One file; the route takes no larger one. */
export const maxFileBytes = 10 * 1_048_576
export const maxFiles = 10
/** All files of an answer: encoded they are a third larger, and most servers take 20 to 25 MB. */
export const maxFilesBytes = 15 * 1_048_576
