/** The lists of mails, for the pages too. `waiting`: nobody has taken it; `others`: a colleague has it; `done`: answered, or passed on. */
export const mailViews = ['waiting', 'mine', 'others', 'done'] as const
export type MailView = (typeof mailViews)[number]
