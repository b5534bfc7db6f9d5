/** How much a case may hold, for the pages too: what was taken away counts, since it is kept. With those that were joined into it. */

export const maxCaseFiles = 50
export const maxCaseFilesBytes = 100 * 1_048_576
