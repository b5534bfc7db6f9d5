/** What is chosen from on the pages of prevention: words and nothing else. What each means stands beside its schema in `model.ts`. */
export const activityKinds = ['procedures', 'promotion', 'training', 'infrastructure'] as const
export const addresseeKinds = ['body', 'association', 'intermediary', 'company'] as const
/** For how many weeks on each side tickets are compared. */
export const effectWeeks = [2, 4, 8, 13] as const
