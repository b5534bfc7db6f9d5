/** The door to what callers hear. */
export { openPrompts, type Prompt, type Prompts, type PromptsOptions, type Spoken } from './prompts.ts'
export { isInstalled, type Speech, SpeechFailed, speechHere } from './speech.ts'
export { durationMs, NotASound, readWav, type Sound, writeWav } from './wav.ts'
