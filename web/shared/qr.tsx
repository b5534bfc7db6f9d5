/** A QR code of an address, drawn as one path: sharp at every size, also on paper. */
import { generate } from 'lean-qr'
import { useMemo } from 'react'

/** The light edge that readers need around it, in modules (ISO/IEC 18004 §9.1). */
const edge = 4

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const code = generate(text)
    const rows = Array.from({ length: code.size }, (_, row) => row)
    const dark = rows.flatMap(y => rows.filter(x => code.get(x, y)).map(x => `M${x} ${y}h1v1h-1z`))
    return { size: code.size, path: dark.join('') }
  }, [text])
  const box = size + 2 * edge
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      viewBox={`${-edge} ${-edge} ${box} ${box}`}
      shapeRendering="crispEdges"
    >
      <rect x={-edge} y={-edge} width={box} height={box} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
