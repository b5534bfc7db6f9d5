/**
 * What becomes of every column of the database when a person is erased. A test reads the columns that there are: one about which nothing is said here, or which
 * is not there any more, fails it; and after an erasure no trace of the person stands in any of them (`everywhere.store.test.ts`).
 *
 *   erased     emptied, or gone with its row, by `erase-store.ts`, `erase-card-store.ts` or the journal (`platform/events/erase.ts`)
 *   kept       stays, because of one of the reasons below
 *   nobody's   holds nothing of citizens, whoever writes it: settings, staff, the organisation, positions in the journal
 *   soon       may hold something, and goes by itself within days
 */

/** Why something about a citizen's matter stays. Each stands in docs/privacy.md, "What always stays". */
export const keptBecause = {
  figures:
    'that something was, when, of what kind, through whom and how it ended: figures and histories go on to fit, and nothing in it has a name',
  staff: 'who of the staff did it: they answer for their work',
  evidence: 'hashes, signatures and instants of registered mail: whoever has a copy can show that it is the one',
  servers: 'where a mail lies on its server, and under which identifier it left: otherwise it would be fetched or answered again',
  looks: 'who has looked at whose data',
  request: 'that it was asked for: a backup that is put back is erased again by it',
} as const

type Reason = keyof typeof keptBecause

/** Columns by what becomes of them, their names parted by spaces. */
export type FateOfTable =
  | { readonly erased?: string; readonly kept?: Partial<Record<Reason, string>> }
  | 'nobody'
  | 'soon'
  | 'erased'

/** Columns of these types say nothing of a person by themselves: numbers of rows, counts and yes or no. */
export const speechlessTypes = [
  'uuid',
  'int2',
  'int4',
  'int8',
  '_int8',
  'bool',
  'xid8',
  'float8',
  'timestamptz',
  'int8range',
] as const

