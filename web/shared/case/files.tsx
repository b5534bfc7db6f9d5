/** The files of a case: what people put there, by button, by dropping or by pasting, and what came with its mails. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useEffect, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { maxCaseFiles, maxCaseFilesBytes } from '../../../src/cases/files/limits.ts'
import type { CaseFile, MailFile } from '../../../src/cases/files/model.ts'
import type { Case } from '../../../src/cases/model.ts'
import { maxFileBytes } from '../../../src/channels/files/limits.ts'
import { addressOf, api } from '../api.ts'
import { bytesOfFile, megabyte } from '../files/bytes.ts'
import { FileLine } from '../files/file-line.tsx'
import { goToStep, stepAt } from '../focus.ts'
import { date } from '../time.ts'
import { Button, Card, classes, ErrorState, Link, Loading, notify, Problem, useNow } from '../ui/index.ts'

/** What has changed is read anew, whichever page shows it. */
function useReadFiles() {
  const client = useQueryClient()
  return () =>
    client.invalidateQueries({ predicate: ({ queryKey: [first] }) => ['case-files', 'case-history'].includes(String(first)) })
}

export function CaseFiles({ matter }: { matter: Pick<Case, 'id'> }) {
  const { t } = useTranslation()
  const readAnew = useReadFiles()
  const [isOver, setOver] = useState(false)
  const [name, setName] = useState('')
  const found = useQuery({
    queryKey: ['case-files', matter.id],
    queryFn: ({ signal }) => api.get('/api/cases/:caseId/files', { path: { caseId: matter.id }, signal }),
    meta: { live: ['case.', 'interaction.', 'mail.'], about: { case: matter.id } },
  })
  const [problem, setProblem] = useState<unknown>(null)
  // Those that are chosen while others are on their way wait for them.
  const add = useMutation({
    scope: { id: `case-files:${matter.id}` },
    onMutate: () => setProblem(null),
    onError: setProblem,
    async mutationFn(chosen: readonly File[]) {
      for (const file of chosen) {
        setName(file.name)
        await api.post('/api/cases/:caseId/files', {
          path: { caseId: matter.id },
          query: { name: file.name },
          body: bytesOfFile(file),
        })
      }
      return chosen.length
    },
    onSuccess: count => notify(t('caseFiles.done', { count })),
    onSettled: readAnew,
  })
  const mayKeep = found.data?.keep.allowed ?? false
  const take = (files: readonly File[]) => {
    if (files.length > 0 && mayKeep) add.mutate(files)
  }
  usePastedFiles(take)
  if (found.isPending) return <Loading lines={2} />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const { files, fromMails } = found.data
  const kept = files.filter(each => each.removed === null)
  const removed = files.filter(each => each.removed !== null)
  const over = (event: DragEvent) => {
    if (!mayKeep || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped can be chosen by the button
    <div
      className={classes('file-target', isOver && 'over')}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        take([...event.dataTransfer.files])
      }}
    >
      <Card
        title={t('caseFiles.title')}
        aside={
          mayKeep && (
            <FileTrigger allowsMultiple onSelect={chosen => chosen && take([...chosen])}>
              <Button
                icon="file"
                step="add-file"
                isPending={add.isPending}
                why={files.length >= maxCaseFiles ? t('caseFiles.full', { limit: maxCaseFiles }) : null}
              >
                {t('caseFiles.add')}
              </Button>
            </FileTrigger>
          )
        }
      >
        <div className="col">
          <p className="sr" role="status">
            {add.isPending ? t('caseFiles.adding', { name }) : ''}
          </p>
          {isOver && <p>{t('caseFiles.drop')}</p>}
          <Problem error={problem} />
          {kept.length + fromMails.length === 0 && <p className="muted">{t(mayKeep ? 'caseFiles.none' : 'caseFiles.noneYet')}</p>}
          <KeptFiles caseId={matter.id} files={kept} mayKeep={mayKeep} />
          <MailFiles files={fromMails} />
          <RemovedFiles caseId={matter.id} files={removed} mayKeep={mayKeep} />
          {mayKeep && (
            <small>
              {t('caseFiles.limits', { file: maxFileBytes / megabyte, count: maxCaseFiles, all: maxCaseFilesBytes / megabyte })}
            </small>
          )}
        </div>
      </Card>
    </div>
  )
}

/** Files that are pasted anywhere on the page, but into a field, where text is meant. */
function usePastedFiles(take: (files: readonly File[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const isField = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable], [role=dialog]')
      const files = [...(event.clipboardData?.files ?? [])]
      if (isField || files.length === 0) return
      event.preventDefault()
      take(files)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  })
}

