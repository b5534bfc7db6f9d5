/**
 * What the dialplan says by itself while the program is away. Spoken when Asterisk is set up, so that it needs nobody then.
 */
import { copyFileSync, existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sentence } from '../../src/platform/index.ts'
import { SpeechFailed, speechHere, writeWav } from '../../src/telephony/prompts/index.ts'
import { installSpeech } from './speech.ts'
import { cacheFolder } from './unpack.ts'

/** File name in the dialplan → text in the language files, and a recording of Asterisk's for a machine that cannot speak. */
const notices = [
  { name: 'program-away', code: 'asterisk.programAway', otherwise: 'an-error-has-occurred' },
  { name: 'connecting-office', code: 'asterisk.connectingOffice', otherwise: 'pls-wait-connect-call' },
  { name: 'nobody-answers', code: 'asterisk.nobodyAnswers', otherwise: 'pls-try-call-later' },
] as const

/** Writes the notices into the folder of prompts. */
export async function writeNotices(folder: string, say: (line: string) => void): Promise<void> {
  installSpeech(say)
  const speech = speechHere()
  for (const { name, code, otherwise } of notices) {
    const file = join(folder, `${name}.wav`)
    await rm(file, { force: true })
    try {
      await writeFile(file, writeWav(await speech.synthesize(sentence('it', code), 'it')))
    } catch (error) {
      if (!(error instanceof SpeechFailed)) throw error
      const recording = join(cacheFolder, 'tree/usr/share/asterisk/sounds/it', `${otherwise}.wav`)
      if (!existsSync(recording)) throw error
      copyFileSync(recording, file)
      say(`${error.message} A recording of Asterisk's stands in for the notice "${name}".`)
    }
  }
}
