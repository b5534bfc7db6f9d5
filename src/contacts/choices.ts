/** What is chosen from on a card, for the pages, too: words and nothing else. What each means stands beside its schema in `model.ts`. */
export const intermediaryKinds = ['patronato', 'caf', 'consultant', 'lawyer', 'association', 'other'] as const
export const phoneKinds = ['mobile', 'landline', 'work', 'of-another'] as const
export const preferredChannels = ['telephone', 'email', 'pec', 'post', 'text-message'] as const
export const specialNeeds = ['deaf', 'blind', 'speaks-slowly', 'interpreter'] as const
export const unmaskReasons = ['compare', 'correct', 'matter', 'asked', 'other'] as const
export const mandateKinds = ['patronage', 'delegation', 'power-of-attorney', 'legal-representative'] as const

/** Languages in which the institute answers citizens; the territory has German, French and Slovene beside Italian. */
export const contactLanguages = ['it', 'en', 'de', 'fr', 'sl'] as const
