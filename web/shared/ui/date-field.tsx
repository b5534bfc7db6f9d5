/**
 * A day: typed part by part in the order of the reader's language (gg/mm/aaaa in Italian), or chosen in a calendar. Part by part, the arrow
 * keys count up and down. A day that is not written whole counts as none.
 */
import { type CalendarDate, parseDate } from '@internationalized/date'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  Label,
  Popover,
  Text,
} from 'react-aria-components'
import { Icon } from './icon.tsx'

export interface DateFieldProps {
  label: string
  hideLabel?: boolean
  /** `YYYY-MM-DD`, or empty. */
  value: string
  onChange: (day: string) => void
  hint?: ReactNode
  error?: string | undefined
  autoFocus?: boolean
  className?: string
}

/** The day of a text; null for what is none. */
function dayIn(text: string): CalendarDate | null {
  try {
    return text === '' ? null : parseDate(text)
  } catch {
    return null
  }
}

export function DateField({
  label,
  hideLabel = false,
  value,
  onChange,
  hint,
  error,
  autoFocus = false,
  className,
}: DateFieldProps) {
  return (
    <DatePicker
      className={`field date-field ${className ?? ''}`}
      value={dayIn(value)}
      onChange={day => onChange(day?.toString() ?? '')}
      isInvalid={error !== undefined}
      autoFocus={autoFocus}
      shouldForceLeadingZeros
    >
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      <Group className="input with-icon">
        <DateInput className="date-parts">{segment => <DateSegment segment={segment} className="date-part" />}</DateInput>
        <AriaButton className="date-open">
          <Icon name="calendar" />
        </AriaButton>
      </Group>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{error}</FieldError>
      <Popover className="popover date-popover" placement="bottom end" offset={6}>
        <Dialog className="date-dialog">
          <Calendar>
            <header>
              <AriaButton slot="previous" className="button quiet">
                <Icon name="chevron-left" />
              </AriaButton>
              <Heading />
              <AriaButton slot="next" className="button quiet">
                <Icon name="chevron-right" />
              </AriaButton>
            </header>
            <CalendarGrid weekdayStyle="short">
              <CalendarGridHeader>{day => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
              <CalendarGridBody>{date => <CalendarCell date={date} className="date-cell" />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  )
}
