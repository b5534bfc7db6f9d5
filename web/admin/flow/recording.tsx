/** What callers hear for one text: the voice of the program, or a recording. Listened to, uploaded, taken away, brought back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Prompt, PromptList } from '../../../src/telephony/prompts/recordings/model.ts'
import { ApiProblem, addressOf, api } from '../../shared/api.ts'
import { Ago, Button, Dialog, EmptyState, ErrorState, Loading, notify, Pill, Problem } from '../../shared/ui/index.ts'

export type Source = 'in-force' | 'draft'

/** Larger files are not sent at all: the answer would be the same, minutes later. */
const largestBytes = 32 * 1_048_576

export const usePrompts = (source: Source, enabled = true) =>
  useQuery({
    queryKey: ['prompts', source],
    queryFn: ({ signal }) => api.get('/api/prompts', { query: { of: source }, signal }),
    enabled,
    meta: { live: ['prompt.', 'flow.'] },
  })

/** Where a sound is, and how a page is told why it could not be played: by asking for it once more. */
export interface Sound {
  src: string
  ask: () => Promise<unknown>
}

const recordingOf = ({ key, language }: Prompt, of: Source, version: number): Sound => {
  const asked = { path: { key, language }, query: { of, version } }
  return {
    src: addressOf('/api/prompts/:key/:language/recording', asked),
    ask: () => api.get('/api/prompts/:key/:language/recording', asked),
  }
}

/** What callers hear of a prompt: its recording, or the voice of the program. */
export const soundOf = (prompt: Prompt, of: Source): Sound => {
  if (prompt.recording) return recordingOf(prompt, of, prompt.recording.version)
  const asked = { path: { key: prompt.key, language: prompt.language }, query: { of } }
  return {
    src: addressOf('/api/prompts/:key/:language/spoken', asked),
    ask: () => api.get('/api/prompts/:key/:language/spoken', asked),
  }
}

/** Minutes and seconds, as players show them. */
export const lengthText = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export function RecordingBar({ prompt, source, isWaiting = false }: { prompt: Prompt; source: Source; isWaiting?: boolean }) {
  const { t } = useTranslation('web-flow')
  const client = useQueryClient()
  const [history, setHistory] = useState(false)
  const path = { key: prompt.key, language: prompt.language }
  const query = { of: source }
  const renewed = (kept: Prompt, words: string) => {
    client.setQueryData<PromptList>(
      ['prompts', source],
      list =>
        list && {
          ...list,
          items: list.items.map(each => (each.key === kept.key && each.language === kept.language ? kept : each)),
        },
    )
    void client.invalidateQueries({ queryKey: ['prompts'] })
    notify(words)
  }
  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > largestBytes) throw new ApiProblem(413, 'web-flow.tooLarge', t('tooLarge'))
      // Browsers call WAV files by many names.
      const body = new Blob([file], { type: 'audio/wav' })
      return api.put('/api/prompts/:key/:language/recording', { path, query, body, version: prompt.version })
    },
    onSuccess: kept => renewed(kept, t('recordingKept', { length: lengthText(kept.durationMs ?? 0) })),
    onError: () => void client.invalidateQueries({ queryKey: ['prompts'] }),
  })
  const remove = useMutation({
    mutationFn: () => api.delete('/api/prompts/:key/:language/recording', { path, query, version: prompt.version }),
    onSuccess: kept => renewed(kept, t('recordingRemoved')),
    onError: () => void client.invalidateQueries({ queryKey: ['prompts'] }),
  })
  const why = isWaiting ? t('saveFirst') : prompt.mayRecord ? null : t('forEachCall')
  const what = t('whatText', { text: prompt.text })
  return (
    <div className="recording">
      <div className="row wrap">
        <Listen {...soundOf(prompt, source)} what={what} why={isWaiting ? t('saveFirst') : null} />
        <span className="grow recording-what">
          {prompt.recording ? (
            <>
              <Pill small tone="info" icon="hearing">
                {t('isRecorded', { length: lengthText(prompt.recording.durationMs) })}
              </Pill>{' '}
              <small>
                {prompt.recording.by ?? t('program')} · <Ago at={prompt.recording.at} />
              </small>
            </>
          ) : (
            <Pill small>
              {prompt.durationMs === null ? t('isSpoken') : t('isSpokenFor', { length: lengthText(prompt.durationMs) })}
            </Pill>
          )}
        </span>
        {why === null ? (
          <FileTrigger
            acceptedFileTypes={['audio/wav', 'audio/x-wav', '.wav']}
            onSelect={files => files?.[0] && upload.mutate(files[0])}
          >
            <Button isPending={upload.isPending} label={prompt.recording ? t('replaceOf', { what }) : t('uploadOf', { what })}>
              {prompt.recording ? t('replace') : t('upload')}
            </Button>
          </FileTrigger>
        ) : (
          <Button why={why}>{t('upload')}</Button>
        )}
        {prompt.recording && (
          <Button tone="quiet" isPending={remove.isPending} label={t('removeOf', { what })} onPress={() => remove.mutate()}>
            {t('remove')}
          </Button>
        )}
        {(prompt.version > 0 || prompt.recordingOfOtherText) && (
          <Button tone="quiet" icon="clock" label={t('historyOf', { what })} onPress={() => setHistory(true)} />
        )}
      </div>
      {prompt.recordingOfOtherText && <p className="tiny">{t('otherText')}</p>}
      <Problem error={upload.error ?? remove.error} />
      <Changes
        prompt={prompt}
        source={source}
        isOpen={history}
        onClose={() => setHistory(false)}
        onRestored={kept => renewed(kept, t('restored'))}
      />
    </div>
  )
}

