import { expect, test } from 'vitest'
import { guidedClock } from './index.ts'

/** A machine whose own time is wrong by `wrongMs`, and the right time. */
function machine(wrongMs: number) {
  const state = { right: Date.UTC(2026, 0, 5, 8), wrongMs }
  const clock = guidedClock(() => state.right + state.wrongMs)
  /** Asks what time it is; the answer takes so long, and was true in the middle. */
  const ask = (ms: number) => {
    const hear = clock.asking()
    state.right += ms / 2
    const theirs = state.right
    state.right += ms / 2
    hear(theirs)
  }
  return { state, clock, ask, error: () => clock.now() - state.right }
}

test('a clock that is an hour wrong is right after the first answer, within the time that the answer took', () => {
  for (const wrongMs of [3_600_000, -3_600_000, 0]) {
    const { ask, error } = machine(wrongMs)
    ask(10)
    expect(Math.abs(error())).toBeLessThanOrEqual(10)
  }
})

test('it goes on by itself between two answers; a slow answer does not disturb it', () => {
  const { state, ask, error } = machine(3_600_000)
  ask(2)
  const before = error()
  state.right += 60_000
  expect(error()).toBe(before)
  ask(5_000)
  expect(error()).toBe(before)
})

test('a jump of its own time is set right by the next answer', () => {
  const { state, ask, error } = machine(0)
  ask(2)
  state.wrongMs = -1_800_000
  ask(4)
  expect(Math.abs(error())).toBeLessThanOrEqual(4)
})
