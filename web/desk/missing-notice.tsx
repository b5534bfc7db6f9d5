import { useTranslation } from 'react-i18next'
import { Notice } from '../shared/ui/index.ts'
import type { Missing } from './ending.ts'

/** What is still missing, in words, with a way to each. Shown where one wanted to end. */
export function MissingNotice({ missing }: { missing: readonly Missing[] }) {
  const { t } = useTranslation('web-desk')
  if (missing.length === 0) return null
  return (
    <Notice tone="wait" live title={t('missing.title')}>
      <ul className="missing">
        {missing.map(each => (
          <li key={each}>{t(`missing.${each}`)}</li>
        ))}
      </ul>
    </Notice>
  )
}
