/** Who the citizen is, and what is open. */
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Person } from '../shared/case/person.tsx'

export default function ContactPage() {
  const { t } = useTranslation()
  const { contactId = '' } = useParams({ strict: false })
  return (
    <article className="padded col" style={{ maxWidth: 720 }}>
      <h1>{t('person.window')}</h1>
      <Person contactId={contactId} />
    </article>
  )
}
