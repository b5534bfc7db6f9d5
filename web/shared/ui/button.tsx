/**
 * Buttons. One that is not allowed stays where it is and can be focused: `why` dims it and says the reason on hover, on focus and to
 * screen readers, and when it is pressed.
 */
import { createLink } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, forwardRef, type ReactNode, useId } from 'react'
import { Button as AriaButton, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components'
import { stepAt } from '../focus.ts'
import { Icon, type IconName } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { notify } from './notices.ts'

export interface ButtonProps {
  children?: ReactNode
  tone?: 'plain' | 'primary' | 'danger' | 'quiet'
  icon?: IconName | undefined
  /** The key that does the same, shown on the button. */
  kbd?: string
  /** Why it cannot be done now, as a sentence. Dims the button and keeps it from acting. */
  why?: string | null | undefined
  isPending?: boolean
  onPress?: () => void
  type?: 'button' | 'submit'
  /** Name for screen readers, where the button shows only an icon. */
  label?: string
  /** False where the tip with its name would take the Escape that is meant for what the button closes. */
  hasTip?: boolean
  form?: string
  tall?: boolean
  autoFocus?: boolean
  className?: string
  slot?: string | null
  /** The step whose place it is (`goToStep`). */
  step?: string | undefined
  'aria-expanded'?: boolean
  'aria-pressed'?: boolean
}

export function Button({
  children,
  tone = 'plain',
  icon,
  kbd,
  why,
  isPending = false,
  onPress,
  type = 'button',
  label,
  tall,
  className,
  step,
  hasTip = true,
  ...rest
}: ButtonProps) {
  const id = useId()
  const barred = why !== undefined && why !== null
  const button = (
    <AriaButton
      {...rest}
      type={barred ? 'button' : type}
      isPending={isPending}
      className={classes('button', tone !== 'plain' && tone, !children && 'icon-only', tall && 'tall', className)}
      onPress={() => (barred ? notify(why) : onPress?.())}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(barred ? { 'aria-describedby': id } : {})}
      render={props => <button {...props} {...stepAt(step)} {...(barred ? { 'aria-disabled': true } : {})} />}
    >
      {icon && <Icon name={icon} />}
      {children}
      {kbd && <Kbd keys={kbd} />}
    </AriaButton>
  )
  if (barred)
    return (
      <TooltipTrigger delay={200}>
        {button}
        <Tip>{why}</Tip>
        <span id={id} hidden>
          {why}
        </span>
      </TooltipTrigger>
    )
  if (label !== undefined && !children && hasTip)
    return (
      <TooltipTrigger delay={500}>
        {button}
        <Tip>{label}</Tip>
      </TooltipTrigger>
    )
  return button
}

export function Tip({ children }: { children: ReactNode }) {
  return (
    <AriaTooltip className="tooltip" offset={6}>
      {children}
    </AriaTooltip>
  )
}

/** Joins the names of classes that are there. */
export const classes = (...names: (string | false | null | undefined)[]): string => names.filter(Boolean).join(' ')

const Anchor = forwardRef<HTMLAnchorElement, AnchorHTMLAttributes<HTMLAnchorElement>>((props, ref) => <a ref={ref} {...props} />)

/** A link to a page of ours. */
export const Link = createLink(Anchor)
