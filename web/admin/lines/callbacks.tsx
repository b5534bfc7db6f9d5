/** Who is to be called back in a section, in the order of the line; and who could not be reached and waits for somebody to look after it. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallbackView } from '../../../src/telephony/calls/callbacks/model.ts'
import { api, serverNow } from '../../shared/api.ts'
import { DraftNotice } from '../../shared/form/notices.tsx'
import { useDraft, useSending } from '../../shared/forms.ts'
import { pagedOptions } from '../../shared/query.ts'
import { due } from '../../shared/time.ts'
import { Ago, Button, Card, EmptyState, FormDialog, PagedList, Phone, Pill, TextArea, Time } from '../../shared/ui/index.ts'

export function Callbacks({ sectionId }: { sectionId: string }) {
  const { t } = useTranslation('web-lines')
  const [chosen, setChosen] = useState<CallbackView | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['callbacks', sectionId],
    queryFn: ({ pageParam, signal }) => api.get('/api/callbacks', { query: { sectionId, cursor: pageParam, limit: 30 }, signal }),
    ...pagedOptions,
    refetchInterval: 30_000,
    meta: {
      live: [
        'call.callback-queued',
        'call.callback-unanswered',
        'call.callback-withdrawn',
        'call.callback-settled',
        'call.connected',
        'call.ended',
      ],
    },
  })
  return (
    <Card title={t('callbacks.title')} flush>
      <PagedList query={query} empty={<EmptyState title={t('callbacks.none')} icon="telephone" />}>
        {items => (
          <ul className="callbacks">
            {items.map(item => (
              <li key={item.callId}>
                <Line item={item} onChoose={() => setChosen(item)} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
      {chosen && <Close item={chosen} onClose={() => setChosen(null)} />}
    </Card>
  )
}

function Line({ item, onChoose }: { item: CallbackView; onChoose: () => void }) {
  const { t, i18n } = useTranslation('web-lines')
  const isGivenUp = item.state === 'given-up'
  return (
    <div className="row wrap">
      <div className="grow">
        <b className="num">
          <Phone number={item.number} />
        </b>{' '}
        <Pill tone={isGivenUp ? 'late' : item.state === 'dialling' ? 'ok' : 'wait'}>{t(`callbacks.state.${item.state}`)}</Pill>
        <div className="small">
          {t('callbacks.waits')} <Ago at={item.waitingSince} />
          {item.office && ` · ${item.office.name}`}
          {item.state === 'waiting' && (
            <>
              {' '}
              · {t('callbacks.until')}{' '}
              <Time at={item.notAfter}>{due(Date.parse(item.notAfter), serverNow(), i18n.language)}</Time>
            </>
          )}
        </div>
        {item.lastTriedAt && (
          <div className="small">
            {t('callbacks.tried', { count: item.attempts })}, <Ago at={item.lastTriedAt} />
            {item.lastOutcome && `: ${t(`callbacks.outcome.${item.lastOutcome}`)}`}
          </div>
        )}
      </div>
      {item.state !== 'dialling' && (
        <Button onPress={onChoose}>{t(isGivenUp ? 'callbacks.settle' : 'callbacks.withdraw')}</Button>
      )}
    </div>
  )
}

const urls = { settle: '/api/callbacks/:callId/settle', withdraw: '/api/callbacks/:callId/withdraw' } as const

function Close({ item, onClose }: { item: CallbackView; onClose: () => void }) {
  const { t } = useTranslation('web-lines')
  const sending = useSending()
  const queries = useQueryClient()
  const act = item.state === 'given-up' ? 'settle' : 'withdraw'
  const draft = useDraft(`callback-${act}:${item.callId}`)
  const send = () =>
    sending.send(async () => {
      await api.post(urls[act], { path: { callId: item.callId }, body: { note: draft.text } })
      draft.clear()
      await queries.invalidateQueries({ queryKey: ['callbacks'] })
      onClose()
    })
  return (
    <FormDialog
      isOpen
      title={t(`callbacks.${act}Title`)}
      onClose={onClose}
      onSubmit={() => void send()}
      act={t(`callbacks.${act}`)}
      sending={sending.pending}
      error={sending.error}
    >
      <p>{t(`callbacks.${act}Text`)}</p>
      <DraftNotice form={draft.form} />
      <TextArea
        label={t('callbacks.note')}
        value={draft.text}
        onChange={draft.setText}
        error={sending.fields.note}
        isRequired
        autoFocus
      />
    </FormDialog>
  )
}
