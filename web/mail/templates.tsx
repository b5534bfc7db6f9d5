/** Templates of answers: those that the reader keeps, on the left; the one that is open, as a citizen would read it, on the right. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnswerTemplate } from '../../src/cases/templates/model.ts'
import { api, sentenceOf } from '../shared/api.ts'
import { pagedOptions } from '../shared/query.ts'
import { useShortcut } from '../shared/shortcuts.ts'
import {
  Ago,
  Button,
  Card,
  EmptyState,
  ErrorState,
  FormDialog,
  LinesToOpen,
  ListAndDetail,
  Loading,
  notify,
  PagedList,
  Pill,
} from '../shared/ui/index.ts'
import { Preview, TemplateDialog } from './template-dialog.tsx'
import './mail.css'

export default function TemplatesPage() {
  const { t } = useTranslation('web-mail')
  const { templateId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [making, setMaking] = useState(false)
  const templates = useInfiniteQuery({
    queryKey: ['answer-templates'],
    queryFn: ({ pageParam, signal }) => api.get('/api/answer-templates', { query: { cursor: pageParam, limit: 50 }, signal }),
    ...pagedOptions,
    meta: { live: ['answer-template.'] },
  })
  const open = (id: string | undefined) => void navigate({ to: '/answer-templates/{-$templateId}', params: { templateId: id } })
  useShortcut({ keys: 'n', label: t('templates.new'), group: t('web:shortcuts.here') }, () => setMaking(true))
  return (
    <>
      <ListAndDetail
        label={t('templates.title')}
        isOpen={templateId !== undefined}
        head={
          <div className="row wrap">
            <h1 className="grow">{t('templates.title')}</h1>
            <Button tone="primary" icon="plus" kbd="N" onPress={() => setMaking(true)}>
              {t('templates.new')}
            </Button>
          </div>
        }
        list={
          <PagedList
            query={templates}
            empty={
              <EmptyState title={t('templates.none')} icon="note">
                {t('templates.noneText')}
              </EmptyState>
            }
          >
            {items => (
              <LinesToOpen
                label={t('templates.title')}
                items={items}
                openId={templateId}
                onOpen={open}
                textOf={({ name }) => name}
              >
                {item => (
                  <div className="row top">
                    <div className="grow mail-words">
                      <div className="clip">
                        <b>{item.name}</b>
                      </div>
                      <div className="clip">
                        <small>
                          {item.unitName} · {item.typology ?? t('templates.anyQuestion')}
                        </small>
                      </div>
                    </div>
                    <Pill small>{t(`templates.languages.${item.language}`)}</Pill>
                  </div>
                )}
              </LinesToOpen>
            )}
          </PagedList>
        }
        detail={
          templateId !== undefined && (
            <TemplateDetail key={templateId} templateId={templateId} onRemoved={() => open(undefined)} />
          )
        }
        nothing={<EmptyState title={t('templates.choose')} icon="note" />}
        back={t('templates.back')}
        onBack={() => open(undefined)}
      />
      <TemplateDialog
        isOpen={making}
        onClose={() => setMaking(false)}
        onSaved={made => {
          setMaking(false)
          open(made.id)
        }}
      />
    </>
  )
}

/** Read by itself: a link leads also to one that stands on another page of the list. */
function TemplateDetail({ templateId, onRemoved }: { templateId: string; onRemoved: () => void }) {
  const template = useQuery({
    queryKey: ['answer-templates', 'one', templateId],
    queryFn: ({ signal }) => api.get('/api/answer-templates/:templateId', { path: { templateId }, signal }),
    meta: { live: ['answer-template.'] },
  })
  if (template.error) return <ErrorState error={template.error} onRetry={() => void template.refetch()} />
  if (!template.data) return <Loading />
  return <Shown template={template.data} onRemoved={onRemoved} />
}

function Shown({ template, onRemoved }: { template: AnswerTemplate; onRemoved: () => void }) {
  const { t } = useTranslation('web-mail')
  const client = useQueryClient()
  const [changing, setChanging] = useState(false)
  const [removing, setRemoving] = useState(false)
  const remove = useMutation({
    mutationFn: () => api.delete('/api/answer-templates/:templateId', { path: { templateId: template.id } }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['answer-templates'] })
      onRemoved()
    },
    onError: error => notify(sentenceOf(error), 'late'),
  })
  return (
    <article className="mail">
      <header className="row top wrap">
        <div className="grow">
          <h2>{template.name}</h2>
          <small>
            {template.unitName} · {template.typology ?? t('templates.anyQuestion')} ·{' '}
            {t(`templates.languages.${template.language}`)}
          </small>
          <div>
            <small>
              {t('templates.changedBy', { name: template.changedBy })} <Ago at={template.changedAt} />
            </small>
          </div>
        </div>
        <Button tone="quiet" icon="delete" onPress={() => setRemoving(true)}>
          {t('templates.remove')}
        </Button>
        <Button icon="pencil" onPress={() => setChanging(true)}>
          {t('templates.change')}
        </Button>
      </header>
      <Card>
        <Preview body={template.body} language={template.language} unit={template.unitName} />
      </Card>
      <TemplateDialog
        template={template}
        isOpen={changing}
        onClose={() => setChanging(false)}
        onSaved={() => setChanging(false)}
      />
      <FormDialog
        title={t('templates.removeTitle', { name: template.name })}
        act={t('templates.remove')}
        tone="danger"
        isOpen={removing}
        onClose={() => setRemoving(false)}
        sending={remove.isPending}
        error={remove.error}
        onSubmit={() => remove.mutate()}
      >
        <p>{t('templates.removeText')}</p>
      </FormDialog>
    </article>
  )
}
