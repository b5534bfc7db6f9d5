/** The table of the operators' telephones in Asterisk, as migrations/0311-telephones.sql makes it. */

interface TelephoneTable {
  name: string
  session_id: string
  person_id: string
  password: string
  made_at: Date
  asterisk_started_at: Date | null
}

declare module '../../../platform/index.ts' {
  interface Tables {
    telephone: TelephoneTable
  }
}
