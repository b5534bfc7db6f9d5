/** The table of who has asked to be forgotten, as migrations/202611291210-erasure.sql makes it. */
declare module '../platform/index.ts' {
  interface Tables {
    erasure: {
      contact_id: string
      asked_at: Date
      asked_by: string
      asked_by_name: string
      /** When to look again at what had to stay; null when nothing stays. */
      next_look_at: Date | null
      erased_at: Date | null
    }
  }
}
