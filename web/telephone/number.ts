/** A number as somebody types it, in the form of the network (E.164). Without a country code it is Italian. Pure. */
export function numberOf(typed: string): string | null {
  const digits = typed.replace(/[\s./()-]/g, '')
  const number = digits.startsWith('+') ? digits : digits.startsWith('00') ? `+${digits.slice(2)}` : `+39${digits}`
  return /^\+[1-9]\d{5,14}$/.test(number) && digits !== '' ? number : null
}
