/** The door of the channels: outgoing e-mail. */
export { type NewMail, queueMail, type Settler, startChannels } from './outbox.ts'
export { readReplyToken } from './reply-token.ts'
export { mailProblem } from './store.ts'
