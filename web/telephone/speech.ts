/**
 * Says a text with the browser's own voice. Where there is no voice for the language, or none at all, the text stands on the screen for as
 * long as it would take to say it; the caller reads it, and the call goes on.
 */
const millisecondsPerCharacter = 62
const minReadingMs = 1_200

/** How long a text takes when it is read at a quiet pace, in milliseconds. */
export const readingMs = (text: string): number => Math.max(minReadingMs, text.length * millisecondsPerCharacter)

export interface Speech {
  /** Stops at once; `ended` is not called any more. */
  stop(): void
}

export function speak(text: string, language: string, ended: () => void): Speech {
  const voice = voiceFor(language)
  let over = false
  const end = () => {
    if (over) return
    over = true
    clearTimeout(timer)
    ended()
  }
  // Some browsers never tell that a voice has ended: then its length does.
  const timer = setTimeout(end, voice ? readingMs(text) * 2 + 4_000 : readingMs(text))
  if (voice) {
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.voice = voice
    utterance.lang = voice.lang
    utterance.addEventListener('end', end)
    utterance.addEventListener('error', ({ error }) => {
      // Interrupted is our own doing. Anything else: no voice after all, and the text stands for its time.
      if (over || error === 'interrupted' || error === 'canceled') return
      setTimeout(end, readingMs(text))
    })
    speechSynthesis.cancel()
    speechSynthesis.speak(utterance)
  }
  return {
    stop() {
      over = true
      clearTimeout(timer)
      if (voice) speechSynthesis.cancel()
    },
  }
}

/** Whether a voice of this browser speaks the language. */
export const hasVoice = (language: string): boolean => voiceFor(language) !== undefined

function voiceFor(language: string): SpeechSynthesisVoice | undefined {
  if (typeof speechSynthesis === 'undefined') return undefined
  const voices = speechSynthesis.getVoices().filter(voice => voice.lang.toLowerCase().startsWith(language))
  return voices.find(voice => voice.localService) ?? voices[0]
}

/** Browsers look for their voices when they are asked the first time: asked early, they are there in time. */
export function wakeVoices(): void {
  if (typeof speechSynthesis !== 'undefined') speechSynthesis.getVoices()
}
