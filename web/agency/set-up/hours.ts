/** Hours as they are typed: `9:00-13:00, 14:30-16:00`. Pure. */

export interface Span {
  opens: number
  closes: number
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Minutes after midnight as they are written: `9:05`. */
export const timeText = (minutes: number): string => `${Math.floor(minutes / 60)}:${two(minutes % 60)}`

export const spansText = (spans: readonly Span[]): string =>
  spans.map(({ opens, closes }) => `${timeText(opens)}–${timeText(closes)}`).join(', ')

/** Minutes after midnight of `9`, `9:30` or `9.30`; undefined for what is no time. */
function minutesIn(text: string): number | undefined {
  const [, hours = '', minutes = '0'] = /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/.exec(text) ?? []
  const all = Number(hours) * 60 + Number(minutes)
  return hours === '' || Number(minutes) > 59 || all > 1_440 ? undefined : all
}

/** The spans of a text, in order; undefined when one of them is none, ends before it begins, or lies over another. Nothing is no span. */
export function spansIn(text: string): Span[] | undefined {
  const spans = text
    .split(/[,;]/)
    .filter(part => part.trim() !== '')
    .map(part => {
      const [opens, closes, more] = part.split(/[-–—]/).map(minutesIn)
      return more === undefined && opens !== undefined && closes !== undefined && opens < closes ? { opens, closes } : undefined
    })
  if (!spans.every(span => span !== undefined)) return undefined
  const sorted = spans.toSorted((a, b) => a.opens - b.opens)
  return sorted.some((span, i) => span.opens < (sorted[i - 1]?.closes ?? 0)) ? undefined : sorted
}
