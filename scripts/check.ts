/**
 * `npm run check`: types, lint and form, and the rules of the house, side by side, in seconds.
 *
 * Server, pages and tests are one program for the compiler: the pages take their types from the routes, and what both need is read once.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

const checks = {
  types: ['node_modules/typescript-native/bin/tsc', '-p', 'tsconfig.json'],
  'lint and form': ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off', '.'],
  'rules of the text': ['scripts/rules.ts'],
  'who may import whom': [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
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
    Object.entries(checks).map(([name, [program = '', ...args]]) => runOne(name, join(root, program), args)),
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
