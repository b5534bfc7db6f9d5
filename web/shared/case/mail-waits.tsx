/** An e-mail to the citizen that has not left: why, and when it is tried next. Nothing as long as it simply leaves. */
import { useTranslation } from 'react-i18next'
import { exact } from '../time.ts'
import { Notice } from '../ui/index.ts'

export interface Waits {
  state: 'waiting' | 'leaving' | 'failed'
  address: string
  why: string | null
  nextAt: string | null
}

export function MailWaits({ mail }: { mail: Waits }) {
  const { t, i18n } = useTranslation('web')
  if (mail.why === null) return null
  const failed = mail.state === 'failed'
  return (
    <Notice tone={failed ? 'late' : 'wait'} title={t(failed ? 'mailFailed' : 'mailWaits', { address: mail.address })}>
      {mail.why} {!failed && mail.nextAt !== null && t('mailNext', { at: exact(Date.parse(mail.nextAt), i18n.language) })}
    </Notice>
  )
}
