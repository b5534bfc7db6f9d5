/** Who the citizen is, what is open, and what was before. */
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Person } from '../shared/case/person.tsx'

export default function ContactPage() {
  const { t } = useTranslation()
  const { contactId = '' } = useParams({ strict: false })
  return (
    <div className="padded">
      <article className="card col" style={{ maxWidth: 720, padding: 20, gap: 20 }}>
        <h1 className="sr">{t('person.window')}</h1>
        <Person contactId={contactId} />
      </article>
    </div>
  )
}
