/** Fields of forms: label above, hint and error below, the error tied to the field. */
import type { ReactNode } from 'react'
import {
  type TextFieldProps as AriaProps,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
} from 'react-aria-components'
import { stepAt } from '../focus.ts'
import { Icon, type IconName } from './icon.tsx'

interface Common {
  label: string
  /** Shown to screen readers only. */
  hideLabel?: boolean
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  /** What is wrong, as a sentence. */
  error?: string | undefined
  placeholder?: string
  isRequired?: boolean
  isReadOnly?: boolean
  autoFocus?: boolean
  name?: string
  className?: string
  /** The step whose place it is (`goToStep`). */
  step?: string | undefined
  onBlur?: () => void
  onFocus?: () => void
  onKeyDown?: NonNullable<AriaProps['onKeyDown']>
}

export interface TextFieldProps extends Common {
  type?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'date' | 'url'
  icon?: IconName
  autoComplete?: string
  inputMode?: 'text' | 'tel' | 'email' | 'numeric' | 'decimal' | 'search'
}

/** One line of text. */
export function TextField({ label, hideLabel, hint, error, placeholder, icon, className, step, ...rest }: TextFieldProps) {
  return (
    <AriaTextField {...rest} {...stepAt(step)} isInvalid={error !== undefined} className={`field ${className ?? ''}`}>
      <Label className={hideLabel ? 'sr' : ''}>{label}</Label>
      {icon ? (
        <div className="input with-icon">
          <Icon name={icon} />
          <Input placeholder={placeholder ?? ''} />
        </div>
      ) : (
        <Input className="input" placeholder={placeholder ?? ''} />
      )}
      <Below hint={hint} error={error} />
    </AriaTextField>
  )
}

/** Of a list that helps to write, shown beside the field. */
type WithList = Pick<AriaProps, 'aria-autocomplete' | 'aria-controls' | 'aria-activedescendant'>

export interface TextAreaProps extends Common, WithList {
  rows?: number
}

/** Several lines of text. It grows with what is written where the browser can do that. */
export function TextArea({ label, hideLabel, hint, error, placeholder, rows = 4, className, step, ...rest }: TextAreaProps) {
  return (
    <AriaTextField {...rest} {...stepAt(step)} isInvalid={error !== undefined} className={`field ${className ?? ''}`}>
      <Label className={hideLabel ? 'sr' : ''}>{label}</Label>
      <AriaTextArea className="input" rows={rows} placeholder={placeholder ?? ''} style={{ fieldSizing: 'content' }} />
      <Below hint={hint} error={error} />
    </AriaTextField>
  )
}

function Below({ hint, error }: { hint: ReactNode; error: string | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{error}</FieldError>
    </>
  )
}
