/** Files that go out with an answer to a mail: who has the mail in hand adds them. */
import { notFound } from '../../platform/index.ts'
import { answerFilesOf } from '../answering/files.ts'
import { lockForReader, standingOf } from './mails.ts'
import { mayAnswerMail, mayReadMail } from './policy.ts'
import { readMailInteraction } from './store.ts'

export const mailFiles = answerFilesOf({
  async read(db, actor, interactionId) {
    const row = await readMailInteraction(db, interactionId)
    if (!row || !mayReadMail(actor, { unitPath: row.operator_path })) throw notFound('mail')
    return mayAnswerMail(actor, standingOf(row))
  },
  lock: async (work, interactionId) => mayAnswerMail(work.actor, standingOf(await lockForReader(work, interactionId))),
})
