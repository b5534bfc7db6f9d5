/**
 * The tables of contacts, as migrations/0200-contacts.sql and 202611281650-territory-search.sql make them. `contact_unit_key` is only read: triggers keep
 * it as the join of `contact_key` and `contact_unit`.
 */
import type { ColumnType, Generated } from 'kysely'
import type { ContactKind, ContactLanguage, IdentificationMethod } from './model.ts'
import type { KeyKind } from './names.ts'

interface ContactTable {
  id: string
  kind: ContactKind
  given_name: string | null
  family_name: string | null
  business_name: string | null
  fiscal_code: string | null
  /** Read it with `to_char`: the drivers make a Date of it, each in its own time zone. */
  birth_date: ColumnType<never, string | null, string | null>
  municipality_code: string | null
  province_code: string | null
  region_code: string | null
  language: ContactLanguage
  notes: string
  created_at: ColumnType<Date, Date, never>
  updated_at: Date
  version: Generated<number>
  /** The rules by which its keys were made. */
  keys_version: Generated<number>
}

interface ContactPhoneTable {
  contact_id: string
  number: string
  position: number
  verified_at: Date | null
}

interface ContactEmailTable {
  contact_id: string
  address: string
  position: number
  verified_at: Date | null
}

interface ContactKeyTable {
  kind: KeyKind
  key: string
  contact_id: string
}

interface ContactUnitTable {
  contact_id: string
  unit_path: string
}

interface ContactUnitKeyTable {
  unit_path: ColumnType<string, never, never>
  kind: ColumnType<KeyKind, never, never>
  key: ColumnType<string, never, never>
  contact_id: ColumnType<string, never, never>
}

interface IdentificationTable {
  id: string
  contact_id: string
  method: IdentificationMethod
  evidence: string
  call_id: string | null
  by_person: string | null
  by_name: string
  at: Date
}

declare module '../platform/index.ts' {
  interface Tables {
    contact: ContactTable
    contact_phone: ContactPhoneTable
    contact_email: ContactEmailTable
    contact_key: ContactKeyTable
    contact_unit: ContactUnitTable
    contact_unit_key: ContactUnitKeyTable
    identification: IdentificationTable
  }
}
