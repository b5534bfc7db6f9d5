/**
 * Why an agent pauses. The program adds `no-answer` and `failed`, which nobody chooses. Their texts are in `web.json` of each language
 * (`service.pause` and `service.onPause`). Without imports, so that pages take it as it is.
 */
export const pauseReasons = ['break', 'meal', 'training', 'meeting', 'back-office', 'other'] as const
export type PauseReason = (typeof pauseReasons)[number]

export const isPauseReason = (reason: string): reason is PauseReason => pauseReasons.some(each => each === reason)
