import { describe, expect, it } from 'vitest'
import { shownCall, stageOf, tabTitle, workAfter } from './stage.ts'

const nothing = { callId: null, chosen: false }

describe('the face of the desk', () => {
  it('rests until a call is offered', () => {
    expect(stageOf({ agent: 'available', agentCallId: null, card: null })).toEqual({ name: 'resting' })
    expect(stageOf({ agent: undefined, agentCallId: null, card: null })).toEqual({ name: 'resting' })
  })

  it('believes the card of the call before the state of the agent, which may come later', () => {
    expect(stageOf({ agent: 'available', agentCallId: null, card: { callId: 'a', state: 'ringing' } }).name).toBe('ringing')
    expect(stageOf({ agent: 'offered', agentCallId: 'a', card: { callId: 'a', state: 'held' } })).toMatchObject({
      name: 'talking',
      held: true,
    })
  })

  it('has nobody to write about while the number of a callback rings', () => {
    const stage = stageOf({ agent: 'in-conversation', agentCallId: 'a', card: { callId: 'a', state: 'dialling' } })
    expect(stage).toEqual({ name: 'dialling', callId: 'a' })
    expect(workAfter(nothing, stage)).toBe(nothing)
  })

  it('lets the operator finish after the hang-up', () => {
    expect(stageOf({ agent: 'wrap-up', agentCallId: 'a', card: null })).toEqual({ name: 'finishing', callId: 'a' })
  })

  it('keeps the sheet that is being written while another call only rings', () => {
    const writing = workAfter(nothing, { name: 'finishing', callId: 'a' })
    expect(workAfter(writing, { name: 'ringing', callId: 'b' })).toEqual({ callId: 'a', chosen: false })
    expect(workAfter(writing, { name: 'talking', callId: 'b', held: false, interrupted: false }).callId).toBe('b')
  })

  it('shows no sheet while the number of a callback rings: the one before is somebody else’s, and comes back', () => {
    const writing = { callId: 'a', chosen: true }
    expect(shownCall(writing, { name: 'ringing', callId: 'b' })).toBe('a')
    expect(shownCall(writing, { name: 'dialling', callId: 'b' })).toBeNull()
    expect(shownCall(writing, { name: 'resting' })).toBe('a')
    expect(shownCall(writing, { name: 'talking', callId: 'b', held: false, interrupted: false })).toBe('b')
  })

  it('keeps an older sheet that somebody opened, until there is a conversation', () => {
    const chosen = { callId: 'old', chosen: true }
    expect(workAfter(chosen, { name: 'finishing', callId: 'a' })).toBe(chosen)
    expect(workAfter(chosen, { name: 'resting' })).toBe(chosen)
    expect(workAfter(chosen, { name: 'talking', callId: 'a', held: false, interrupted: false }).callId).toBe('a')
  })

  it('shows a call in the title of the tab', () => {
    const words = { ringing: 'Chiama', talking: 'In linea', resting: 'Banco' }
    expect(tabTitle({ name: 'ringing', callId: 'a' }, 'Giulia Ferri', words)).toBe('☎ Chiama · Giulia Ferri')
    expect(tabTitle({ name: 'resting' }, '', words)).toBe('Banco')
  })
})
