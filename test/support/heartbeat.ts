/** A page reports every few seconds: one that falls silent counts as gone, and nothing is offered to who works there. */
const reportEveryMs = 3_000

/** Reports from now on, as a page does; while the program or its database is away nobody hears it, and the next one is heard. Returns how to end it. */
export function keepReporting(report: () => Promise<unknown>): () => void {
  const timer = setInterval(() => report().catch(() => {}), reportEveryMs)
  return () => clearInterval(timer)
}
