/** Telephone numbers as people say them. Apart from times, because a page without any need not read the plans of all countries. */
import { phoneText } from '../../../src/platform/phone-text.ts'

export { phoneText }

export function Phone({ number }: { number: string }) {
  return <span className="num">{phoneText(number)}</span>
}
