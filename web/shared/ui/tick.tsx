/** A box to tick, with its words beside it. */
import type { ReactNode } from 'react'
import { classes } from './button.tsx'

export function Tick({
  children,
  checked,
  onChange,
  isDisabled = false,
  label,
  className,
}: {
  children?: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  isDisabled?: boolean
  /** For screen readers, where the words beside it are more than a name. */
  label?: string
  className?: string
}) {
  return (
    <label className={classes('tick', className)}>
      <input
        type="checkbox"
        checked={checked}
        disabled={isDisabled}
        {...(label === undefined ? {} : { 'aria-label': label })}
        onChange={event => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}
