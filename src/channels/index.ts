/** The door of the channels: by what an answer reaches a citizen, and the outbox. */

export { readReplyToken } from './email/reply-token.ts'
export { mailFailed, mailQueued, mailSent } from './events.ts'
export * from './model.ts'
export { mailRow, type NewMail, queueMail, type Settler, startChannels } from './outbox.ts'
export { lastMailAbout, type MailRow, mailProblem, mailStates, readMail, troubledMails, troubleOf } from './store.ts'
export { mayChange, readdressMail, waitingMail, withdrawMail } from './waiting.ts'
