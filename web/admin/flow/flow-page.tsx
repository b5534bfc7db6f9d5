/** The automatic answerer: the flow in force and the draft, what the checker finds, the sounds, a try, the versions. */
import '../../desk/telephone/plain-zod.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkFlow, mayPublish } from '../../../src/ivr/check.ts'
import { type Flow, FlowLanguage, flowLanguages, unitsOfHours } from '../../../src/ivr/model.ts'
import type { FlowOverview, FlowVersion } from '../../../src/ivr/views.ts'
import { api } from '../../shared/api.ts'
import { useIdempotencyKey } from '../../shared/forms.ts'
import {
  Ago,
  Button,
  Card,
  classes,
  Dialog,
  EmptyState,
  ErrorState,
  Loading,
  Menu,
  Notice,
  notify,
  Pill,
  Problem,
  Tabs,
  TextArea,
} from '../../shared/ui/index.ts'
import { Split } from '../split.tsx'
import { type Draft, useDraftFlow } from './draft.ts'
import { type Names, useFlow, useNames } from './names.ts'
import { NodeDetail } from './node.tsx'
import { RecordingBar, type Source, usePrompts } from './recording.tsx'
import { FlowTree } from './tree.tsx'
import { TryFlow } from './try.tsx'
import { Versions } from './versions.tsx'
import './flow.css'

export default function FlowPage() {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const found = useFlow()
  const key = useIdempotencyKey()
  const begin = useMutation({
    mutationFn: () => api.post<FlowVersion>('/api/flow/draft', {}, { key: key.keyFor({}) }),
    onSuccess(draft) {
      key.renew()
      client.setQueryData<FlowOverview>(['flow'], known => known && { ...known, draft })
    },
    onError: () => void found.refetch(),
  })
  if (found.isPending) return <Loading />
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const overview = found.data
  const first = overview.draft ?? overview.inForce
  if (!first)
    return (
      <EmptyState title={t('noFlow')} icon="telephone">
        {t('noFlowText')}
      </EmptyState>
    )
  return (
    <Editor overview={overview} first={first} onBegin={() => begin.mutate()} isBeginning={begin.isPending} error={begin.error} />
  )
}

type Shown = Source | number

