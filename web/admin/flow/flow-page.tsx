/** The automatic answerer: the flow in force and the draft, what the checker finds, the sounds, a try, the versions. */
import '../../shared/telephone/plain-zod.ts'
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkFlow } from '../../../src/ivr/check.ts'
import { type Flow, unitsOfHours } from '../../../src/ivr/model.ts'
import type { FlowOverview, FlowVersion } from '../../../src/ivr/views.ts'
import { api } from '../../shared/api.ts'
import { useIdempotencyKey } from '../../shared/forms.ts'
import { Ago, Button, classes, EmptyState, ErrorState, Loading, notify, Problem, Tabs } from '../../shared/ui/index.ts'
import { Split } from '../split.tsx'
import { useDraftFlow } from './draft.ts'
import { DraftHead } from './draft-head.tsx'
import { useFlow, useNames } from './names.ts'
import { NodeDetail } from './node.tsx'
import { Program } from './program.tsx'
import { type Source, usePrompts } from './recording.tsx'
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
    mutationFn: () => api.post('/api/flow/draft', { key: key.keyFor({}) }),
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
    queryFn:
      typeof shown === 'number'
        ? ({ signal }) => api.get('/api/flow/versions/:number', { path: { number: shown }, signal })
        : skipToken,
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
            onChange={isDraft && draft && !draft.mustChoose ? draft.change : undefined}
            onOpen={openNode}
          />
        )
      }
    />
  )
}
