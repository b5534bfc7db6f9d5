/**
 * `npm run check`: types, lint and form, and the rules of the house, side by side, in seconds.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const modules = join(root, 'node_modules')

const checks = {
  'types of the server': ['typescript-native/bin/tsc', '-p', 'tsconfig.json'],
  'types of the browser': ['typescript-native/bin/tsc', '-p', 'web'],
  'lint and form': ['@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off', '.'],
  'names of entries': ['../scripts/check/entry-names.ts'],
  'names of roles': ['../scripts/check/role-names.ts'],
  'rules of the house': [
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    'src',
    'web',
    'test',
    'scripts',
    'bench',
    'sample',
    '--config',
    '.dependency-cruiser.cjs',
  ],
}

/** Runs the checks and prints what each found wrong. Returns how many failed. */
export async function check(): Promise<number> {
  const results = await Promise.all(
    Object.entries(checks).map(([name, [program = '', ...args]]) => runOne(name, join(modules, program), args)),
  )
  return results.filter(passed => !passed).length
}

function runOne(name: string, program: string, args: string[]): Promise<boolean> {
  const started = Date.now()
  return new Promise(resolve => {
    const child = spawn(process.execPath, [program, ...args], { cwd: root })
    let output = ''
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => {
      output += text.toString()
    })
    child.on('close', code => {
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
      if (code !== 0) console.log(output)
      resolve(code === 0)
    })
  })
}

if (import.meta.main) process.exitCode = (await check()) > 0 ? 1 : 0
