/** What programs write: reports of mail servers, auto-replies, lists; and how clients quote. */
import { hello, type MailMessage, mail, type Part, part, parts, plain } from './build.ts'

export const sentId = '<0192f0c0-0000-7000-8000-000000000001@filodiretto.example>'

export function bounces(): MailMessage[] {
  const report = (
    name: string,
    from: string,
    words: string,
    status: readonly string[],
    original: Part,
    type = 'message/rfc822',
  ): MailMessage => ({
    ...{ kind: 'bounce', name, by: 'bounce', about: sentId },
    raw: mail(
      {
        'Return-Path': '<>',
        From: from,
        Subject: 'Undelivered Mail Returned to Sender',
        'Content-Type': 'multipart/report; report-type=delivery-status; boundary=d',
      },
      parts('d', [
        part([plain], words),
        part(['Content-Type: message/delivery-status'], status.join('\r\n')),
        part([`Content-Type: ${type}`], original),
      ]),
    ),
  })
  const original = mail({ 'Message-ID': sentId, From: 'risposte@filodiretto.example' }, 'Gentile …')
  const perRecipient = [
    '',
    'Final-Recipient: rfc822; giulia@example.org',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    '',
  ]
  const plainBounce = (name: string, from: string, body: string, more: Readonly<Record<string, string>> = {}): MailMessage => ({
    ...{ kind: 'bounce', name, by: 'bounce', about: sentId },
    raw: mail({ 'Return-Path': '<>', From: from, Subject: 'failure notice', ...more }, body),
  })
  return [
    report(
      'Postfix',
      'Mail Delivery System <MAILER-DAEMON@mx.example>',
      'This is the mail system at host mx.example.',
      ['Reporting-MTA: dns; mx.example', 'X-Postfix-Queue-ID: 4F1', ...perRecipient],
      original,
    ),
    report(
      'Postfix, the head alone',
      'MAILER-DAEMON@mx.example',
      'I am sorry.',
      ['Reporting-MTA: dns; mx.example', ...perRecipient],
      `Message-ID: ${sentId}\r\n`,
      'text/rfc822-headers',
    ),
    report(
      'Exchange',
      'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@ente.example>',
      'Recapito non riuscito',
      ['Reporting-MTA: dns;mail.ente.example', '', 'Original-Recipient: rfc822;giulia@example.org', ...perRecipient.slice(1)],
      original,
    ),
    report(
      'Gmail',
      'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      'Address not found',
      ['Reporting-MTA: dns; googlemail.com', 'Arrival-Date: Fri, 27 Nov 2026 01:00:00 -0800', ...perRecipient],
      original,
    ),
    report(
      'sendmail',
      'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>',
      'The following addresses had permanent fatal errors',
      ['Reporting-MTA: dns; sendmail.example', 'Arrival-Date: now', ...perRecipient],
      original,
    ),
    report(
      'delayed',
      'MAILER-DAEMON@mx.example',
      'Will be tried again',
      [
        'Reporting-MTA: dns; mx.example',
        '',
        'Final-Recipient: rfc822; giulia@example.org',
        'Action: delayed',
        'Status: 4.4.1',
        '',
      ],
      original,
    ),
    report(
      'with letters of other countries',
      'MAILER-DAEMON@mx.example',
      'Non trovato: perché',
      ['Reporting-MTA: dns; mx.example', ...perRecipient],
      original,
      'message/global',
    ),
    plainBounce(
      'qmail',
      'MAILER-DAEMON@qmail.example',
      `Hi. This is the qmail-send program.\r\n\r\n<giulia@example.org>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <x@y>\r\nMessage-ID: ${sentId}\r\nSubject: x\r\n\r\ntesto`,
    ),
    plainBounce(
      'Exim',
      'Mail Delivery System <Mailer-Daemon@exim.example>',
      `This message was created automatically by mail delivery software.\r\n\r\n  giulia@example.org\r\n    550 no such user\r\n\r\n------ This is a copy of the message ------\r\n\r\nMessage-Id: ${sentId}\r\nSubject: x\r\n`,
      { 'X-Failed-Recipients': 'giulia@example.org', 'Auto-Submitted': 'auto-replied' },
    ),
    plainBounce('Domino', 'postmaster@domino.example', `Your document was not delivered.\r\n\r\nMessage-ID: ${sentId}\r\n`),
  ]
}

