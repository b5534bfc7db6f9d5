/** Reports of mail servers about mails of ours: RFC 3464, and the Message-ID in those that know no standard. Pure. */
import type { DeliveryReport } from './model.ts'

/** A report about more addresses is read no further. */
const maxRecipients = 50

/**
 * Reads a report.
 * @param status the text of the part `message/delivery-status`
 * @param original the returned mail, or its head
 */
export function readReport(status: string, original: string): DeliveryReport {
  const blocks = status.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/)
  const recipients = blocks.slice(0, maxRecipients * 2).flatMap(block => {
    const fields = fieldsIn(block)
    const final = fields.get('final-recipient') ?? fields.get('original-recipient')
    if (final === undefined) return []
    return [
      {
        address: withoutType(final).replace(/^<|>$/g, '').toLowerCase(),
        action: (fields.get('action') ?? '').toLowerCase(),
        status: /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? '',
        detail: withoutType(fields.get('diagnostic-code') ?? '')
          .slice(0, 300)
          .toWellFormed(),
      },
    ]
  })
  return { recipients: recipients.slice(0, maxRecipients), about: messageIdIn(original) }
}

/** `rfc822; anna@example.org` is `anna@example.org`. */
const withoutType = (value: string): string => value.replace(/^[\w-]+\s*;\s*/, '').trim()

function fieldsIn(block: string): Map<string, string> {
  const unfolded = block.replace(/\n[ \t]+/g, ' ')
  return new Map(
    unfolded.split('\n').flatMap(line => {
      const at = line.indexOf(':')
      return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const] : []
    }),
  )
}

/** The Message-ID in the head of a mail. */
export const messageIdIn = (head: string): string | null =>
  /^message-id:\s*(<[^<>\s]{1,250}>)/im.exec(
    head
      .replace(/\r\n?/g, '\n')
      .replace(/\n[ \t]+/g, ' ')
      .slice(0, 100_000),
  )?.[1] ?? null