interface FilesOfCase {
  caseId: string
  files: readonly CaseFile[]
  mayKeep: boolean
}

function KeptFiles({ caseId, files, mayKeep }: FilesOfCase) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const readAnew = useReadFiles()
  const remove = useMutation({
    mutationFn: (file: CaseFile) => api.delete('/api/cases/:caseId/files/:fileId', { path: { caseId, fileId: file.id } }),
    async onSuccess(_, { name }) {
      notify(t('caseFiles.gone', { name }))
      await readAnew()
      goToStep('removed-files')
    },
  })
  if (files.length === 0) return null
  return (
    <section aria-label={t('caseFiles.mine')}>
      <ul className="file-list">
        {files.map(file => {
          const path = { caseId, fileId: file.id }
          const day = date(Date.parse(file.at), i18n.language, now)
          return (
            <FileLine
              key={file.id}
              file={file}
              address={{
                download: addressOf('/api/cases/:caseId/files/:fileId', { path }),
                show: addressOf('/api/cases/:caseId/files/:fileId', { path, query: { show: 'true' } }),
              }}
              note={<small>{t('caseFiles.by', { name: file.byName, day })}</small>}
            >
              {mayKeep && (
                <Button
                  tone="quiet"
                  icon="close"
                  label={t('caseFiles.remove', { name: file.name })}
                  isPending={remove.isPending && remove.variables.id === file.id}
                  onPress={() => remove.mutate(file)}
                />
              )}
            </FileLine>
          )
        })}
      </ul>
      <Problem error={remove.error} />
    </section>
  )
}

/** What was taken away, out of the way of what is there. */
function RemovedFiles({ caseId, files, mayKeep }: FilesOfCase) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const readAnew = useReadFiles()
  const restore = useMutation({
    mutationFn: (file: CaseFile) => api.post('/api/cases/:caseId/files/:fileId/restore', { path: { caseId, fileId: file.id } }),
    async onSuccess(_, { name }) {
      notify(t('caseFiles.back', { name }))
      await readAnew()
      goToStep('add-file')
    },
  })
  if (files.length === 0) return null
  return (
    <details>
      <summary {...stepAt('removed-files')} tabIndex={0}>
        {t('caseFiles.removed', { count: files.length })}
      </summary>
      <ul className="file-list">
        {files.map(file => (
          <FileLine
            key={file.id}
            file={file}
            address={undefined}
            note={
              <small>
                {t('caseFiles.removedBy', {
                  name: file.removed?.byName ?? '',
                  day: date(Date.parse(file.removed?.at ?? file.at), i18n.language, now),
                })}
              </small>
            }
          >
            {mayKeep && (
              <Button
                tone="quiet"
                className="small-button"
                label={t('caseFiles.restoreNamed', { name: file.name })}
                isPending={restore.isPending && restore.variables.id === file.id}
                onPress={() => restore.mutate(file)}
              >
                {t('caseFiles.restore')}
              </Button>
            )}
          </FileLine>
        ))}
      </ul>
      <Problem error={restore.error} />
    </details>
  )
}

function MailFiles({ files }: { files: readonly MailFile[] }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (files.length === 0) return null
  return (
    <section>
      <h3 className="quiet-title">{t('caseFiles.fromMails')}</h3>
      <ul className="file-list">
        {files.map(file => {
          const { interactionId, id: attachmentId, name } = file
          const path = { interactionId, attachmentId }
          const facts = {
            name: file.from,
            channel: t(`channels.${file.channel}`),
            day: date(Date.parse(file.at), i18n.language, now),
          }
          const isGiven = file.mayOpen && file.scan !== 'infected'
          return (
            <FileLine
              key={attachmentId}
              file={file}
              address={
                isGiven
                  ? {
                      download: addressOf('/api/mails/:interactionId/attachments/:attachmentId', { path }),
                      show: addressOf('/api/mails/:interactionId/attachments/:attachmentId', { path, query: { show: 'true' } }),
                    }
                  : undefined
              }
              note={<small>{t('caseFiles.from', facts)}</small>}
            >
              {file.mayOpen ? (
                <Link
                  className="link small"
                  to="/mails/{-$interactionId}"
                  params={{ interactionId }}
                  aria-label={t('caseFiles.toMailNamed', { name })}
                >
                  {t('caseFiles.toMail')}
                </Link>
              ) : (
                <small>{t('caseFiles.notOpen')}</small>
              )}
            </FileLine>
          )
        })}
      </ul>
    </section>
  )
}
