/**
 * Draws letters as a tagged PDF with Typst (`letter.typ`). Slow (some hundredths of a second a letter) and synchronous: it runs in the thread of `draw.ts`.
 *
 * The fonts are the program's own, so that every machine draws the same letter; a character that none of them has is taken from the machine's.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { generate } from 'lean-qr'
import type { PaperLetter } from './model.ts'

const fonts = ['400Regular/TitilliumWeb_400Regular.ttf', '700Bold/TitilliumWeb_700Bold.ttf']
/** A word without a place to break is broken after so many characters: it would run over the edge. */
const longWord = /\S{30}(?=\S)/gu

/** Returns what draws letters as one PDF. */
export function openCompiler(): (letters: readonly PaperLetter[], title: string) => Uint8Array {
  const { resolve } = createRequire(import.meta.url)
  const template = readFileSync(new URL('./letter.typ', import.meta.url), 'utf8')
  const fontBlobs = fonts.map(font => readFileSync(resolve(`@expo-google-fonts/titillium-web/${font}`)))
  const compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs }] })
  return (letters, title) => {
    const data = { title, author: letters[0]?.sender[0] ?? '', letters: letters.map(asInput) }
    const compiled = compiler.compile({ mainFileContent: template, inputs: { letters: JSON.stringify(data) } })
    const document = compiled.result
    if (!document) throw new Error(`letters could not be drawn: ${JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics)}`)
    try {
      return compiler.pdf(document, { pdfStandard: 'ua-1' })
    } catch {
      // PDF/UA refuses a character that no font has, such as a rare pictograph. The letter has its tags all the same.
      return compiler.pdf(document)
    } finally {
      compiler.evictCache(10)
    }
  }
}

const asInput = ({ link, ...letter }: PaperLetter) => ({
  ...JSON.parse(JSON.stringify(letter, (_, value) => (typeof value === 'string' ? value.replace(longWord, '$&\u200b') : value))),
  link: link && { ...link, code: qrCode(link.url) },
})

/** A QR code as SVG, one path. */
function qrCode(url: string): string {
  const code = generate(url)
  const rows = Array.from({ length: code.size }, (_, at) => at)
  const dark = rows.flatMap(y => rows.filter(x => code.get(x, y)).map(x => `M${x} ${y}h1v1h-1z`)).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${code.size} ${code.size}"><path d="${dark}"/></svg>`
}
