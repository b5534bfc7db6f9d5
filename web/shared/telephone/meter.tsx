/** Five bars that move with a voice: one sees that one is heard, and that the other speaks. */
const bars = [0.12, 0.3, 0.5, 0.7, 0.88] as const
const heights = [6, 10, 14, 18, 14] as const

export function Meter({ level, label, quiet = false }: { level: number; label: string; quiet?: boolean }) {
  return (
    <span className={quiet ? 'meter quiet' : 'meter'} role="img" aria-label={label} title={label}>
      {bars.map((from, place) => (
        <i key={from} className={level >= from ? 'on' : ''} style={{ height: heights[place] }} />
      ))}
    </span>
  )
}
