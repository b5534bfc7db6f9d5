/** Pieces of the set-up of the counters: what citizens read in one language at a time, and how a hall changes. */

import { useTranslation } from 'react-i18next'
import type { ContactLanguage } from '../../../src/contacts/model.ts'
import type { CitizenWords } from '../../../src/counters/model.ts'
import type { SetUpHall } from '../../../src/counters/set-up/model.ts'
import { TextField } from '../../shared/ui/index.ts'

/** What every part of a hall is given. */
export interface HallPart {
  hall: SetUpHall
  /** In which the words of citizens are shown and typed. */
  language: ContactLanguage
  onChange: (change: Partial<SetUpHall>) => void
  /** What the server says of a field of the hall, by its path. */
  wrong: (path: string) => string | undefined
}

/** Words that citizens read: Italian stands in for a language in which there are none. */
export function WordsField({
  label,
  words,
  language,
  error,
  step,
  onChange,
}: {
  label: string
  words: CitizenWords
  language: ContactLanguage
  error?: string | undefined
  step?: string
  onChange: (words: CitizenWords) => void
}) {
  const { t } = useTranslation('web-counter')
  const isItalian = language === 'it'
  return (
    <TextField
      label={isItalian ? label : t('setUp.wordsIn', { label, language: t(`languages.${language}`) })}
      value={words[language] ?? ''}
      placeholder={isItalian ? '' : words.it}
      error={error}
      step={step}
      onChange={text => {
        if (isItalian) return onChange({ ...words, it: text })
        const { [language]: _before, ...others } = words
        return onChange(text === '' ? others : { ...others, [language]: text })
      }}
    />
  )
}
