/** Writes an answer to a citizen, whatever is answered: a template to begin with, the text, who gets a copy, files. What is around it and sends it, its page adds. */
import { useQuery } from '@tanstack/react-query'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { greets, takesLeave } from '../../../src/cases/answering/letter.ts'
import type { AnswerFile } from '../../../src/cases/answering/model.ts'
import { api } from '../api.ts'
import { goToStep } from '../focus.ts'
import { may, useSession } from '../session.tsx'
import { Button, Menu, TextArea } from '../ui/index.ts'
import type { AnsweredConversation } from './conversation.ts'
import { AnswerFiles, FileList } from './files.tsx'
import './answer.css'

export interface Copies {
  /** Who may get one. */
  others: readonly string[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

export function AnswerComposer({
  conversation,
  text,
  onText,
  isUntouched,
  complete = template => template,
  letter,
  copies,
  files,
  onFiles,
  whyNoFiles = null,
  ...field
}: {
  conversation: AnsweredConversation
  text: string
  onText: (text: string) => void
  /** Whether nothing was written yet: a template takes the place of such a text, and else follows it. */
  isUntouched: boolean
  /** Makes a template the whole text, as it is sent. */
  complete?: (template: string) => string
  /** What the program writes before and after a text that has no greeting or end of its own. */
  letter?: { greeting: string; closing: string } | null
  copies?: Copies
  files: readonly AnswerFile[]
  onFiles: (files: AnswerFile[]) => void
  /** Why no file can go along; null when files can. */
  whyNoFiles?: string | null
} & Pick<ComponentProps<typeof TextArea>, 'label' | 'hideLabel' | 'rows' | 'placeholder' | 'error' | 'isReadOnly'>) {
  return (
    <>
      {!field.isReadOnly && (
        <TemplateMenu
          conversation={conversation}
          onChoose={chosen => {
            onText(isUntouched ? complete(chosen) : `${text.trimEnd()}\n\n${chosen}`)
            goToStep('answer')
          }}
        />
      )}
      {letter && !greets(text) && <p className="small answer-frame">{letter.greeting}</p>}
      <TextArea {...field} value={text} onChange={onText} step="answer" />
      {letter && !takesLeave(text) && <p className="small answer-frame">{letter.closing}</p>}
      {copies && <CopyChoice {...copies} />}
      {field.isReadOnly ? (
        <FileList conversation={conversation} files={files} />
      ) : (
        <AnswerFiles conversation={conversation} files={files} onFiles={onFiles} why={whyNoFiles} />
      )}
    </>
  )
}

function TemplateMenu({ conversation, onChoose }: { conversation: AnsweredConversation; onChoose: (text: string) => void }) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['answer-templates-for', conversation.id, conversation.typologyId],
    queryFn: ({ signal }) => conversation.templates(signal),
    placeholderData: earlier => earlier,
    meta: { live: ['answer-template.'] },
  })
  const items = [...useNoticesToAnswer(), ...(found.data?.items ?? [])]
  if (items.length === 0) return null
  return (
    <div className="row wrap">
      <Menu
        label={t('composer.template')}
        entries={items.map(({ id, name, language }) => ({
          id,
          label: language === 'it' ? name : `${name} (${t(`composer.languages.${language}`)})`,
        }))}
        onAction={id => {
          const chosen = items.find(each => each.id === id)
          if (chosen) onChoose(chosen.text)
        }}
      >
        <Button icon="note">{t('composer.template')}</Button>
      </Menu>
    </div>
  )
}

/** What does not work at this moment, as texts that an answer may begin with. */
function useNoticesToAnswer() {
  const { t } = useTranslation()
  const { acting } = useSession()
  const notices = useQuery({
    queryKey: ['notices', 'answers'],
    queryFn: ({ signal }) => api.get('/api/notices', { query: { for: 'answers' }, signal }),
    enabled: may(acting, 'incidents.see'),
    meta: { live: ['incident.notice-published', 'incident.notice-withdrawn', 'incident.changed'] },
  })
  return (notices.data?.items ?? []).flatMap(({ id, title, texts, workaround }) =>
    (['it', 'en'] as const).flatMap(language => {
      const said = texts[language]
      // The way around it is written in Italian.
      const text = [said, language === 'it' ? workaround : ''].filter(Boolean).join('\n\n')
      return said === undefined ? [] : [{ id: `${id}-${language}`, name: t('composer.notice', { title }), language, text }]
    }),
  )
}

/** Who else got the mail: each may get a copy, and nobody does unless it is chosen. */
function CopyChoice({ others, chosen, onChange }: Copies) {
  const { t } = useTranslation()
  if (others.length === 0) return null
  return (
    <fieldset className="answer-copies">
      <legend>{t('composer.copies')}</legend>
      <div className="row wrap">
        {others.map(address => {
          const isChosen = chosen.includes(address)
          const change = isChosen ? chosen.filter(each => each !== address) : [...chosen, address]
          return (
            <Button key={address} icon={isChosen ? 'check' : 'plus'} aria-pressed={isChosen} onPress={() => onChange(change)}>
              {address}
            </Button>
          )
        })}
      </div>
    </fieldset>
  )
}
