/** A sheet for the wall of a hall: the QR code of "I am here", in the languages of citizens. Printed on A4. */
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { kioskLanguages, kioskWords } from '../shared/kiosk-words.ts'
import { QrCode } from '../shared/qr.tsx'
import { Button, ErrorState, Link, Loading } from '../shared/ui/index.ts'
import { useCounters } from './queries.ts'
import './counter.css'

export default function SheetPage() {
  const { t } = useTranslation('web-counter')
  const { hallId } = useParams({ strict: false })
  const counters = useCounters()
  if (counters.error) return <ErrorState error={counters.error} onRetry={() => void counters.refetch()} />
  if (!counters.data) return <Loading />
  const hall = counters.data.halls.find(({ id }) => id === hallId)
  return (
    <div className="counter">
      <div className="row wrap counter-head">
        <h1 className="grow">{t('sheet.title')}</h1>
        <Link to="/counter/devices">{t('devices.title')}</Link>
        <Button tone="primary" onPress={() => window.print()}>
          {t('sheet.print')}
        </Button>
      </div>
      {hall && (
        <article className="counter-sheet">
          <p>{counters.data.unit.name}</p>
          <h2>{hall.name}</h2>
          <QrCode text={new URL(hall.here, location.origin).href} label={kioskWords.it.here.title} />
          <ul>
            {kioskLanguages.map(language => (
              <li key={language} lang={language}>
                <b>{kioskWords[language].here.title}.</b> {kioskWords[language].ownTelephone}
              </li>
            ))}
          </ul>
        </article>
      )}
    </div>
  )
}