/** By table. Identifiers, instants and counts (`speechlessTypes`) need no word where the row itself stays. */
export const placesOfPeople: Readonly<Record<string, FateOfTable>> = {
  // --- the card
  contact: {
    erased:
      'given_name family_name business_name fiscal_code birth_date municipality_code notes address postal_code preferred_channel needs do_not_call',
    kept: { figures: 'kind province_code region_code language intermediary_kind' },
  },
  contact_email: 'erased',
  contact_key: 'erased',
  contact_phone: 'erased',
  contact_unit_key: 'erased',
  former_fiscal_code: 'erased',
  name_near: 'erased',
  address_trouble: 'erased',
  contact_unit: { kept: { figures: 'unit_path' } },
  contact_link: { erased: 'reason', kept: { staff: 'joined_by_name parted_by_name' } },
  identification: { erased: 'evidence', kept: { figures: 'method', staff: 'by_name' } },
  mandate: {
    erased: 'evidence',
    kept: { figures: 'kind valid_from valid_until', staff: 'noted_by_name ended_by_name' },
  },
  speaker: { kept: { staff: 'by_name' } },

  // --- cases
  case: { kept: { figures: 'code typology_id title status outcome', staff: 'reference_name' } },
  case_file: { erased: 'name', kept: { figures: 'type scan', staff: 'added_by_name removed_by_name' } },
  case_follow_up: 'erased',
  case_index: { erased: 'words' },
  case_link: { erased: 'why', kept: { figures: 'kind', staff: 'made_by_name undone_by_name' } },
  case_note: { erased: 'text', kept: { staff: 'by_name by_unit' } },
  case_result: {
    kept: { figures: 'first_on section_id unit_path typology_id region_code channel closed_on repeat_channel cause' },
  },
  case_unit: { kept: { figures: 'unit_path' } },
  citizen_question: { erased: 'text', kept: { figures: 'channel ended_by', staff: 'asked_by_name' } },
  interaction: {
    erased: 'from_number question notes answer',
    kept: {
      figures: 'channel typology_id state office_id office_name province_code region_code section_id',
      staff: 'operator_name operator_path',
    },
  },
  message: { erased: 'text', kept: { figures: 'channel', staff: 'by_name' } },
  saved_case_list: { erased: 'name wanted' },
  ticket: {
    erased:
      'question reply_address correction_reason answer directorate_answer urgent_reason sent_back_reason browser error_text filing_number cause_key',
    kept: {
      figures:
        'kind state unit_id unit_name unit_path centre_id centre_name region_code directorate_id directorate_name directorate_path reply_kind office_name derivation derived_unit_id priority procedure_id',
      staff: 'claimed_by_name sent_by_name sent_by_unit sent_back_by_name',
    },
  },
  workload_ticket: { kept: { figures: 'section_id state' } },
  ticket_deadline: { kept: { figures: 'kind' } },
  ticket_question: { erased: 'question answer', kept: { staff: 'asked_by_name asked_of_name' } },
  ticket_move: { kept: { figures: 'from_state', staff: 'from_name' } },
  note_mention: { kept: { staff: 'name' } },
  saved_ticket_list: { erased: 'name wanted', kept: { figures: 'section_id' } },
  ticket_return: { erased: 'text', kept: { figures: 'directorate_id directorate_name general_interest', staff: 'by_name' } },
  // What a ticket has of its incident: who linked it, and who kept it from being answered.
  incident_ticket: { kept: { figures: 'answering', staff: 'linked_by_name left_because' } },
  ticket_viewer: { kept: { staff: 'name' } },
  page_viewer: 'soon',
  answer_draft: 'erased',
  appointment: {
    erased: 'reason preparation outcome_text cancel_reason asked_by_name',
    kept: {
      figures:
        'unit_id unit_name unit_path service_id service_name bring mode state code day_code code_day title outcome booked_by_unit booked_by_path cancelled_by asked_by_right',
      staff: 'officer_name prepared_by_name booked_by_name',
    },
  },

  appointment_letter: 'erased',
  time_offer_call: { erased: 'number', kept: { figures: 'unit_id outcome' } },
  appointment_call: { erased: 'number', kept: { figures: 'unit_id outcome', staff: 'officer_name officer_number' } },

  // A visit at the counters: who came is known by the appointment only.
  visit: {
    erased: 'remark parked_why priority',
    kept: {
      figures: 'unit_id unit_path day code origin state visit_class call_reason delivered not_delivered came_because',
      staff: 'officer_name',
    },
  },
  // A guide that was followed in a conversation.
  assisted_session: {
    erased: 'why',
    kept: { figures: 'guide_title unit_path language outcome', staff: 'person_name' },
  },
  assisted_step: { erased: 'note', kept: { figures: 'step_id state' } },
  visit_entry: { erased: 'detail', kept: { figures: 'kind', staff: 'by_name' } },

  // --- mail
  blob: { kept: { evidence: 'sha256', figures: 'bucket' } },
  blob_chunk: { erased: 'bytes' },
  blob_leftover: 'soon',
  incoming_attachment: { erased: 'name content_id scan_detail', kept: { figures: 'declared_type type scan' } },
  incoming_mail: {
    erased: 'from_address from_name to_addresses cc_addresses reply_to subject message_id refs text quoted html',
    kept: { figures: 'matched_by proposed_code' },
  },
  mail: {
    erased: 'to_address cc_addresses to_name subject body in_reply_to refs last_problem calendar_method calendar',
    kept: {
      servers: 'message_id reply_token',
      figures: 'purpose unit_ids from_name language state last_reason channel',
    },
  },
  mail_passing: { erased: 'note', kept: { figures: 'from_unit_id from_unit_name to_unit_id to_unit_name', staff: 'by_name' } },
  outgoing_file: { erased: 'name', kept: { figures: 'type scan' } },
  raw_mail: { erased: 'detail', kept: { evidence: 'sha256', figures: 'state reason', staff: 'settled_by' } },
  raw_mail_place: { kept: {} },
  registered_arrival: { kept: { evidence: 'kind issuer identifier verdict reason signer authority sha256' } },
  registered_message: { erased: 'recipients raw', kept: { evidence: 'message_id sender sha256 provider_identifier state' } },
  registered_receipt: {
    erased: 'about uncertified detail',
    kept: { evidence: 'kind cause form issuer identifier verdict reason signer authority sha256' },
  },

  // --- calls
  call: {
    erased: 'from_number state',
    kept: {
      figures: 'node switch leg to_number office_id office_name province_code region_code phase section_id ended_because',
    },
  },
  call_transfer: { erased: 'note', kept: { figures: 'from_section_id section_id', staff: 'by_name' } },
  call_turn: { kept: { figures: 'offer section_id outcome' } },
  callback: { erased: 'number', kept: { figures: 'section_id state last_outcome' } },
  ended_wait: { kept: { figures: 'section_id how' } },
  queued_call: { kept: { figures: 'section_id state kind offer' } },
  // Identifiers of works, sections and agents; what is older than the last snapshots goes.
  router_step: { kept: { figures: 'domain input commands' } },
  router_snapshot: { kept: { figures: 'domain state' } },

  // --- the journal, its archived months (`journal_archive.event_…`) like it
  event: { erased: 'payload', kept: { figures: 'type channel unit_ids', staff: 'actor' } },
  event_before_months: { erased: 'payload', kept: { figures: 'type channel unit_ids', staff: 'actor' } },
  unreadable_entry: { erased: 'reason', kept: { figures: 'reader type why' } },

  // --- who has looked, who has asked
  access: { kept: { looks: 'person_name role unit_id unit_path kind route' } },
  erasure: { kept: { request: 'asked_by_name' } },

  // --- what goes by itself
  idempotency: 'soon',
  agenda_hold: 'soon',

  // --- nothing of citizens
  absence: 'nobody',
  absence_return: 'nobody',
  absence_rule: 'nobody',
  // Bodies and associations, never people.
  addressee: 'nobody',
  account_notice: 'nobody',
  agenda_calendar: 'nobody',
  agenda_closure: 'nobody',
  agenda_extra_opening: 'nobody',
  agenda_opening: 'nobody',
  agenda_reminder: 'nobody',
  agenda_service: 'nobody',
  agenda_service_of_unit: 'nobody',
  agenda_set_up: 'nobody',
  agenda_taken: 'nobody',
  agenda_waiting: 'nobody',
  counter_hall: 'nobody',
  counter_service: 'nobody',
  counter_desk: 'nobody',
  counter_sitting: 'nobody',
  counter_device: 'nobody',
  counter_number: 'nobody',
  counter_help: 'nobody',
  counter_set_up: 'nobody',
  agenda_letter: 'nobody',
  agenda_number: 'nobody',
  agent_presence: 'nobody',
  agent_skill: 'nobody',
  agent_status: 'nobody',
  answer_template: 'nobody',
  competence_change: 'nobody',
  ticket_rules: 'nobody',
  assignment: 'nobody',
  assignment_request: 'nobody',
  callback_setting: 'nobody',
  case_follower: 'nobody',
  case_index_fill: 'nobody',
  case_result_change: 'nobody',
  case_result_sum: 'nobody',
  continuity_sum: 'nobody',
  deadline_recompute: 'nobody',
  deadline_target: 'nobody',
  ending_after_call: 'nobody',
  entry_to_erase: 'nobody',
  flow: 'nobody',
  half_hour_arrival: 'nobody',
  half_hour_number: 'nobody',
  half_hour_sum: 'nobody',
  half_hour_wait: 'nobody',
  // One text for many, without data of any of them.
  incident: 'nobody',
  incident_answering: 'nobody',
  incident_notice: 'nobody',
  // Words that several error texts have in common.
  incident_proposal: 'nobody',
  incident_step: 'nobody',
  it_procedure: 'nobody',
  journal_era: 'nobody',
  journal_month: 'nobody',
  known_error: 'nobody',
  mail_section: 'nobody',
  mailbox: 'nobody',
  mailbox_state: 'nobody',
  migration: 'nobody',
  number_change: 'nobody',
  office_number: 'nobody',
  opening_hours: 'nobody',
  // What is done for bodies and associations, by colleagues.
  procedure_change: 'nobody',
  guide: 'nobody',
  guide_version: 'nobody',
  prevention_activity: 'nobody',
  prevention_file: 'nobody',
  prevention_step: 'nobody',
  person: 'nobody',
  person_key: 'nobody',
  // Of what callers hear: spoken by staff.
  recording: 'nobody',
  router_domain: 'nobody',
  router_look: 'nobody',
  router_place: 'nobody',
  seal: 'nobody',
  seal_erased: 'nobody',
  section_member: 'nobody',
  section_member_version: 'nobody',
  section_routing: 'nobody',
  section_sharing: 'nobody',
  session: 'nobody',
  session_end: 'nobody',
  setting: 'nobody',
  sign_in_limit: 'nobody',
  staff_reserve: 'nobody',
  sum_follower: 'nobody',
  summed: 'nobody',
  telephone: 'nobody',
  ticket_count: 'nobody',
  typology: 'nobody',
  typology_slip: 'nobody',
  typology_word: 'nobody',
  unit: 'nobody',
  unit_closure: 'nobody',
  unit_word: 'nobody',
  workload_follower: 'nobody',
  workload_step: 'nobody',
  workload_week: 'nobody',
}

/** Places with words about a person that the archive of their data (`export-store.ts`) does not read, and why it tells all the same, or does not need to. */
export const notRead: Readonly<Record<string, string>> = {
  ...of('the card, as everybody who may see it reads it', 'contact contact_email contact_phone'),
  ...of(
    'how something that is told is found again',
    'contact_key contact_unit_key name_near case_index saved_case_list saved_ticket_list',
  ),
  ...of('that it was sent, and whether it came: told with the mail', 'address_trouble registered_message registered_receipt'),
  ...of('bytes of files and mails, which are named and given apart', 'blob_chunk raw_mail'),
  ...of('a text that nobody has sent yet', 'answer_draft'),
  ...of('each step of what is told as it stands', 'event event_before_months unreadable_entry visit_entry'),
}

function of(why: string, tables: string): Record<string, string> {
  return Object.fromEntries(tables.split(' ').map(table => [table, why]))
}