/** Plays a sound, and stops it. One at a time on the page. */
export function Listen({ src, ask, what, why = null }: Sound & { what: string; why?: string | null }) {
  const { t } = useTranslation('web-flow')
  const player = useRef<HTMLAudioElement | null>(null)
  const [state, setState] = useState<'still' | 'loading' | 'playing'>('still')
  const stop = () => {
    player.current?.pause()
    player.current = null
    setState('still')
  }
  // Another sound, or the page is left: whatever sounds is over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the address that makes it another sound
  useEffect(
    () => () => {
      player.current?.pause()
      player.current = null
    },
    [src],
  )
  const play = () => {
    playing?.()
    playing = stop
    const audio = new Audio(src)
    player.current = audio
    setState('loading')
    audio.addEventListener('ended', stop)
    audio.play().then(
      () => player.current === audio && setState('playing'),
      () => {
        if (player.current !== audio) return
        stop()
        void sayWhy(ask, t('cannotPlay'))
      },
    )
  }
  return (
    <Button
      icon={state === 'still' ? 'horn' : 'close'}
      why={why}
      isPending={state === 'loading'}
      label={state === 'still' ? t('listenTo', { what }) : t('stopListening', { what })}
      onPress={state === 'still' ? play : stop}
    >
      {state === 'still' ? t('listen') : t('stop')}
    </Button>
  )
}

let playing: (() => void) | undefined

/** A player tells nothing of why it could not play: the API does. */
async function sayWhy(ask: Sound['ask'], otherwise: string): Promise<void> {
  try {
    await ask()
    notify(otherwise, 'late')
  } catch (error) {
    notify(error instanceof ApiProblem && error.status >= 400 ? error.message : otherwise, 'late')
  }
}

function Changes({
  prompt,
  source,
  isOpen,
  onClose,
  onRestored,
}: {
  prompt: Prompt
  source: Source
  isOpen: boolean
  onClose: () => void
  onRestored: (prompt: Prompt) => void
}) {
  const { t } = useTranslation('web-flow')
  const path = { key: prompt.key, language: prompt.language }
  const query = { of: source }
  const found = useQuery({
    queryKey: ['prompt-changes', source, prompt.key, prompt.language, prompt.version],
    queryFn: ({ signal }) => api.get('/api/prompts/:key/:language/changes', { path, query, signal }),
    enabled: isOpen,
  })
  const restore = useMutation({
    mutationFn: (from: number) =>
      api.post('/api/prompts/:key/:language/recording/restore', { path, query, body: { from }, version: prompt.version }),
    onSuccess(kept) {
      onClose()
      onRestored(kept)
    },
  })
  return (
    <Dialog title={t('history')} isOpen={isOpen} onClose={onClose} toRead>
      {found.isPending ? (
        <Loading lines={3} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <EmptyState title={t('noHistory')} icon="hearing" />
      ) : (
        <ol className="timeline">
          {found.data.items.map(change => (
            <li
              key={`${change.at} ${change.version}`}
              className={change.isOfThisText && change.version === prompt.version ? 'now' : ''}
            >
              <b>
                {t(change.what === 'removed' ? 'wasRemoved' : change.copyOf === null ? 'wasRecorded' : 'wasRestored')}
                {change.durationMs !== null && ` · ${lengthText(change.durationMs)}`}
              </b>
              <br />
              <small>
                {change.by ?? t('program')} · <Ago at={change.at} />
              </small>
              {!change.isOfThisText && <p className="quote">{change.text}</p>}
              {change.isOfThisText && change.what === 'recorded' && (
                <div className="row wrap">
                  <Listen {...recordingOf(prompt, source, change.version)} what={t('ofVersion', { version: change.version })} />
                  {change.version !== prompt.recording?.version && (
                    <Button isPending={restore.isPending} onPress={() => restore.mutate(change.version)}>
                      {t('restore')}
                    </Button>
                  )}
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
      <Problem error={restore.error} />
    </Dialog>
  )
}
