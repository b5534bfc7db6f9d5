/**
 * By what tickets of one cause are counted together: the procedure that does not work, else the error text without what differs from one citizen to the next. Pure.
 */

const maxKeyLength = 120
/** A text of fewer letters than this says too little: "errore" is no cause. */
const minLetters = 12

/**
 * Returns `p:` and the procedure, or `t:` and the error text in small letters, with numbers and signs taken out; null when neither says enough.
 *
 *   causeKeyOf({ procedureId: null, errorText: 'Errore 500: sessione 8F21 scaduta!' }) === 't:errore sessione scaduta'
 */
export function causeKeyOf({ procedureId, errorText }: { procedureId: string | null; errorText: string | null }): string | null {
  if (procedureId !== null) return `p:${procedureId}`
  const words = (errorText ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter(word => !/\d/.test(word))
    .map(word => word.replace(/[^\p{L}]/gu, ''))
    .filter(word => word !== '')
    .join(' ')
  return words.replaceAll(' ', '').length < minLetters ? null : `t:${words.slice(0, maxKeyLength).trimEnd()}`
}
