/** Files of an answer: kept at once where the conversation is, so that a colleague who goes on with it finds them. */
import { useMutation } from '@tanstack/react-query'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { AnswerFile } from '../../../src/cases/answering/model.ts'
import { maxFileBytes, maxFiles, maxFilesBytes } from '../../../src/channels/files/limits.ts'
import { bytesOfFile, megabyte } from '../files/bytes.ts'
import { FileLine } from '../files/file-line.tsx'
import { Button, Problem } from '../ui/index.ts'
import type { AnsweredConversation } from './conversation.ts'
import './answer.css'

/** @param why why no file can be added now; null when one can */
export function AnswerFiles({
  conversation,
  files,
  onFiles,
  why,
}: {
  conversation: AnsweredConversation
  files: readonly AnswerFile[]
  onFiles: (files: AnswerFile[]) => void
  why: string | null
}) {
  const { t } = useTranslation()
  const add = useMutation({
    async mutationFn(chosen: readonly File[]) {
      for (const file of chosen) onFiles((await conversation.addFile(file.name, bytesOfFile(file))).items)
    },
  })
  const remove = useMutation({
    mutationFn: (fileId: string) => conversation.removeFile(fileId),
    onSuccess: (_, fileId) => onFiles(files.filter(({ id }) => id !== fileId)),
  })
  return (
    <div className="col">
      <div className="row wrap">
        <FileTrigger allowsMultiple onSelect={chosen => chosen && add.mutate([...chosen])}>
          <Button
            icon="file"
            isPending={add.isPending}
            why={why ?? (files.length >= maxFiles ? t('composer.noMoreFiles', { limit: maxFiles }) : null)}
          >
            {t('composer.attach')}
          </Button>
        </FileTrigger>
        <small>{t('composer.limits', { file: maxFileBytes / megabyte, all: maxFilesBytes / megabyte })}</small>
      </div>
      <FileList
        conversation={conversation}
        files={files}
        onRemove={id => remove.mutate(id)}
        removing={remove.isPending ? remove.variables : undefined}
      />
      <Problem error={add.error ?? remove.error} />
    </div>
  )
}

/** Files of an answer, by which each can be looked at again. */
export function FileList({
  conversation,
  files,
  onRemove,
  removing,
}: {
  conversation: Pick<AnsweredConversation, 'addressesOfFile'>
  files: readonly AnswerFile[]
  onRemove?: (id: string) => void
  removing?: string | undefined
}) {
  const { t } = useTranslation()
  if (files.length === 0) return null
  return (
    <ul className="file-list" aria-label={t('composer.files')}>
      {files.map(file => (
        <FileLine key={file.id} file={file} address={conversation.addressesOfFile(file.id)}>
          {onRemove && (
            <Button
              tone="quiet"
              icon="close"
              label={t('composer.removeFile', { name: file.name })}
              isPending={removing === file.id}
              onPress={() => onRemove(file.id)}
            />
          )}
        </FileLine>
      ))}
    </ul>
  )
}
