/** The mail that is offered to me: it waits in a corner as an offered ticket does, and a key leads to it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailOffer } from '../../../src/cases/mails/model.ts'
import { api, sentenceOf } from '../api.ts'
import { useShortcut } from '../shortcuts.ts'
import { Button, Countdown, Kbd, notify } from '../ui/index.ts'
import { goToAnswer } from './mail-steps.ts'
import { deskKey } from './service.ts'

const offeredMailKey = ['mails', 'offered'] as const
const pollIntervalMs = 10_000

export function OfferedMail() {
  const { t } = useTranslation('web-mail')
  const offer = useQuery({
    queryKey: offeredMailKey,
    queryFn: async ({ signal }) => (await api.get('/api/mails/offered', { signal })).offered,
    refetchInterval: pollIntervalMs,
    refetchIntervalInBackground: true,
    meta: { live: ['work.', 'agent.state'] },
  }).data
  return (
    <>
      {/* Here before the offer is, so that screen readers say it when it comes. */}
      <p className="sr" role="status">
        {offer && t(`offered.announced.${offer.mail.channel}`, { subject: offer.mail.subject })}
      </p>
      {offer && <Offered key={offer.offer} offer={offer} />}
    </>
  )
}

function Offered({ offer: { mail, until } }: { offer: MailOffer }) {
  const { t } = useTranslation('web-mail')
  const client = useQueryClient()
  const navigate = useNavigate()
  const card = useRef<HTMLElement>(null)
  const path = { interactionId: mail.id }
  const done = {
    onSuccess: () => client.setQueryData(offeredMailKey, null),
    onError: (error: unknown) => notify(sentenceOf(error), 'late'),
    onSettled: () => {
      for (const queryKey of [['mails'], deskKey]) void client.invalidateQueries({ queryKey })
    },
  }
  const take = useMutation({
    mutationFn: () => api.post('/api/mails/:interactionId/take', { path }),
    ...done,
    onSuccess(taken) {
      client.setQueryData(['mail', mail.id], taken)
      client.setQueryData(offeredMailKey, null)
      // The page that is left has its own idea of where to go when the offer is gone: this one comes after it.
      void navigate({ to: '/mails/{-$interactionId}', params: path, search: { view: 'mine' } }).then(() => goToAnswer(taken))
    },
  })
  const decline = useMutation({ mutationFn: () => api.post('/api/mails/:interactionId/decline', { path }), ...done })
  useShortcut({ keys: 'F8', label: t('offered.go'), group: t('web:shortcuts.everywhere') }, () =>
    card.current?.querySelector('button')?.focus(),
  )
  return (
    <section ref={card} className="offer-card" aria-label={t(`offered.title.${mail.channel}`)} data-react-aria-top-layer="true">
      <div className="row">
        <b className="grow">{t(`offered.title.${mail.channel}`)}</b>
        <span className="tiny">
          {t('offered.left')} <Countdown until={until} />
        </span>
      </div>
      <h2>{mail.subject || t('noSubject')}</h2>
      <p className="excerpt">{mail.excerpt}</p>
      <small>
        {mail.contact?.name ?? (mail.from.name || mail.from.address)} · {mail.mailbox}
      </small>
      <div className="row wrap">
        <Button tone="primary" isPending={take.isPending} onPress={() => take.mutate()}>
          {t('offered.take')} <Kbd keys="F8" />
        </Button>
        <Button isPending={decline.isPending} onPress={() => decline.mutate()}>
          {t('offered.decline')}
        </Button>
      </div>
    </section>
  )
}
