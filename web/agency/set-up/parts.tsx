/** Fields of the set-up that hold hours: what is typed stays as it is, and counts once it means something. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../shared/ui/index.ts'
import { type Span, spansIn, spansText } from './hours.ts'

export function HoursField({
  label,
  hideLabel = false,
  spans,
  placeholder,
  onChange,
}: {
  label: string
  hideLabel?: boolean
  spans: readonly Span[]
  placeholder?: string
  onChange: (spans: Span[]) => void
}) {
  const { t } = useTranslation('web-agenda')
  const [typed, setTyped] = useState(spansText(spans))
  return (
    <TextField
      label={label}
      hideLabel={hideLabel}
      value={typed}
      placeholder={placeholder ?? t('closedDay')}
      error={spansIn(typed) ? undefined : t('hoursWrong')}
      onChange={text => {
        setTyped(text)
        const read = spansIn(text)
        if (read) onChange(read)
      }}
      onBlur={() => {
        const read = spansIn(typed)
        if (read) setTyped(spansText(read))
      }}
    />
  )
}
