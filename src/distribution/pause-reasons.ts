/**
 * Why an agent pauses. The program adds `no-answer` and `failed`, which nobody chooses. Their texts are in `distribution.json` of each language. Without
 * imports, so that pages take it as it is.
 */
export const pauseReasons = ['break', 'meal', 'training', 'meeting', 'back-office', 'other'] as const