export function autoReplies(): MailMessage[] {
  const absent = (language: string, subject: string, body: string): MailMessage[] => [
    {
      kind: 'auto-reply',
      name: `${language}, by its subject alone`,
      raw: mail({ Subject: subject }, body),
      by: 'auto-reply',
      text: body,
    },
    {
      kind: 'auto-reply',
      name: `${language}, marked`,
      raw: mail({ Subject: 'Re: Domanda', 'Auto-Submitted': 'auto-replied' }, body),
      by: 'auto-reply',
    },
  ]
  const words = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
  return [
    ...absent('Italian', 'Risposta automatica: Domanda', 'Sono in ferie fino al 3.'),
    ...absent('English', 'Automatic reply: Domanda', 'I am out of the office.'),
    ...absent('German', 'Automatische Antwort: Domanda', 'Ich bin im Urlaub.'),
    ...absent('French', words('Réponse automatique : Domanda'), 'Je suis absent.'),
    ...absent('Slovene', 'Samodejni odgovor: Domanda', 'Sem na dopustu.'),
    ...absent('Spanish', words('Respuesta automática: Domanda'), 'Estoy fuera.'),
    { kind: 'auto-reply', name: 'out of office, in Italian', raw: mail({ Subject: 'Fuori ufficio: Domanda' }), by: 'auto-reply' },
    { kind: 'auto-reply', name: 'vacation with a null path', raw: mail({ 'Return-Path': '<>' }), by: 'auto-reply' },
    {
      kind: 'auto-reply',
      name: 'a read receipt',
      raw: mail(
        { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=b' },
        parts('b', [hello, part(['Content-Type: message/disposition-notification'], 'Disposition: manual-action; displayed')]),
      ),
      by: 'auto-reply',
    },
    { kind: 'list', name: 'a list', raw: mail({ 'List-Id': '<news.example.org>', Precedence: 'bulk' }), by: 'list' },
    {
      kind: 'list',
      name: 'a mass mailing',
      raw: mail({ Precedence: 'bulk', 'List-Unsubscribe': '<https://example.org/u>' }),
      by: 'list',
    },
    {
      kind: 'list',
      name: 'somebody who only says that it is no auto-reply',
      raw: mail({ 'Auto-Submitted': 'no' }),
      by: 'person',
    },
  ]
}

export function quoting(): MailMessage[] {
  const own = 'Grazie, ma non è la mia domanda.'
  const earlier = 'La sua domanda è accolta.'
  const quotes: readonly (readonly [client: string, text: string])[] = [
    ['Gmail, Italian', `Il giorno lun 2 nov 2026 alle ore 10:12 CRIC Lazio <r@ente.example>\nha scritto:\n\n> ${earlier}`],
    ['Gmail, English', `On Mon, Nov 2, 2026 at 10:12 AM CRIC Lazio <r@ente.example> wrote:\n\n> ${earlier}`],
    ['Gmail, German', `Am Mo., 2. Nov. 2026 um 10:12 Uhr schrieb CRIC <r@ente.example>:\n\n> ${earlier}`],
    ['Gmail, French', `Le lun. 2 nov. 2026 à 10:12, CRIC <r@ente.example> a écrit :\n\n> ${earlier}`],
    ['Thunderbird', `Il 02/11/2026 10:12, CRIC Lazio ha scritto:\n> ${earlier}`],
    ['Apple Mail', `> Il giorno 2 nov 2026, alle ore 10:12, CRIC <r@ente.example> ha scritto:\n> \n> ${earlier}`],
    ['iPhone', `Inviato da iPhone\n\n> Il giorno 2 nov 2026, alle ore 10:12, CRIC ha scritto:\n> ${earlier}`],
    [
      'Outlook, Italian',
      `Da: CRIC Lazio <r@ente.example>\nInviato: lunedì 2 novembre 2026 10:12\nA: Giulia\nOggetto: x\n\n${earlier}`,
    ],
    ['Outlook, English', `From: CRIC Lazio <r@ente.example>\nSent: Monday, November 2, 2026 10:12 AM\nTo: Giulia\n\n${earlier}`],
    ['Outlook on the web', `________________________________\nDa: CRIC Lazio\nInviato: lunedì\nA: Giulia\n\n${earlier}`],
    ['Libero, Virgilio', `-----Messaggio originale-----\nDa: r@ente.example\n\n${earlier}`],
    ['Roundcube', `Il 2026-11-02 10:12 CRIC Lazio ha scritto:\n\n> ${earlier}`],
    ['Yahoo', `Il lunedì 2 novembre 2026 alle ore 10:12:00 CET, CRIC Lazio <r@ente.example> ha scritto:\n\n${earlier}`],
  ]
  const quoted = quotes.map(([client, text]): MailMessage => {
    const body = `${own}\n\n${text}`.replace(/\n/g, '\r\n')
    const isIphone = client === 'iPhone'
    return {
      ...{ kind: 'quoting', name: client, raw: mail({ 'Content-Type': 'text/plain; charset=utf-8' }, body) },
      text: isIphone ? `${own}\n\nInviato da iPhone` : own,
    }
  })
  return [
    ...quoted,
    {
      kind: 'quoting',
      name: 'forwarded in the text',
      raw: mail(
        { 'Content-Type': 'text/plain; charset=utf-8', Subject: 'I: Domanda' },
        `---------- Forwarded message ---------\r\nDa: x\r\n\r\n${earlier}`,
      ),
    },
    {
      kind: 'quoting',
      name: 'answers between the lines',
      raw: mail({ 'Content-Type': 'text/plain; charset=utf-8' }, `> ${earlier}\r\n\r\n${own}`),
      text: `> ${earlier}\n\n${own}`,
    },
    { kind: 'quoting', name: 'nothing but arrows', raw: mail({}, `${'>'.repeat(5_000)}\r\n`.repeat(50)) },
    { kind: 'quoting', name: 'attributions without an end', raw: mail({}, `${'On x '.repeat(40)}\r\n`.repeat(400)) },
  ]
}
