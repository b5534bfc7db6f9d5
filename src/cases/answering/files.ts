/**
 * Files that go out with an answer, whatever it answers: added and taken away by who may answer, read by whoever reads the conversation. Each kind of
 * conversation says who that is.
 */
import {
  addFile,
  type CheckedFile,
  checkFile,
  deleteWaitingFile,
  type FileQuery,
  filesWaiting,
  giveFile,
  type Reply,
  readOutgoingFile,
  viewOfFile,
} from '../../channels/index.ts'
import {
  type Actor,
  actingPerson,
  type Db,
  type House,
  must,
  notFound,
  useCase,
  type Verdict,
  type Work,
} from '../../platform/index.ts'
import type { AnswerFile } from './model.ts'

/** Who may answer a kind of conversation, and so keeps its files. Both functions return whether the actor may answer it, and throw 404 where it is not the actor's to see. */
export interface AnsweredBy {
  read(db: Db, actor: Actor, id: string): Promise<Verdict>
  /** Locks it, so that two files at once count each other. */
  lock(work: Work, id: string): Promise<Verdict>
}

interface OfConversation {
  subjectId: string
}

/** What can be done with the files of a kind of conversation. */
export function answerFilesOf({ read, lock }: AnsweredBy) {
  const keep = useCase(async (work, { subjectId, file }: OfConversation & { file: CheckedFile }): Promise<null> => {
    must(await lock(work, subjectId))
    await addFile(work, { subjectId, file, personId: actingPerson(work.actor).personId })
    return null
  })
  return {
    /** Adds a file to the answer. @throws Refused 413 beyond a limit, 403 for malware or who may not answer */
    async add(
      house: House,
      actor: Actor,
      file: OfConversation & { name: string; bytes: Buffer },
    ): Promise<{ items: AnswerFile[] }> {
      const db = house.database.kysely
      // The check may take long, and whoever may not add anything need not cause it.
      must(await read(db, actor, file.subjectId))
      await keep(house, actor, { subjectId: file.subjectId, file: await checkFile(house, file) })
      return { items: (await filesWaiting(db, file.subjectId)).map(viewOfFile) }
    },

    /** Takes a file away that has not gone along. @throws Refused 404 */
    remove: useCase(async (work, { subjectId, fileId }: OfConversation & { fileId: string }): Promise<null> => {
      must(await lock(work, subjectId))
      if (!(await deleteWaitingFile(work.tx, subjectId, fileId))) throw notFound('file')
      return null
    }),

    /** A file of an answer, as a download. @throws Refused 404 */
    async download(
      house: House,
      actor: Actor,
      { subjectId, fileId, reply }: OfConversation & { fileId: string; reply: Reply },
      query: FileQuery,
    ): Promise<Buffer> {
      const db = house.database.kysely
      await read(db, actor, subjectId)
      const file = await readOutgoingFile(db, subjectId, fileId)
      if (!file) throw notFound('file')
      return giveFile(house, reply, { name: file.name, type: file.type, blobId: file.blob_id }, query)
    },
  }
}
