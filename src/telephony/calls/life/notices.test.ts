/** What does not work is said before the menu, in the caller's language, and no longer than it lasts. */
import { expect, test } from 'vitest'
import sampleFlow from '../../../../sample/flow.json' with { type: 'json' }
import { Flow } from '../../../ivr/index.ts'
import { begin, type CallNotice, happen, type LifeState } from './life.ts'

const flow = Flow.parse(sampleFlow)
const now = Date.parse('2026-11-24T09:00:00Z')
const notice: CallNotice = {
  id: 'a',
  texts: { it: 'Le domande online sono ferme.', en: 'Online applications do not work.' },
  section: null,
  endsAt: now + 3_600_000,
}

const call = (notices: CallNotice[]) =>
  begin(
    {
      ...{ callId: 'c', leg: 'l', switch: 'asterisk', from: '+39061234567', to: '+390600000001' },
      context: { office: null, province: 'RM', region: '12', callerKnown: true, hour: 10, holiday: false, open: ['ccm'] },
      ...{ arrival: { mode: 'channelled' }, officeLine: null, flow: { id: 'main', version: 1, flow }, notices },
    },
    now,
  )

/** What sounds now, and everything that is still to come. */
function words({ hearing }: LifeState): string[] {
  if (hearing.is !== 'saying') return []
  return [hearing.words, ...hearing.rest].flatMap(each => ('flow' in each ? each.flow.map(({ text }) => text) : []))
}

/** All is said to the end. */
function heardOut(state: LifeState, at = now): LifeState {
  let heard = state
  while (heard.hearing.is === 'saying') heard = happen(heard, { type: 'said', playback: heard.hearing.playback }, at, flow).state
  return heard
}

const key = (state: LifeState, pressed: string, at = now) => happen(state, { type: 'key', key: pressed }, at, flow).state

test('the notice stands before the welcome, in words of its own; what follows is heard also when it could not be spoken', () => {
  const { state } = call([notice])
  expect(words(state)[0]).toBe(notice.texts.it)
  expect(words(state).length).toBeGreaterThan(1)
  if (state.hearing.is !== 'saying') throw new Error('nothing is said')
  const next = happen(state, { type: 'said', playback: state.hearing.playback }, now, flow).state
  expect(words(next)[0]).toContain('Benvenuto')
  expect(heardOut(next).hearing.is).toBe('listening')
})

test('it is said once, and in English to who chooses English', () => {
  const menu = heardOut(call([notice]).state)
  expect(words(key(menu, '7'))).not.toContain(notice.texts.it)
  const english = key(menu, '9')
  expect(words(english)[0]).toBe(notice.texts.en)
  expect(words(key(heardOut(english), '9'))).not.toContain(notice.texts.en)
})

test('without a text in English, who chooses English is not told again in Italian', () => {
  const menu = heardOut(call([{ ...notice, texts: { it: notice.texts.it } }]).state)
  expect(words(key(menu, '9'))).not.toContain(notice.texts.it)
})

test('a notice of a section is said to who is put through to it, and to nobody else', () => {
  const menu = heardOut(call([{ ...notice, section: 'ccm-pensioni' }]).state)
  expect(words(key(menu, '2'))).not.toContain(notice.texts.it)
  const waiting = key(menu, '1')
  expect(waiting.phase).toBe('waiting')
  expect(words(waiting)[0]).toBe(notice.texts.it)
})

test('what is over is not said any more', () => {
  const menu = heardOut(call([{ ...notice, section: 'ccm-pensioni' }]).state)
  expect(words(key(menu, '1', notice.endsAt))).not.toContain(notice.texts.it)
})
