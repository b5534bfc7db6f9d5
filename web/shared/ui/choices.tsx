/** Choosing one of some: a short list (`Select`) and a long one that is searched (`ComboBox`). */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  Select as AriaSelect,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { stepAt } from '../focus.ts'
import { Icon, type IconName } from './icon.tsx'

export interface Choice {
  id: string
  label: string
  /** What tells it from others of the same name. */
  detail?: string | undefined
}

interface Common {
  label: string
  hideLabel?: boolean
  value: string | null
  onChange: (id: string | null) => void
  placeholder?: string
  hint?: ReactNode
  error?: string | undefined
  isRequired?: boolean
  className?: string
  /** The step whose place it is (`goToStep`). */
  step?: string | undefined
}

export interface SelectProps extends Common {
  /** Undefined: they are still being loaded. The list opens all the same, and they come into it. */
  choices: readonly Choice[] | undefined
}

export function Select({
  label,
  hideLabel,
  choices,
  value,
  onChange,
  placeholder,
  hint,
  error,
  isRequired,
  className,
  step,
}: SelectProps) {
  const { t } = useTranslation()
  return (
    <AriaSelect
      allowsEmptyCollection
      {...stepAt(step)}
      className={`field ${className ?? ''}`}
      value={value}
      onChange={key => onChange(key === null ? null : String(key))}
      isInvalid={error !== undefined}
      isRequired={isRequired ?? false}
      placeholder={placeholder ?? ''}
    >
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      <AriaButton className="input">
        <SelectValue<Choice> className="grow clip">
          {({ selectedText, defaultChildren, isPlaceholder }) => (isPlaceholder ? defaultChildren : selectedText)}
        </SelectValue>
        <Icon name="expand" />
      </AriaButton>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{error}</FieldError>
      <Popover className="popover" offset={4}>
        <ListBox
          className="options"
          items={choices ?? []}
          renderEmptyState={() => <div className="option muted">{choices === undefined ? t('loading') : t('noChoices')}</div>}
        >
          {choice => <Option choice={choice} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

export interface ComboBoxProps extends Common {
  choices: readonly Choice[]
  /** Asks for choices while the reader types; the list is then taken as it comes. Missing: the choices are filtered here. */
  onSearch?: (text: string) => void
  icon?: IconName
  isLoading?: boolean
  autoFocus?: boolean
  /** The text of the field, where something outside sets it. */
  text?: string
}

export function ComboBox({
  label,
  hideLabel,
  choices,
  value,
  onChange,
  placeholder,
  hint,
  error,
  isRequired,
  className,
  onSearch,
  icon = 'search',
  isLoading = false,
  autoFocus,
  text,
  step,
}: ComboBoxProps) {
  const { t } = useTranslation()
  const [isPressed, setPressed] = useState(false)
  const [typed, setTyped] = useState(text ?? choices.find(choice => choice.id === value)?.label ?? '')
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  }, [value])
  // The field stays the same one, and keeps the focus, when something outside writes into it.
  useEffect(() => {
    if (text !== undefined) setTyped(text)
  }, [text])
  return (
    <AriaComboBox
      {...stepAt(step)}
      className={`field ${className ?? ''}`}
      value={value}
      onChange={key => {
        const id = key === null ? null : String(key)
        // Whoever leaves the field before the choice is drawn is told by it what stood there before: the choice holds.
        if (id === value && latest.current !== value) return
        latest.current = id
        onChange(id)
        if (id !== null) setTyped(choices.find(choice => choice.id === id)?.label ?? '')
      }}
      inputValue={typed}
      onInputChange={text => {
        setTyped(text)
        onSearch?.(text)
      }}
      {...(onSearch ? { items: choices } : { defaultItems: choices })}
      allowsEmptyCollection
      // Whoever is led here by the step before, or by Tab, sees what lies under the list until something is typed; a press opens it.
      menuTrigger={isPressed ? 'focus' : 'input'}
      onBlur={() => setPressed(false)}
      isInvalid={error !== undefined}
      isRequired={isRequired ?? false}
      {...(autoFocus ? { autoFocus } : {})}
    >
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      <div className="input with-icon" onPointerDown={() => setPressed(true)}>
        <Icon name={icon} />
        <Input placeholder={placeholder ?? ''} />
      </div>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{error}</FieldError>
      <Popover className="popover" offset={4}>
        <ListBox
          className="options"
          renderEmptyState={() => <div className="option muted">{isLoading ? t('loading') : t('nothingFound')}</div>}
        >
          {(choice: Choice) => <Option choice={choice} />}
        </ListBox>
      </Popover>
    </AriaComboBox>
  )
}

function Option({ choice }: { choice: Choice }) {
  return (
    <ListBoxItem id={choice.id} textValue={choice.label} className="option">
      <Text slot="label">{choice.label}</Text>
      {choice.detail && <small>{choice.detail}</small>}
    </ListBoxItem>
  )
}
