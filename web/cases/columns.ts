/** Which columns of the list somebody wants to see, kept on this machine. */
import { useState } from 'react'

export const columns = ['case', 'contact', 'standing', 'channel', 'holder', 'openedAt', 'dueAt', 'followUp'] as const
export type Column = (typeof columns)[number]

/** The columns of the file for those that are shown. */
export const inFile: Readonly<Record<Column, readonly string[]>> = {
  case: ['code', 'title', 'typology'],
  contact: ['contact'],
  standing: ['standing', 'outcome'],
  channel: ['channel'],
  holder: ['unit', 'holder'],
  openedAt: ['openedAt', 'closedAt'],
  dueAt: ['dueAt'],
  followUp: ['followUp'],
}

const kept = 'cases.columns-left-out'
const atFirst: readonly Column[] = ['channel', 'followUp']

function readLeft(): readonly Column[] {
  const text = localStorage.getItem(kept)
  return text === null ? atFirst : columns.filter(each => text.split(',').includes(each))
}

/** The columns that are shown, and what shows one or leaves it out. The case itself stays. */
export function useColumns(): { shown: Column[]; toggle: (id: string) => void } {
  const [left, setLeft] = useState(readLeft)
  const toggle = (id: string) => {
    const column = columns.find(each => each === id)
    if (column === undefined || column === 'case') return
    const next = left.includes(column) ? left.filter(each => each !== column) : [...left, column]
    localStorage.setItem(kept, next.join(','))
    setLeft(next)
  }
  return { shown: columns.filter(each => !left.includes(each)), toggle }
}
