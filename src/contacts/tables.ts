/**
 * The tables of contacts, as migrations/0200-contacts.sql and later ones make them. `contact_unit_key` and `name_near` are only
 * read: triggers keep them.
 */
import type { ColumnType, Generated } from 'kysely'
import type {
  ContactKind,
  ContactLanguage,
  EmailKind,
  IdentificationMethod,
  IntermediaryKind,
  MandateKind,
  PhoneKind,
  PreferredChannel,
  SpecialNeed,
} from './model.ts'
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
  intermediary_kind: IntermediaryKind | null
  address: string | null
  postal_code: string | null
  preferred_channel: PreferredChannel | null
  needs: Generated<SpecialNeed[]>
  do_not_call: string | null
  created_at: ColumnType<Date, Date, never>
  updated_at: Date
  version: Generated<number>
  /** The rules by which its keys were made. */
  keys_version: Generated<number>
}

interface ContactPhoneTable {
  contact_id: string
  number: string
  kind: PhoneKind | null
  position: number
  verified_at: Date | null
}

interface ContactEmailTable {
  contact_id: string
  address: string
  kind: EmailKind | null
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

interface ContactLinkTable {
  id: string
  contact_id: string
  main_id: string
  reason: string
  joined_at: Date
  joined_by: string | null
  joined_by_name: string
  parted_at: Date | null
  parted_by_name: string | null
}

interface NameNearTable {
  near: ColumnType<string, never, never>
  word: ColumnType<string, never, never>
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

interface FormerFiscalCodeTable {
  contact_id: string
  fiscal_code: string
  replaced_at: Date
  replaced_by: string
}

interface MandateTable {
  id: string
  intermediary_id: string
  principal_id: string
  kind: MandateKind
  /** Days: read them with `to_char`, as the day of birth. */
  valid_from: ColumnType<never, string, string>
  valid_until: ColumnType<never, string | null, string | null>
  evidence: string
  noted_at: Date
  noted_by: string | null
  noted_by_name: string
  ended_at: Date | null
  ended_by_name: string | null
}

interface SpeakerTable {
  id: string
  principal_id: string
  mandate_id: string | null
  call_id: string | null
  at: Date
  by_person: string | null
  by_name: string
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
    contact_link: ContactLinkTable
    name_near: NameNearTable
    former_fiscal_code: FormerFiscalCodeTable
    mandate: MandateTable
    speaker: SpeakerTable
  }
}
