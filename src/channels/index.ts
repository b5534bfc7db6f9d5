/** The door of the channels: outgoing e-mail. */
export { mailFailed, mailQueued, mailSent } from './events.ts'
export { mailRow, type NewMail, queueMail, type Settler, startChannels } from './outbox.ts'
export { readReplyToken } from './reply-token.ts'
export { lastMailAbout, type MailRow, mailProblem, mailStates, readMail, troubledMails, troubleOf } from './store.ts'
export { mayChange, readdressMail, waitingMail, withdrawMail } from './waiting.ts'
