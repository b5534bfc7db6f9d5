/** A file that somebody has chosen, as the server takes it. */
import i18next from 'i18next'
import { maxFileBytes } from '../../../src/channels/files/limits.ts'
import { ApiProblem } from '../api.ts'

export const megabyte = 1_048_576

/** @throws ApiProblem for one that is too large: it is not sent to be refused */
export function bytesOfFile(file: File): Blob {
  if (file.size > maxFileBytes)
    throw new ApiProblem(
      413,
      'web.file.tooLarge',
      i18next.t('web:file.tooLarge', { name: file.name, limit: maxFileBytes / megabyte }),
    )
  return new Blob([file], { type: 'application/octet-stream' })
}
