/** Numbers as people write them in a field. Pure. */

/**
 * Returns the number that a text says, with a decimal comma or point; undefined when it says none, also when it is empty. Thousands are not
 * parted: "1.000" would be one thousand to one reader and one to the next.
 */
export function numberFrom(text: string): number | undefined {
  const plain = text.trim().replace('−', '-').replace(',', '.')
  return /^[+-]?\d{1,12}(\.\d{1,6})?$/.test(plain) ? Number(plain) : undefined
}
