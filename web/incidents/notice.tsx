/** The notice of an incident: what is said, where and until when; given, given anew, and ended. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident, NoticeChannel, PublishNotice } from '../../src/incidents/model.ts'
import { api, errorsOf, sentenceOf } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import { useForm } from '../shared/form/use-form.ts'
import { endOf } from '../shared/public-notices.tsx'
import { Button, Card, CheckBox, FormDialog, notify, Pill, Select, TextArea } from '../shared/ui/index.ts'
import { hoursAhead, inHours } from './incident-dialog.tsx'

const channels = ['callers', 'desks', 'public', 'answers'] as const satisfies readonly NoticeChannel[]
const spoken = ['it', 'en', 'de'] as const

export function NoticeCard({ incident }: { incident: Incident }) {
  const { t, i18n } = useTranslation('web-incidents')
  const client = useQueryClient()
  const [writing, setWriting] = useState(false)
  const { given } = incident
  const withdraw = useMutation({
    mutationFn: () => api.delete('/api/incidents/:incidentId/notice', { path: { incidentId: incident.id } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['incident', incident.id] }),
    onError: error => notify(sentenceOf(error), 'late'),
  })
  const may = incident.change.allowed && incident.state !== 'solved'
  return (
    <Card
      title={t('notice.title')}
      aside={
        may && (
          <div className="row wrap">
            {given && (
              <Button tone="quiet" icon="ban" isPending={withdraw.isPending} onPress={() => withdraw.mutate()}>
                {t('notice.end')}
              </Button>
            )}
            <Button icon="horn" onPress={() => setWriting(true)}>
              {given ? t('notice.anew') : t('notice.give')}
            </Button>
          </div>
        )
      }
    >
      {given ? (
        <div className="col tight">
          {spoken.map(
            language =>
              given.texts[language] !== undefined && (
                <p key={language} lang={language}>
                  {language !== 'it' && <span className="muted">{t(`languages.${language}`)}: </span>}
                  {given.texts[language]}
                </p>
              ),
          )}
          <div className="row wrap">
            {given.channels.map(channel => (
              <Pill key={channel} small tone="info">
                {t(`channels.${channel}`)}
              </Pill>
            ))}
            <small>{t('notice.until', endOf(given.endsAt, i18n.language))}</small>
          </div>
        </div>
      ) : (
        <p className="muted">{t('notice.none')}</p>
      )}
      {may && <NoticeDialog incident={incident} isOpen={writing} onClose={() => setWriting(false)} />}
    </Card>
  )
}

interface Fields {
  it: string
  en: string
  de: string
  channels: NoticeChannel[]
  hours: string
}
const nothingYet: Fields = { it: '', en: '', de: '', channels: [...channels], hours: '4' }

function NoticeDialog({ incident, isOpen, onClose }: { incident: Incident; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('web-incidents')
  const client = useQueryClient()
  const stored = { version: 0, fields: nothingYet }
  const form = useForm<Fields>({
    name: `incident-notice:${incident.id}`,
    stored,
    fieldsOf: () => nothingYet,
    isOpen,
  })
  const { fields } = form
  const give = useMutation({
    mutationFn() {
      const { it, en, de } = fields
      const body: PublishNotice = {
        texts: { it, ...(en.trim() === '' ? {} : { en }), ...(de.trim() === '' ? {} : { de }) },
        channels: fields.channels,
        endsAt: inHours(Number(fields.hours)),
      }
      return api.put('/api/incidents/:incidentId/notice', { path: { incidentId: incident.id }, body })
    },
    onSuccess(saved) {
      form.clear(stored)
      client.setQueryData(['incident', saved.id], saved)
      notify(t('notice.given'))
      onClose()
    },
  })
  const errors = errorsOf(give.error)
  const chosen = new Set(fields.channels)
  return (
    <FormDialog
      title={incident.given ? t('notice.anew') : t('notice.give')}
      act={t('notice.publish')}
      isOpen={isOpen}
      onClose={onClose}
      wide
      sending={give.isPending}
      why={fields.it.trim() === '' ? t('notice.textFirst') : fields.channels.length === 0 ? t('notice.channelFirst') : null}
      error={give.error}
      onSubmit={() => give.mutate()}
    >
      <DraftNotice form={form} />
      {spoken.map((language, n) => (
        <TextArea
          key={language}
          label={t(`notice.text.${language}`)}
          {...(language === 'it' ? { hint: t('notice.hint') } : {})}
          value={fields[language]}
          onChange={typed => form.change({ [language]: typed })}
          rows={2}
          error={errors[`texts.${language}`]}
          autoFocus={n === 0}
        />
      ))}
      <fieldset className="plain-group col tight">
        <legend className="label">{t('notice.where')}</legend>
        {channels.map(channel => (
          <CheckBox
            key={channel}
            isSelected={chosen.has(channel)}
            onChange={checked =>
              form.change({ channels: channels.filter(each => (each === channel ? checked : chosen.has(each))) })
            }
          >
            <span>
              {t(`channels.${channel}`)} <small>{t(`channelsText.${channel}`)}</small>
            </span>
          </CheckBox>
        ))}
      </fieldset>
      <Select
        label={t('notice.for')}
        value={fields.hours}
        onChange={hours => form.change({ hours: hours ?? '4' })}
        choices={hoursAhead.map(hours => ({ id: String(hours), label: t('inHours', { count: hours }) }))}
        error={errors.endsAt}
      />
    </FormDialog>
  )
}
