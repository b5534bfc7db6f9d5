/** An e-mail that has not left: why, and the way to send it elsewhere or to take it back. */
import { useTranslation } from 'react-i18next'
import { useForm } from '../form/use-form.ts'
import { useSending } from '../forms.ts'
import { Button, notify, Problem, TextField } from '../ui/index.ts'
import { MailWaits, type Waits } from './mail-waits.tsx'

export interface MendableMail extends Waits {
  change: { allowed: boolean; sentence: string | null }
}

/**
 * @param name of the form, with the thing that the mail is about
 * @param words what is said of an address that was mended, and what taking back is called and leads to
 */
export function MailMending({
  name,
  mail,
  elsewhere = false,
  words,
  onReaddress,
  onWithdraw,
}: {
  name: string
  mail: MendableMail
  /** It went to no address of e-mail, which is asked for. */
  elsewhere?: boolean
  words: { withdraw: string; withdrawn: string }
  onReaddress: (email: string) => Promise<void>
  onWithdraw: () => Promise<void>
}) {
  const { t } = useTranslation('web')
  const sending = useSending()
  const stored = { version: 0, fields: { address: elsewhere ? '' : mail.address } }
  const form = useForm({ name, stored, fieldsOf: () => stored.fields })
  const { address } = form.fields
  const why = mail.change.allowed ? null : mail.change.sentence
  const change = (done: string, act: () => Promise<void>) =>
    void sending.send(async () => {
      await act()
      notify(done)
    })
  return (
    <form
      className="col"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const email = address.trim()
        change(t('mailReaddressed'), async () => {
          await onReaddress(email)
          form.clear({ version: 0, fields: { address: email } })
        })
      }}
    >
      <MailWaits mail={mail} />
      {why === null && (
        <TextField
          label={t('mailAddress')}
          value={address}
          onChange={typed => form.change({ address: typed })}
          error={sending.fields.email}
          inputMode="email"
        />
      )}
      {sending.fields.email === undefined && <Problem error={sending.error} />}
      <div className="row wrap">
        {/* What was given up is tried again also where the address was right. */}
        {(address.trim() !== mail.address || mail.state === 'failed') && (
          <Button type="submit" why={why} isPending={sending.pending}>
            {t(address.trim() === mail.address ? 'mailTryAgain' : 'mailReaddress')}
          </Button>
        )}
        <Button why={why} isPending={sending.pending} onPress={() => change(words.withdrawn, onWithdraw)}>
          {words.withdraw}
        </Button>
      </div>
    </form>
  )
}
