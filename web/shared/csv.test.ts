import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a table is written so that spreadsheets read it, and run nothing of it', () => {
  expect(
    csvOf([
      ['Nome', 'Numero', 'Quesiti'],
      ['Sede "Nord", Roma', '+39 06 5959 4321', 3],
      ['=HYPERLINK("http://x")', '-1+1', null],
    ]),
  ).toBe('Nome,Numero,Quesiti\r\n"Sede ""Nord"", Roma",+39 06 5959 4321,3\r\n"\'=HYPERLINK(""http://x"")",\'-1+1,')
})
