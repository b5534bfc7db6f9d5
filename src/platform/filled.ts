/** Sentences of citizens' own languages with their values. Staff's two languages go through `sentence` (`languages.ts`). Pure: pages use it too. */

/** Returns a sentence with its values in the places of their names, `{{day}}`. A place without a value stays, so that it is seen. */
export const filled = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{\{(\w+)\}\}/g, (place, name: string) => String(values[name] ?? place))
