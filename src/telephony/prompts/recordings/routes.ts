/** HTTP of prompts and their recordings. */
import { z } from 'zod'
import { flowKeepers } from '../../../ivr/index.ts'
import { bytesOf, mediaTypeOf, Refused, route } from '../../../platform/index.ts'
import { largestRecordingBytes, recordingTypes } from './limits.ts'
import { Prompt, PromptHistory, PromptKey, PromptLanguage, PromptList, PromptsOf, RestoreRecording } from './model.ts'
import {
  promptChanges,
  promptList,
  promptOf,
  recordedSound,
  removeRecording,
  restoreRecording,
  saveRecording,
  spokenSound,
} from './service.ts'

const tag = 'automatic answerer'
const OnePrompt = z.object({ key: PromptKey, language: PromptLanguage })
const Which = z.object({ of: PromptsOf })
const sound = 'audio/wav'

export const promptRoutes = [
  route({
    method: 'GET',
    url: '/api/prompts',
    operation: 'listPrompts',
    summary: 'All that callers hear: the texts of the flow, each spoken or recorded, and how long it lasts',
    tag,
    access: flowKeepers,
    query: Which,
    answer: PromptList,
    handle: ({ house, query }) => promptList(house, query.of),
  }),
  route({
    method: 'GET',
    url: '/api/prompts/:key/:language',
    operation: 'readPrompt',
    summary: 'One prompt',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    answer: Prompt,
    handle: ({ house, params, query }) => promptOf(house, { ...params, ...query }),
  }),
  route({
    method: 'GET',
    url: '/api/prompts/:key/:language/changes',
    operation: 'listPromptChanges',
    summary: 'What was recorded and removed for a prompt',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    answer: PromptHistory,
    handle: async ({ house, params, query }) => ({ items: await promptChanges(house, { ...params, ...query }) }),
  }),
  route({
    method: 'GET',
    url: '/api/prompts/:key/:language/recording',
    operation: 'readRecording',
    summary: 'The sound of a recording: the one that callers hear, or an earlier one',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which.extend({ version: z.coerce.number().int().min(1).max(1_000_000).optional().meta({ example: 1 }) }),
    gives: sound,
    handle: ({ house, params, query: { of, version } }) => recordedSound(house, { ...params, of }, version),
  }),
  route({
    method: 'GET',
    url: '/api/prompts/:key/:language/spoken',
    operation: 'readSpokenPrompt',
    summary: 'The sound of the text, as the voice of the program speaks it',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    gives: sound,
    handle: ({ house, params, query }) => spokenSound(house, { ...params, ...query }),
  }),
  route({
    method: 'PUT',
    url: '/api/prompts/:key/:language/recording',
    operation: 'uploadRecording',
    summary: 'Upload a recording: callers hear it instead of the spoken text',
    description:
      'It belongs to the text that the prompt has now: with another text the text is spoken again, with the old one the recording is back. `If-Match` is the version of the prompt, "0" before the first recording.',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    takes: {
      types: recordingTypes,
      limitBytes: largestRecordingBytes,
      description: 'A WAV file: samples of 8 or 16 bits, A-law or µ-law, mono or stereo, at most 5 minutes, at any usual rate.',
    },
    answer: Prompt,
    ifMatch: true,
    perMinute: 60,
    handle({ house, actor, params, query, version, request }) {
      const file = bytesOf(request)
      const isWav = recordingTypes.some(type => type === mediaTypeOf(request))
      // What it is says more than what it is called: an MP3 file gets the sentence about MP3 files.
      if (!isWav && file.toString('latin1', 0, 4) === 'RIFF') throw new Refused('telephony.recording.mediaType', {}, 415)
      return saveRecording(house, actor, { wanted: { ...params, ...query }, version, file })
    },
  }),
  route({
    method: 'DELETE',
    url: '/api/prompts/:key/:language/recording',
    operation: 'removeRecording',
    summary: 'Go back to the spoken text',
    description: 'The recording is kept and can be restored.',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    answer: Prompt,
    ifMatch: true,
    async handle({ house, actor, params, query, version }) {
      const wanted = { ...params, ...query }
      await removeRecording(house, actor, { wanted, version })
      return promptOf(house, wanted)
    },
  }),
  route({
    method: 'POST',
    url: '/api/prompts/:key/:language/recording/restore',
    operation: 'restoreRecording',
    summary: 'Put an earlier recording of the same text in force again',
    tag,
    access: flowKeepers,
    params: OnePrompt,
    query: Which,
    body: RestoreRecording,
    answer: Prompt,
    ifMatch: true,
    async handle({ house, actor, params, query, body, version }) {
      const wanted = { ...params, ...query }
      await restoreRecording(house, actor, { wanted, version, from: body.from })
      return promptOf(house, wanted)
    },
  }),
] as const
