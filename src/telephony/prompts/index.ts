/** The door to what callers hear. */
export {
  openPrompts,
  openVoice,
  type Prompts,
  type PromptsOptions,
  type PromptText,
  type Recordings,
  type Spoken,
  type Voice,
} from './prompts.ts'
export { resample } from './resample.ts'
export { isInstalled, type Speech, SpeechFailed, speechHere, telephoneRate } from './speech.ts'
export { durationMs, NotASound, openWav, readWav, type Sound, type SoundFault, type SoundFormat, writeWav } from './wav.ts'
