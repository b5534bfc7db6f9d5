/**
 * The second ending: a Linea ticket for the second level. Where it goes is derived from residence and typology, shown as a sentence, and
 * can be corrected with a reason.
 */
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Interaction, SendLinea } from '../../src/cases/model.ts'
import { ApiProblem, api, sentenceOf } from '../shared/api.ts'
import { goToStep } from '../shared/focus.ts'
import { useIdempotencyKey } from '../shared/forms.ts'
import { replyToOf } from '../shared/reply.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { clock, longDay } from '../shared/time.ts'
import { Button, Card, Icon, Loading, Notice, Pill, Problem, phoneText, Select, TextField } from '../shared/ui/index.ts'
import { missingFor } from './ending.ts'
import { ItFields, itFieldsSent } from './it-fields.tsx'
import { useMissing } from './missing.ts'
import { MissingNotice } from './missing-notice.tsx'
import { useContact, useDerivation } from './queries.ts'
import type { ConversationForm } from './sheet.ts'

export function LineaEnding({ interaction, sheet }: { interaction: Interaction; sheet: ConversationForm }) {
  const { t } = useTranslation('web-desk')
  const { fields } = sheet
  const key = useIdempotencyKey()
  const corrected = fields.cricUnitId !== null
  const isItMatter = useDerivation(fields.typologyId, fields.contactId, interaction.callId).data?.itMatter ?? false
  const { missing, asked, ask } = useMissing(missingFor('linea', { ...fields, corrected, holdId: null }))
  const send = useMutation({
    mutationFn: async () => {
      await sheet.flush()
      const body: SendLinea = {
        question: fields.question.trim(),
        replyTo: replyToOf(fields.replyTo),
        ...(isItMatter ? itFieldsSent(fields) : {}),
        ...(corrected ? { cricUnitId: fields.cricUnitId ?? '', correctionReason: fields.correctionReason.trim() } : {}),
      }
      return api.post('/api/interactions/:interactionId/linea', {
        path: { interactionId: interaction.id },
        body,
        key: key.keyFor(body),
      })
    },
    onSuccess: sent => sheet.finish(sent.interaction),
  })
  const press = () => {
    if (ask() && !send.isPending) send.mutate()
  }
  useShortcut({ keys: 'Control+Enter', label: t('ending.linea.send'), group: t('shortcuts.group') }, press)
  const errors = send.error instanceof ApiProblem ? send.error.errors : {}
  return (
    <Card>
      <div className="col linea">
        <Where interaction={interaction} sheet={sheet} />
        {isItMatter && <ItFields sheet={sheet} errors={errors} />}
        <ReplyTo sheet={sheet} error={errors['replyTo.email'] ?? errors['replyTo.phone'] ?? errors.replyTo} />
        {asked && <MissingNotice missing={missing} />}
        <Problem error={send.error} />
        <div className="row wrap">
          <span className="grow tiny">{t('ending.linea.codeAfter')}</span>
          <Button tone="primary" tall kbd="Control+Enter" onPress={press} isPending={send.isPending}>
            {t('ending.linea.send')}
          </Button>
        </div>
      </div>
    </Card>
  )
}

