/** What an operator must know of the number that is shown: whose word it is, and which wish to be called back hangs on it. */
import { useTranslation } from 'react-i18next'
import type { CallCard } from '../../src/telephony/model.ts'
import { Ago, Button, Notice, Pill } from '../shared/ui/index.ts'
import { useConfirmServed } from './calls.ts'

/** A number that the caller has typed on the public page is marked wherever it is shown. */
export function NumberMark({ card }: { card: CallCard }) {
  const { t } = useTranslation('web-desk')
  if (card.numberFrom !== 'page') return null
  return <Pill tone="wait">{t('fromPage')}</Pill>
}

/** A callback is open for the number. Only the operator can find out whether it is this caller's. */
export function OpenCallbacks({ card }: { card: CallCard | null }) {
  const { t } = useTranslation('web-desk')
  const served = useConfirmServed()
  if (!card || card.callback !== null || card.connectedAt === null || card.openCallbacks.length === 0) return null
  return (
    <Notice tone="info" title={t('openCallback.title')}>
      <p className="small">{t('openCallback.ask')}</p>
      {card.openCallbacks.map(({ callId, requestedAt }) => (
        <div className="row wrap" key={callId}>
          <span className="small grow">
            {t('openCallback.asked')} <Ago at={requestedAt} />
          </span>
          <Button
            tone="quiet"
            isPending={served.isPending}
            onPress={() => served.mutate({ callId: card.callId, callbackId: callId })}
          >
            {t('openCallback.served')}
          </Button>
        </div>
      ))}
    </Notice>
  )
}
