/** The door of the channels: by what an answer reaches a citizen, and the outbox; mailboxes, and the mail that comes in. */

export { readReplyToken } from './email/reply-token.ts'
export { mailFailed, mailQueued, mailReceived, mailSent } from './events.ts'
export { type CheckedFile, checkFile, megabytes } from './files/check.ts'
export { maxFileBytes, maxFiles, maxFilesBytes } from './files/limits.ts'
export { addFile, sendAlong, viewOfFile, waitAgain } from './files/service.ts'
export { asShown, FileQuery, giveFile, type Reply } from './files/serving.ts'
export { isPicture, isShown } from './files/shown.ts'
export { deleteWaitingFile, filesOfMail, filesWaiting, readOutgoingFile } from './files/store.ts'
export { maxCopies, type UnitSender, unitSender } from './inbox/answering.ts'
export { downloadAttachment, downloadRaw, ImagesQuery, mailHtml, showInFrame } from './inbox/downloads.ts'
export type { ArrivedMail, Receive } from './inbox/process.ts'
export { troubleOfAddress } from './inbox/return-store.ts'
export { startInbox } from './inbox/start.ts'
export { attachmentsOf, readIncomingMail } from './inbox/store.ts'
export { unitsWithMailbox } from './mailboxes/store.ts'
export * from './model.ts'
export { mailRow, type NewMail, queueMail, type Settler, startChannels } from './outbox.ts'
export { openTrustStore } from './pec/authorities.ts'
export { receiptJoined, receiptMissing } from './registered/events.ts'
export { RegisteredEnvelope, RegisteredLine } from './registered/model.ts'
export { type HolderOf, watchSilence } from './registered/service.ts'
export { messageProof, registeredEnvelope, registeredLines } from './registered/views.ts'
export { examineRoutes, mailboxRoutes } from './routes.ts'
export {
  lastMailAbout,
  type MailRow,
  mailProblem,
  mailStates,
  moveMailsAbout,
  readMail,
  troubledMails,
  troubleOf,
} from './store.ts'
export type { MailOwner, OwnerOf, UnsentRights } from './unsent/owners.ts'
export { unsentRoutes } from './unsent/routes.ts'
export { mayChange, readdressMail, waitingMail, withdrawMail } from './waiting.ts'
