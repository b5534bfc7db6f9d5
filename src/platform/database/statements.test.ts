/** Cutting a script into statements: whatever is quoted, commented or nested in one, its semicolons do not end it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { statements } from './statements.ts'

test('a script is cut at the ends of statements and not inside a function body', () => {
  const script =
    'create table a (x int);\n-- a word; another\ncreate function f() returns int language sql as $$\n  select 1;\n$$;\ninsert into a values (1);\n'
  expect(statements(script)).toEqual([
    'create table a (x int);',
    '-- a word; another\ncreate function f() returns int language sql as $$\n  select 1;\n$$;',
    'insert into a values (1);',
  ])
})

test('a semicolon that ends a line inside a string, a quoted name, a tagged quote or a comment ends nothing', () => {
  for (const one of [
    "insert into a values ('one;\ntwo');",
    'create table "odd;\nname" (x int);',
    "select E'it\\'s;\n';",
    "select 'it''s;\n';",
    'create function f() returns int language plpgsql as $body$ begin return $$;\n$$; end $body$;',
    '/* outer /* inner; */ still;\n */ select 1;',
    'select 1 -- not here;\n;',
    "select e';\n', date';\n';",
    'create rule r as on insert to a do also (delete from b;\n delete from c);',
    'create function f(x int) returns int begin atomic select case when x > 0 then 1 else 2 end; select 2;\n end;',
    'select a$1$b from t;',
  ])
    expect(statements(`${one}\nselect 2;`), one).toEqual([one, 'select 2;'])
})

test('two statements on one line are two; what holds only comments is none; the last needs no semicolon', () => {
  expect(statements('select 1; select 2')).toEqual(['select 1;', 'select 2'])
  expect(statements(' ;; -- nothing\n /* at all */ ; ')).toEqual([])
  expect(statements('begin; end; select 1;')).toEqual(['begin;', 'end;', 'select 1;'])
})

const inner = fc.string({ unit: fc.constantFrom(';', '\n', 'a', ' ', '--', '/', '$', '"', 'é'), maxLength: 12 })
const piece = fc.oneof(
  fc.constantFrom('select', 'x', '1', '=', ',', 'begin', 'case', '::text', 'a$$b', '$1', 'é$é'),
  inner.map(text => `'${text}'`),
  inner.map(text => `'it''s ${text}'`),
  inner.map(text => `E'\\'${text}\\\\'`),
  inner.map(text => `"${text.replaceAll('"', '""')}"`),
  inner.map(text => `$tag$${text}$tag$`),
  inner.map(text => `$$${text.replaceAll('$', '')}$$`),
  inner.map(text => `--${text.replaceAll('\n', '')}'"$$(\n`),
  inner.map(text => `/* ${text.replaceAll('/', '')} /* '"; */ $$ */`),
  inner.map(text => `(${text.replaceAll(/["$/]|--/g, '')})`),
)
const statement = fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => `select ${pieces.join(' ')}\n;`)

test('whatever statements a script is made of, they are what it is cut into', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), fc.constantFrom('', '\n', '\n\n  '), (made, between) => {
      expect(statements(made.join(between))).toEqual(made)
    }),
    { numRuns: 2_000 },
  )
})

test('no text, however broken, loses a sign of its code or takes longer than its length allows', () => {
  const text = fc.string({
    unit: fc.constantFrom("'", '"', '$', ';', '\\', '/*', '*/', '--', '\n', '(', ')', 'e', 'x', ' '),
    maxLength: 300,
  })
  fc.assert(
    fc.property(text, script => {
      for (const each of statements(script)) expect(script).toContain(each)
    }),
    { numRuns: 2_000 },
  )
  expect(statements(`select ${"'".repeat(200_001)}`)).toHaveLength(1)
  expect(statements('/*'.repeat(100_000))).toEqual([])
})

test('the migrations are cut as they were when they landed', () => {
  const folder = join(import.meta.dirname, '../../../migrations')
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8')
    expect(statements(text).length, name).toBeGreaterThan(0)
    for (const each of statements(text)) expect(each.endsWith(';'), `${name}: ${each.slice(-80)}`).toBe(true)
  }
})
