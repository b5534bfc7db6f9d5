/** A box to tick. */
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox } from 'react-aria-components'
import { classes } from './button.tsx'
import { Icon } from './icon.tsx'

export function CheckBox({
  children,
  label,
  isSelected,
  onChange,
  isChanged = false,
}: {
  children?: ReactNode
  /** Said instead of what stands beside it, where nothing does. */
  label?: string
  isSelected: boolean
  onChange: (isSelected: boolean) => void
  /** It is not what it was: drawn so. */
  isChanged?: boolean
}) {
  return (
    <AriaCheckbox
      className={classes('check-box', isChanged && 'changed')}
      isSelected={isSelected}
      onChange={onChange}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <span className="box">{isSelected && <Icon name="check" size={16} />}</span>
      {children}
    </AriaCheckbox>
  )
}
