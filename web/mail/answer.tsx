/** The answer to a mail: what it is about, and the text with its greeting and signature. It leaves ten seconds after it was sent. */
import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnswerFile } from '../../src/cases/answering/model.ts'
import type { IncomingMail } from '../../src/cases/mails/model.ts'
import { AnswerComposer } from '../shared/answer/composer.tsx'
import type { AnsweredConversation } from '../shared/answer/conversation.ts'
import { addressOf, api, errorsOf, missing } from '../shared/api.ts'
import { DraftNotice } from '../shared/form/notices.tsx'
import type { Stored } from '../shared/form/state.ts'
import { useForm } from '../shared/form/use-form.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import { spokenCode } from '../shared/time.ts'
import { TypologyField } from '../shared/typology.tsx'
import { Button, Card, Notice, Problem, Select } from '../shared/ui/index.ts'

/** A mail as the composer of answers asks for it. */
export const mailConversation = (interactionId: string, typologyId: string | null): AnsweredConversation => ({
  id: interactionId,
  typologyId,
  templates: signal =>
    api.get('/api/mails/:interactionId/templates', {
      path: { interactionId },
      query: { typologyId: typologyId ?? undefined },
      signal,
    }),
  addFile: (name, body) => api.post('/api/mails/:interactionId/files', { path: { interactionId }, query: { name }, body }),
  removeFile: fileId => api.delete('/api/mails/:interactionId/files/:fileId', { path: { interactionId, fileId } }),
  addressesOfFile: fileId => ({
    download: addressOf('/api/mails/:interactionId/files/:fileId', { path: { interactionId, fileId } }),
    show: addressOf('/api/mails/:interactionId/files/:fileId', { path: { interactionId, fileId }, query: { show: 'true' } }),
  }),
})

/** A template is the whole letter; what the mailbox writes below each one follows, unless it stands there already. */
const withSignature = (letter: string, signature: string): string =>
  signature === '' || letter.includes(signature) ? letter : `${letter.trimEnd()}\n\n${signature}`

interface Answer {
  text: string
  typologyId: string | null
  typology: string
  /** The case that it continues; null for a new one. */
  caseId: string | null
  copies: string[]
}

/** Stands for a case that does not exist yet. */
const newCase = 'new'

export function AnswerForm({
  mail,
  onSent,
  onFiles,
  onWriting,
}: {
  mail: IncomingMail
  /** Whether there is a text that is not sent: others see who is writing. */
  onWriting: (isWriting: boolean) => void
  onSent: (mail: IncomingMail) => void
  onFiles: (files: AnswerFile[]) => void
}) {
  const { t } = useTranslation('web-mail')
  const begun: Stored<Answer> = {
    version: 0,
    fields: {
      text: [t('answer.greeting', { name: mail.contact?.name ?? mail.from.name }), '', t('answer.closing'), mail.signature]
        .join('\n\n')
        .trim(),
      typologyId: mail.typologyId,
      typology: mail.typology ?? '',
      caseId: null,
      copies: [],
    },
  }
  const form = useForm<Answer>({ name: `mail:${mail.id}`, stored: begun, fieldsOf: () => begun.fields })
  const { text, typologyId, typology, copies } = form.fields
  const isUntouched = text.trim() === '' || text === begun.fields.text
  useEffect(() => onWriting(!isUntouched), [isUntouched, onWriting])
  useEffect(() => () => onWriting(false), [onWriting])
  // A draft that was kept before cases could be chosen has none.
  const caseId = mail.proposed.find(each => each.caseId === form.fields.caseId)?.caseId ?? null
  const isNew = mail.caseId === null && caseId === null
  const send = useMutation({
    mutationFn: () => {
      if (typologyId === null && isNew) throw missing({ typologyId: t('answer.chooseTypology') })
      return api.post('/api/mails/:interactionId/answer', {
        path: { interactionId: mail.id },
        body: {
          answer: text,
          copies,
          ...(caseId === null ? {} : { caseId }),
          ...(typologyId === null || caseId !== null ? {} : { typologyId }),
        },
      })
    },
    onSuccess(answered) {
      form.clear(begun)
      onSent(answered)
    },
  })
  useShortcut({ keys: 'Control+Enter', label: t('answer.send'), group: t('web:shortcuts.here') }, () => {
    if (!send.isPending) send.mutate()
  })
  const errors = errorsOf(send.error)
  return (
    <Card title={t('answer.write')}>
      <div className="col">
        <DraftNotice form={form} />
        {mail.addressTrouble && <Notice tone="wait">{mail.addressTrouble}</Notice>}
        {mail.proposed.length > 0 && (
          <Select
            step="which-case"
            label={t('proposed.which')}
            value={caseId ?? newCase}
            onChange={id => form.change({ caseId: id === newCase ? null : id })}
            choices={[
              { id: newCase, label: t('proposed.new') },
              ...mail.proposed.map(each => ({
                id: each.caseId,
                label: t('proposed.one', { code: spokenCode(each.code), title: each.title, contact: each.contact }),
                detail: t(`proposed.${each.reason}`),
              })),
            ]}
            hint={mail.proposed.some(each => each.reason === 'number') && t('proposed.check')}
            error={errors.caseId}
          />
        )}
        {isNew && (
          <TypologyField
            value={typologyId}
            label={typology}
            onChange={(id, label) => form.change({ typologyId: id, typology: label })}
            error={errors.typologyId}
          />
        )}
        <AnswerComposer
          conversation={mailConversation(mail.id, typologyId)}
          label={t('answer.label', { address: mail.from.address })}
          text={text}
          onText={typed => form.change({ text: typed })}
          rows={10}
          isUntouched={isUntouched}
          complete={template => withSignature(template, mail.signature)}
          error={errors.answer}
          copies={{ others: mail.others, chosen: copies, onChange: chosen => form.change({ copies: chosen }) }}
          files={mail.answerFiles}
          onFiles={onFiles}
        />
        <Problem error={send.error} />
        <div className="row">
          <small className="grow">{t('answer.undo')}</small>
          <Button tone="primary" tall kbd="Control+Enter" isPending={send.isPending} onPress={() => send.mutate()}>
            {t('answer.send')}
          </Button>
        </div>
      </div>
    </Card>
  )
}
