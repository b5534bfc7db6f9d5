import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const root = import.meta.dirname
const server = process.env.FILODIRETTO_URL ?? 'http://127.0.0.1:3000'

/**
 * Bootstrap Italia's variables without its rules: `import 'virtual:bootstrap-italia.css'`. Colours, type and radii are the institute's;
 * the parts are dressed by ourselves, so the other half megabyte would only be carried about.
 */
function bootstrapItaliaVariables(): Plugin {
  const name = 'virtual:bootstrap-italia.css'
  return {
    name: 'bootstrap-italia-variables',
    resolveId: id => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined
      const css = readFileSync(
        createRequire(import.meta.url).resolve('bootstrap-italia/dist/css/bootstrap-italia.min.css'),
        'utf8',
      )
      const blocks = css.match(/:root\{--bs-[^}]*\}/g)
      if (!blocks) throw new Error('Bootstrap Italia has no block of variables any more: look at its CSS.')
      return blocks.join('\n')
    },
  }
}

/** A page takes only types from the server: one value of the platform would bring the database and the server into every browser. */
const noServer: Plugin = {
  name: 'no-server-in-the-browser',
  load(id) {
    if (id.startsWith(join(root, 'src/platform/index.ts')))
      this.error('A page imports a value of the server: import its type, or move the value.')
    return undefined
  },
}

export default defineConfig({
  root: join(root, 'web'),
  plugins: [noServer, react(), bootstrapItaliaVariables()],
  build: {
    outDir: join(root, 'dist/web'),
    emptyOutDir: true,
    // The content security policy allows no data: addresses for fonts and sprites.
    assetsInlineLimit: 0,
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file for each language, read when it is spoken.
          groups: [
            { debugName: 'texts of a language', name: module => /languages\/(\w+)\/web[\w-]*\.json$/.exec(module)?.[1] ?? null },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, ws: true } }, fs: { allow: [root] } },
})
