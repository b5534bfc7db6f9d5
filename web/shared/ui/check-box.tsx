/** A box to tick, with its words beside it. */
import type { ReactNode } from 'react'
import { classes } from './button.tsx'

export function CheckBox({
  children,
  isSelected,
  onChange,
  isDisabled = false,
  isChanged = false,
  label,
  className,
}: {
  children?: ReactNode
  isSelected: boolean
  onChange: (isSelected: boolean) => void
  isDisabled?: boolean
  /** It is not what it was: drawn so. */
  isChanged?: boolean
  /** For screen readers, where the words beside it are more than a name, or there are none. */
  label?: string
  className?: string
}) {
  return (
    <label className={classes('check-box', isChanged && 'changed', className)}>
      <input
        type="checkbox"
        checked={isSelected}
        disabled={isDisabled}
        {...(label === undefined ? {} : { 'aria-label': label })}
        onChange={event => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}
