import { expect, test } from 'vitest'
import { virtualClock } from './clock.ts'
import type { Log } from './log.ts'
import { onItsOwn, workThrough } from './work-through.ts'

const clock = virtualClock(0)
const logged: unknown[] = []
const log = { error: (entry: unknown) => logged.push(entry) } as unknown as Log

/** Things that are due, read three at a time; `act` takes one away. */
function queue(due: string[], act: (id: string) => Promise<boolean>, most?: number) {
  const tried: string[] = []
  const done = workThrough(
    { clock, log },
    {
      ...{ what: 'test', ...(most === undefined ? {} : { most }) },
      read: async except => due.filter(id => !except.includes(id)).slice(0, 3),
      idOf: id => id,
      act: async id => {
        tried.push(id)
        const counts = await act(id)
        due.splice(due.indexOf(id), 1)
        return counts
      },
    },
  )
  return { done, tried }
}

test('those that cannot be done keep no other waiting, are tried once in a run, and stay due', async () => {
  logged.length = 0
  const wrong = ['a', 'b', 'c', 'd']
  const due = [...wrong, 'e', 'f', 'g', 'h']
  const { done, tried } = queue(due, async id => {
    if (wrong.includes(id)) throw new Error(`no ${id}`)
    return true
  })
  expect(await done).toBe(4)
  expect(tried).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
  expect(due).toEqual(wrong)
  expect(logged).toMatchObject(wrong.map(id => ({ what: 'test', id, err: { message: `no ${id}` } })))
})

test('what stays due without failing ends the run, too; what does not count is not counted', async () => {
  const due = ['a', 'b']
  const read = () => Promise.resolve(due)
  let acts = 0
  const act = async () => acts++ === 0
  expect(await workThrough({ clock, log }, { what: 'test', read, idOf: id => id, act })).toBe(1)
  expect(acts).toBe(2)
})

test('no more of a run than is said', async () => {
  const due = ['a', 'b', 'c', 'd', 'e']
  expect(await queue(due, async () => true, 2).done).toBe(2)
  expect(due).toEqual(['c', 'd', 'e'])
})

test('a database that goes away is nobody’s own trouble', async () => {
  const gone = Object.assign(new Error('terminating connection'), { code: '57P01' })
  const away = () => Promise.reject(gone)
  await expect(onItsOwn({ log }, 'test', {}, away)).rejects.toBe(gone)
  await expect(queue(['a'], away).done).rejects.toBe(gone)
})
