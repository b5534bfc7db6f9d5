/** A key, as it is written on the reader's keyboard. Shortcuts are told to screen readers by the overview, so the sign itself is silent. */
import { isMacKeyboard, keyText } from '../shortcuts.ts'

/** @param keys the shortcut as it is bound: `P`, `F9`, `Control+Enter` */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span aria-hidden="true">
      <kbd>{keyText(keys, isMacKeyboard())}</kbd>
    </span>
  )
}