/** Regional centre › section › answer by, and why; with the way to correct it. */
function Where({ interaction, sheet }: { interaction: Interaction; sheet: ConversationForm }) {
  const { t, i18n } = useTranslation('web-desk')
  const { fields, change } = sheet
  const derivation = useDerivation(fields.typologyId, fields.contactId, interaction.callId)
  const [correcting, setCorrecting] = useState(fields.cricUnitId !== null)
  if (fields.typologyId === null) return <p className="muted">{t('linea.typologyFirst')}</p>
  if (derivation.error) return <Notice tone="wait">{sentenceOf(derivation.error)}</Notice>
  const { data } = derivation
  if (!data) return <Loading lines={2} />
  const chosen = data.choices.find(choice => choice.id === fields.cricUnitId)
  const due = Date.parse(data.dueAt)
  return (
    <div className="col tight">
      <div className="row wrap where">
        <Pill tone="info">{data.cric.name}</Pill>
        {data.section.id !== data.cric.id && (
          <>
            <Icon name="chevron-right" size={14} />
            <span>
              {t('linea.section')}{' '}
              {chosen ? (
                <s>{shortName(data.section.name, data.cric.name)}</s>
              ) : (
                <b>{shortName(data.section.name, data.cric.name)}</b>
              )}{' '}
              {chosen && <b>{shortName(chosen.name, data.cric.name)}</b>}
            </span>
          </>
        )}
        <Icon name="chevron-right" size={14} />
        <span>
          {t('linea.by')}{' '}
          <b className="num">
            {longDay(due, i18n.language)}, {clock(due, i18n.language)}
          </b>
        </span>
        <span className="grow" />
        {!correcting && data.choices.length > 0 && (
          <Button
            tone="quiet"
            onPress={() => {
              setCorrecting(true)
              goToStep('other-section')
            }}
          >
            {t('linea.correct')}
          </Button>
        )}
      </div>
      <p className="small">{data.why}</p>
      {correcting && (
        <div className="correction">
          <Select
            label={t('linea.otherSection')}
            step="other-section"
            choices={data.choices
              .filter(choice => choice.id !== data.section.id)
              // The centre that the ticket goes to comes first: another of its sections is meant more often than another region.
              .toSorted((a, b) => Number(isOf(b.name, data.cric.name)) - Number(isOf(a.name, data.cric.name)))
              .map(choice => ({ id: choice.id, label: shortName(choice.name, data.cric.name) }))}
            value={fields.cricUnitId}
            onChange={cricUnitId => change({ cricUnitId })}
            placeholder={t('linea.choose')}
          />
          <TextField
            label={t('linea.reason')}
            step="correction"
            value={fields.correctionReason}
            onChange={correctionReason => change({ correctionReason })}
          />
          <Button
            tone="quiet"
            icon="restore"
            onPress={() => {
              setCorrecting(false)
              change({ cricUnitId: null, correctionReason: '' })
              goToStep('reply-to')
            }}
          >
            {t('linea.asDerived')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** "CRIC Lazio – Pensioni" beside "CRIC Lazio" is "Pensioni". */
const isOf = (name: string, centre: string): boolean => name.startsWith(centre)

const shortName = (name: string, centre: string): string =>
  isOf(name, centre) && name !== centre ? name.slice(centre.length).replace(/^[\s–-]+/, '') : name

/** Where the answer goes: an address or a number of the contact in one press, or another one. */
function ReplyTo({ sheet, error }: { sheet: ConversationForm; error: string | undefined }) {
  const { t } = useTranslation('web-desk')
  const { fields, change } = sheet
  const contact = useContact(fields.contactId).data
  const known = [
    ...(contact?.masked.includes('emails') ? [] : (contact?.emails ?? [])).map(email => ({
      value: email.address,
      text: email.address,
      verified: email.verifiedAt,
    })),
    ...(contact?.masked.includes('phones') ? [] : (contact?.phones ?? [])).map(phone => ({
      value: phone.number,
      text: phoneText(phone.number),
      verified: phone.verifiedAt,
    })),
  ]
  const first = known[0]?.value
  // The first address is the one to write to: it stands there from the beginning. Whoever empties the field means another one.
  const proposedFor = useRef<string | null>(null)
  useEffect(() => {
    if (first === undefined || proposedFor.current === fields.contactId) return
    proposedFor.current = fields.contactId
    if (fields.replyTo === '') change({ replyTo: first })
  }, [first, fields.contactId, fields.replyTo, change])
  return (
    <div className="col tight">
      <TextField
        label={t('web:linea.replyTo')}
        step="reply-to"
        value={fields.replyTo}
        onChange={replyTo => change({ replyTo })}
        placeholder={t('linea.replyToPlaceholder')}
        error={error}
      />
      {known.length > 1 && (
        <fieldset className="row wrap plain-group" aria-label={t('linea.known')}>
          {known.map(each => (
            <Button
              key={each.value}
              className="chip"
              aria-pressed={fields.replyTo === each.value}
              onPress={() => change({ replyTo: each.value })}
            >
              {each.text}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  )
}
