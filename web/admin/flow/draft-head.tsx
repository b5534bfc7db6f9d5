/** What one does with a draft as a whole: see whether it is kept and what is to be mended, choose its languages, publish it, put it away. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type checkFlow, mayPublish } from '../../../src/ivr/check.ts'
import { textIn } from '../../../src/ivr/interpreter.ts'
import { type Flow, FlowLanguage, type FlowNode, flowLanguages } from '../../../src/ivr/model.ts'
import type { FlowOverview } from '../../../src/ivr/views.ts'
import { api } from '../../shared/api.ts'
import { ClashNotices, DraftNotice } from '../../shared/form/notices.tsx'
import { useDraft } from '../../shared/forms.ts'
import { Button, Dialog, Menu, Notice, notify, Pill, Problem, TextArea } from '../../shared/ui/index.ts'
import type { Draft } from './draft.ts'
import { stepOf } from './draft-fields.ts'
import type { Names } from './names.ts'
import { beginning } from './outline.ts'

/** The state of the draft: saved or not, what is to be mended, and what can be done with it. */
export function DraftHead({
  draft,
  overview,
  names,
  findings,
  onOpen,
  onPublished,
}: {
  draft: Draft
  overview: FlowOverview
  names: Names
  findings: ReturnType<typeof checkFlow>
  onOpen: (node: string) => void
  onPublished: () => void
}) {
  const { t } = useTranslation('web-flow')
  const [asking, setAsking] = useState<'publish' | 'discard' | null>(null)
  const errors = findings.filter(each => each.severity === 'error').length
  const wrong = errors > 0 ? t('errorsFirst', { count: errors }) : draft.mustChoose ? t('web:form.chooseFirst') : null
  return (
    <>
      <div className="row wrap">
        <Pill small tone={draft.state === 'saved' ? 'ok' : 'wait'} dot>
          {t(`web:form.states.${draft.state}`)}
        </Pill>
        <span className="grow" />
        <Button
          tone="quiet"
          icon="restore"
          label={t('undo')}
          why={draft.undo ? null : t('nothingToUndo')}
          onPress={() => draft.undo?.()}
        />
        <LanguageMenu draft={draft} />
        <Button tone="quiet" icon="delete" onPress={() => setAsking('discard')}>
          {t('discard')}
        </Button>
        <Button tone="primary" why={wrong} onPress={() => setAsking('publish')}>
          {t('publish')}
        </Button>
      </div>
      {draft.isGone && (
        <Notice tone="late" live title={t('gone')}>
          {t('goneText')}
        </Notice>
      )}
      {draft.removed.length > 0 && (
        <Notice live action={<Button onPress={() => draft.undo?.()}>{t('putBack')}</Button>}>
          {t('removed', { count: draft.removed.length, text: draft.removed.map(node => textOfNode(node)).join(' · ') })}
        </Notice>
      )}
      <ClashNotices form={draft.form} labels={labelsOf(draft, names, t)} show={(field, value) => wordsOf(field, value, t)} />
      {!draft.isGone && <Problem error={draft.error} />}
      {overview.draft && overview.draft.copyOf !== null && overview.draft.copyOf < overview.version && (
        <Notice tone="wait">{t('olderBase', { base: overview.draft.copyOf, number: overview.version })}</Notice>
      )}
      {findings.length > 0 && (
        <ul className="flow-findings" aria-label={t('findingsList')}>
          {findings.map(each => (
            <li key={`${each.code} ${each.node} ${JSON.stringify(each.values)}`} className={each.severity}>
              {each.node === null ? (
                names.finding(each)
              ) : (
                <button type="button" className="link plain" onClick={() => each.node !== null && onOpen(each.node)}>
                  {names.finding(each)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {findings.length === 0 && <small>{t('allGood')}</small>}
      <PublishDialog
        draft={draft}
        mayPublish={mayPublish(findings)}
        isOpen={asking === 'publish'}
        onClose={() => setAsking(null)}
        onDone={onPublished}
      />
      <DiscardDialog draft={draft} isOpen={asking === 'discard'} onClose={() => setAsking(null)} onDone={onPublished} />
    </>
  )
}

const textOfNode = (node: FlowNode): string => ('text' in node && node.text ? beginning(textIn(node.text, 'it'), 60) : '')

type Words = TFunction<'web-flow'>

/** What the fields of the draft are called: the steps by their names. */
const labelsOf = ({ form }: Draft, names: Names, t: Words): Record<string, string> =>
  Object.fromEntries(
    Object.keys(form.fields).map(field => {
      const step = stepOf(field)
      return [field, step === undefined ? t(field === 'languages' ? 'flowLanguages' : 'title') : names.of(step)]
    }),
  )

/** A step in words: what it says in each language, and its keys. */
function wordsOf(field: string, value: unknown, t: Words): string {
  if (field === 'languages') return (value as Flow['languages']).map(each => t(`languages.${each}`)).join(', ')
  if (stepOf(field) === undefined) return String(value)
  const node = value as FlowNode | null
  if (node === null) return t('takenAway')
  const said = 'text' in node && node.text ? Object.values(node.text) : []
  const keys =
    node.type === 'menu' ? Object.entries(node.choices).map(([key, choice]) => `${key}: ${choice?.label.it ?? ''}`) : []
  return [t(`kinds.${node.type}`), ...said, ...keys].join('\n')
}

function LanguageMenu({ draft }: { draft: Draft }) {
  const { t } = useTranslation('web-flow')
  const { flow } = draft
  return (
    <Menu
      label={t('flowLanguages')}
      entries={flowLanguages.map(id => ({
        id,
        label: t(`languages.${id}`),
        isCurrent: flow.languages.includes(id),
        isDisabled: id === 'it',
      }))}
      onAction={id => {
        const language = FlowLanguage.safeParse(id).data
        if (!language) return
        const languages = flow.languages.includes(language)
          ? flow.languages.filter(each => each !== language)
          : [...flow.languages, language]
        draft.change({ ...flow, languages })
      }}
    >
      <Button tone="quiet" label={t('flowLanguages')}>
        {flow.languages.map(each => each.toUpperCase()).join(' · ')}
      </Button>
    </Menu>
  )
}

interface AskProps {
  draft: Draft
  isOpen: boolean
  onClose: () => void
  onDone: () => void
}

function useDone({ onClose, onDone }: Pick<AskProps, 'onClose' | 'onDone'>) {
  const client = useQueryClient()
  return (words: string) => {
    onClose()
    onDone()
    notify(words)
    for (const queryKey of [['flow'], ['flow-versions'], ['prompts']]) void client.invalidateQueries({ queryKey })
  }
}

function PublishDialog({ draft, mayPublish, ...props }: AskProps & { mayPublish: boolean }) {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const done = useDone(props)
  const noted = useDraft(`flow-publish:${draft.name}`, props.isOpen)
  const note = noted.text
  const send = useMutation({
    async mutationFn() {
      const version = await draft.flush()
      if (version === undefined) return null
      return api.post('/api/flow/draft/publish', { body: { note }, version })
    },
    onSuccess(kept) {
      // It could not be saved: why stands in the list beside.
      if (kept === null) return props.onClose()
      noted.clear()
      client.setQueryData<FlowOverview>(
        ['flow'],
        known => known && { ...known, version: kept.number, inForce: kept, draft: null },
      )
      done(t('published', { number: kept.number }))
    },
  })
  return (
    <Dialog
      title={t('publishTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
      onSubmit={() => send.mutate()}
      footer={
        <>
          <Button onPress={props.onClose}>{t('web:cancel')}</Button>
          <Button
            tone="primary"
            type="submit"
            isPending={send.isPending}
            why={mayPublish ? null : t('errorsFirst', { count: 1 })}
          >
            {t('publish')}
          </Button>
        </>
      }
    >
      <p>{t('publishText')}</p>
      <TextArea label={t('note')} rows={2} value={note} onChange={noted.setText} hint={t('noteHint')} autoFocus />
      <DraftNotice form={noted.form} />
      <Problem error={send.error} />
    </Dialog>
  )
}

function DiscardDialog({ draft, ...props }: AskProps) {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const done = useDone(props)
  const send = useMutation({
    async mutationFn() {
      const version = await draft.flush()
      if (version !== undefined) await api.delete('/api/flow/draft', { version })
    },
    onSuccess() {
      client.setQueryData<FlowOverview>(['flow'], known => known && { ...known, draft: null })
      done(t('discarded'))
    },
  })
  return (
    <Dialog
      title={t('discardTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
      onSubmit={() => send.mutate()}
      footer={
        <>
          <Button onPress={props.onClose}>{t('web:cancel')}</Button>
          <Button tone="danger" type="submit" isPending={send.isPending}>
            {t('discard')}
          </Button>
        </>
      }
    >
      <p>{t('discardText')}</p>
      <Problem error={send.error} />
    </Dialog>
  )
}
