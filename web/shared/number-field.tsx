/** A field that holds a whole number: what is typed stays as it is, and counts once it means something. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from './ui/index.ts'

interface Bounds {
  label: string
  min: number
  max: number
  hint?: string
  /** What the server says of it. */
  error?: string | undefined
}

const isIn = (text: string, { min, max }: Bounds) => /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max

export function NumberField({ value, onChange, ...bounds }: Bounds & { value: number; onChange: (value: number) => void }) {
  return <OptionalNumberField {...bounds} value={value} isNeeded onChange={typed => typed !== null && onChange(typed)} />
}

/** A number that may be left out. */
export function OptionalNumberField({
  value,
  isNeeded = false,
  error,
  hint,
  onChange,
  ...bounds
}: Bounds & { value: number | null; isNeeded?: boolean; onChange: (value: number | null) => void }) {
  const { t } = useTranslation()
  const shown = value === null ? '' : String(value)
  const [typed, setTyped] = useState(shown)
  const means = (text: string) => isIn(text, bounds) || (!isNeeded && text.trim() === '')
  return (
    <TextField
      label={bounds.label}
      // Somebody else's number, or one of another version, takes the place of what was typed and counted.
      value={means(typed) && typed.trim() !== shown ? shown : typed}
      inputMode="numeric"
      error={means(typed) ? error : t('form.between', { min: bounds.min, max: bounds.max })}
      onChange={text => {
        setTyped(text)
        if (means(text)) onChange(text.trim() === '' ? null : Number(text))
      }}
      {...(hint === undefined ? {} : { hint })}
    />
  )
}