function Editor({
  overview,
  first,
  onBegin,
  isBeginning,
  error,
}: {
  overview: FlowOverview
  first: FlowVersion
  onBegin: () => void
  isBeginning: boolean
  error: unknown
}) {
  const { t } = useTranslation('web-flow')
  const navigate = useNavigate()
  const { view } = useParams({ strict: false })
  const onMerged = useCallback((by: string | null) => notify(t('merged', { name: by ?? t('program') })), [t])
  const draft = useDraftFlow(overview.draft, onMerged)
  const [wanted, setWanted] = useState<Shown | null>(null)
  const shown: Shown = wanted === 'draft' && !draft ? 'in-force' : (wanted ?? (draft ? 'draft' : 'in-force'))
  const past = useQuery({
    queryKey: ['flow-version', shown],
    queryFn: ({ signal }) => api.get<FlowVersion>(`/api/flow/versions/${shown}`, undefined, signal),
    enabled: typeof shown === 'number',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isDraft = shown === 'draft'
  const flow: Flow = (isDraft ? draft?.flow : typeof shown === 'number' ? past.data?.flow : overview.inForce?.flow) ?? first.flow
  const source: Source = isDraft ? 'draft' : 'in-force'
  const prompts = usePrompts(source, typeof shown !== 'number')
  // What is recorded belongs to the flow in force or to the draft; an old version is there to be read.
  const list = typeof shown === 'number' ? [] : (prompts.data?.items ?? [])
  const names = useNames(flow, overview)
  const findings = isDraft ? checkFlow(flow, { sections: overview.sections.map(({ id }) => id) }) : []
  const open = (to: string | undefined) => void navigate({ to: '/admin/flow/{-$view}', params: { view: to } })
  const openNode = (node: string | null) => open(node === null ? undefined : `step.${node}`)
  const show = (next: Shown) => {
    setWanted(next)
    if (view === 'versions') open(undefined)
  }
  const node = view?.startsWith('step.') ? view.slice('step.'.length) : null
  const recorded = new Set(list.flatMap(each => (each.recording && each.node !== null ? [each.node] : [])))

  return (
    <Split
      label={t('title')}
      back={t('back')}
      choose={t('choose')}
      onBack={() => open(undefined)}
      list={
        <>
          <div className="admin-head">
            <div className="row wrap">
              <h1 className="grow">{t('title')}</h1>
              <Button icon="hearing" aria-pressed={view === 'try'} onPress={() => open('try')}>
                {t('try')}
              </Button>
              <Button icon="restore" aria-pressed={view === 'versions'} onPress={() => open('versions')}>
                {t('versions')}
              </Button>
            </div>
            <div className="row wrap">
              <Tabs
                label={t('which')}
                tabs={[
                  ...(overview.inForce ? [{ id: 'in-force', label: t('inForce', { number: overview.inForce.number }) }] : []),
                  ...(draft && overview.draft ? [{ id: 'draft', label: t('draft', { number: overview.draft.number }) }] : []),
                  ...(typeof shown === 'number' ? [{ id: String(shown), label: t('version', { number: shown }) }] : []),
                ]}
                value={String(shown)}
                onChange={id => setWanted(id === 'in-force' || id === 'draft' ? id : Number(id))}
              />
              {!draft && (
                <Button tone="primary" icon="pencil" isPending={isBeginning} onPress={onBegin}>
                  {t('begin')}
                </Button>
              )}
            </div>
            <Problem error={error} />
            {isDraft && draft ? (
              <DraftHead
                draft={draft}
                overview={overview}
                names={names}
                findings={findings}
                onOpen={openNode}
                onPublished={() => setWanted('in-force')}
              />
            ) : (
              shown === 'in-force' &&
              overview.inForce?.publishedAt && (
                <small>
                  {t('publishedBy', { name: overview.inForce.publishedBy ?? t('program') })}{' '}
                  <Ago at={overview.inForce.publishedAt} />
                </small>
              )
            )}
          </div>
          {past.isError && <ErrorState error={past.error} onRetry={() => void past.refetch()} />}
          <FlowTree flow={flow} names={names} findings={findings} recorded={recorded} chosen={node} onChoose={openNode} />
          <button
            type="button"
            className={classes('admin-line flow-program', view === 'program' && 'on')}
            onClick={() => open('program')}
          >
            <span className="grow">
              <span className="block">{t('programSays')}</span>
              <small className="block">{t('programSaysText')}</small>
            </span>
          </button>
        </>
      }
      detail={
        view === undefined ? null : view === 'versions' ? (
          <Versions overview={overview} onLook={show} />
        ) : view === 'try' ? (
          <TryFlow flow={flow} names={names} units={unitsOfHours(flow)} prompts={list} source={source} />
        ) : view === 'program' ? (
          <Program prompts={list} source={source} isPending={prompts.isPending} />
        ) : (
          <NodeDetail
            key={`${shown} ${node}`}
            id={node ?? ''}
            flow={flow}
            names={names}
            overview={overview}
            findings={findings}
            prompts={list}
            source={source}
            onChange={isDraft && draft && !draft.conflict ? draft.change : undefined}
            onOpen={openNode}
          />
        )
      }
    />
  )
}

/** The state of the draft: saved or not, what is to be mended, and what can be done with it. */
function DraftHead({
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
  const wrong = errors > 0 ? t('errorsFirst', { count: errors }) : draft.conflict ? t('conflictFirst') : null
  return (
    <>
      <div className="row wrap">
        <Pill small tone={draft.state === 'saved' ? 'ok' : 'wait'} dot>
          {t(`states.${draft.error ? 'failed' : draft.state}`)}
        </Pill>
        <span className="grow" />
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
      {draft.conflict && (
        <Notice
          tone="wait"
          live
          title={t('conflict', { name: draft.conflict.by ?? t('program') })}
          action={
            <div className="col tight">
              <Button onPress={() => draft.settle('mine')}>{t('keepMine')}</Button>
              <Button onPress={() => draft.settle('theirs')}>{t('takeTheirs')}</Button>
            </div>
          }
        >
          {draft.conflict.nodes.map(names.of).join(', ')}
        </Notice>
      )}
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
  const [note, setNote] = useState('')
  const send = useMutation({
    async mutationFn() {
      const version = await draft.flush()
      if (version === undefined) return null
      return api.post<FlowVersion>('/api/flow/draft/publish', { note }, { version })
    },
    onSuccess(kept) {
      // It could not be saved: why stands in the list beside.
      if (kept === null) return props.onClose()
      setNote('')
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
      <TextArea label={t('note')} rows={2} value={note} onChange={setNote} hint={t('noteHint')} autoFocus />
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

/** What the program says by itself: its sounds can be replaced, its words are those of the program. */
function Program({
  prompts,
  source,
  isPending,
}: {
  prompts: Parameters<typeof RecordingBar>[0]['prompt'][]
  source: Source
  isPending: boolean
}) {
  const { t } = useTranslation('web-flow')
  const own = prompts.filter(each => each.part === 'program')
  return (
    <article>
      <header>
        <h1>{t('programSays')}</h1>
        <small>{t('programSaysText')}</small>
      </header>
      {isPending ? (
        <Loading />
      ) : own.length === 0 ? (
        <EmptyState title={t('onlyNow')} icon="hearing" />
      ) : (
        [...new Set(own.map(each => each.language))].map(language => (
          <Card key={language} title={t(`languages.${language}`)} level="h2">
            <div className="col">
              {own
                .filter(each => each.language === language)
                .map(each => (
                  <div key={each.key} className="flow-text">
                    <p className="prose" lang={language}>
                      {each.text}
                    </p>
                    <RecordingBar prompt={each} source={source} />
                  </div>
                ))}
            </div>
          </Card>
        ))
      )}
    </article>
  )
}
