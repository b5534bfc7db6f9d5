/** Who keeps the number plan. */
export const planners = ['administrator', 'headquarters', 'regional_director'] as const
