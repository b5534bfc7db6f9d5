/**
 * Whether a text is already a letter. What answers a Linea ticket gets a greeting and an end from the program, unless whoever wrote it, or the template that it was begun
 * with, has written them: nobody is greeted twice. Pure, and for the browser too, which shows what will be added.
 */

/** How letters begin, in the languages in which answers are written. A word such as «caro» also begins other sentences: it greets with its comma. */
const greetings =
  /^(?:(?:gentil\p{L}*|egregi[oa]|spettabile|spett\.|buon ?giorno|buona ?sera|salve|dear|hello|good (?:morning|afternoon|evening))(?!\p{L})|(?:car[oaie]|hi)(?:\s[^,\n]{1,80})?,)/iu

/** How they end: a line of its own, with what follows it. */
const endings =
  /^(?:(?:i |con i )?(?:più |migliori |nostri )?(?:cordiali|distinti|migliori) saluti|cordialmente|un cordiale saluto|saluti|(?:kind|best|warm) regards|regards|best wishes|(?:yours )?(?:sincerely|faithfully))(?!\p{L})/iu

/** So many lines at the end are looked at: an ending, and who signs. */
const lastLines = 6

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** Whether a text begins by greeting its reader. */
export const greets = (text: string): boolean => greetings.test(linesOf(text)[0] ?? '')

/** Whether a text ends as letters do. */
export const takesLeave = (text: string): boolean =>
  linesOf(text)
    .slice(-lastLines)
    .some(line => endings.test(line))
