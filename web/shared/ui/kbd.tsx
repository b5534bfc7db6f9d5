/** A key, as it is written on the keyboard. Shortcuts are told to screen readers by the overview, so the sign itself is silent. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span aria-hidden="true">
      <kbd>{keys}</kbd>
    </span>
  )
}
