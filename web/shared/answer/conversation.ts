/** What a composer of answers asks of the conversation that is answered: a mail, or a Linea ticket. */
import type { AnswerFile } from '../../../src/cases/answering/model.ts'
import type { FilledTemplate } from '../../../src/cases/templates/model.ts'

export interface AnsweredConversation {
  readonly id: string
  /** Templates for the answer, filled as far as their values are known. */
  templates(signal: AbortSignal): Promise<{ items: FilledTemplate[] }>
  /** What `templates` depends on beside the conversation. */
  readonly typologyId: string | null
  /** Returns all files that wait for the answer. */
  addFile(name: string, body: Blob): Promise<{ items: AnswerFile[] }>
  removeFile(fileId: string): Promise<unknown>
  /** Where a file is downloaded, and where it is shown. */
  addressesOfFile(fileId: string): { download: string; show: string }
}
