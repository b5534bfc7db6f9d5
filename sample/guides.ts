/** Two guides of the sample institute, with their words for citizens in Italian, English and German. */
import { GuideContent } from '../src/guides/index.ts'

interface SampleGuide {
  id: string
  content: GuideContent
}

type Words = readonly [title: string, citizen: string]

const step = (
  id: string,
  [title, citizen]: Words,
  more: { help?: string; otherwise?: string; optional?: boolean; en: Words; de: Words },
) => ({
  ...{ id, title, citizen, help: more.help ?? '', otherwise: more.otherwise ?? '', optional: more.optional ?? false },
  words: {
    en: { title: more.en[0], citizen: more.en[1] },
    de: { title: more.de[0], citizen: more.de[1] },
  },
})

const filing = GuideContent.parse({
  title: 'Domanda di pensione di vecchiaia on line',
  summary: 'Alla fine la domanda è inviata, e il cittadino ne ha la ricevuta con il numero di protocollo.',
  needs: 'SPID, CIE o CNS; l’IBAN del conto su cui ricevere la pensione; la data dell’ultimo giorno di lavoro.',
  words: {
    en: {
      title: 'Applying for an old-age pension on line',
      summary: 'At the end the application is filed and you have its receipt with the protocol number.',
      needs: 'SPID, CIE or CNS; the IBAN of the account for the pension; the date of your last day at work.',
    },
    de: {
      title: 'Antrag auf Altersrente im Internet',
      summary: 'Am Ende ist der Antrag gestellt, und Sie haben die Empfangsbestätigung mit der Protokollnummer.',
      needs: 'SPID, CIE oder CNS; die IBAN des Kontos für die Rente; das Datum Ihres letzten Arbeitstages.',
    },
  },
  typologyIds: ['vecchiaia'],
  steps: [
    step('sign-in', ['Accesso', 'Apri il sito e scegli «Entra»: SPID, CIE o CNS.'], {
      help: 'Non chiedere e non scrivere mai la password del cittadino.',
      otherwise: 'Se non ha un’identità digitale, segui prima la guida per attivarla.',
      en: ['Sign in', 'Open the site and choose “Entra”: SPID, CIE or CNS.'],
      de: ['Anmeldung', 'Öffnen Sie die Seite und wählen Sie „Entra“: SPID, CIE oder CNS.'],
    }),
    step('service', ['Il servizio', 'Cerca «Domanda di pensione» e scegli «Vecchiaia».'], {
      en: ['The service', 'Search for “Domanda di pensione” and choose “Vecchiaia”.'],
      de: ['Der Dienst', 'Suchen Sie „Domanda di pensione“ und wählen Sie „Vecchiaia“.'],
    }),
    step('data', ['I tuoi dati', 'Controlla nome, indirizzo e recapiti; correggi quelli sbagliati.'], {
      otherwise:
        'Se il cognome o la data di nascita sono sbagliati non si correggono qui: manda una Linea alla sezione anagrafica.',
      en: ['Your data', 'Check your name, address and telephone; correct what is wrong.'],
      de: ['Ihre Daten', 'Prüfen Sie Namen, Adresse und Telefon; berichtigen Sie, was falsch ist.'],
    }),
    step('contributions', ['Contributi', 'Guarda l’estratto conto e controlla che i periodi di lavoro ci siano tutti.'], {
      help: 'Se manca un periodo la domanda si può inviare lo stesso: la segnalazione contributiva si fa dopo.',
      en: ['Contributions', 'Look at the statement and check that all periods of work are there.'],
      de: ['Beiträge', 'Sehen Sie den Auszug an und prüfen Sie, ob alle Arbeitszeiten da sind.'],
    }),
    step('payment', ['Pagamento', 'Scrivi l’IBAN del conto intestato a te.'], {
      otherwise:
        'Un conto intestato ad altri non si può usare: si può chiedere il pagamento in contanti alla posta fino a 1.000 euro.',
      en: ['Payment', 'Write the IBAN of an account in your name.'],
      de: ['Zahlung', 'Schreiben Sie die IBAN eines Kontos auf Ihren Namen.'],
    }),
    step('attachments', ['Allegati', 'Aggiungi i documenti che il sito chiede.'], {
      optional: true,
      en: ['Attachments', 'Add the documents that the site asks for.'],
      de: ['Anlagen', 'Fügen Sie die verlangten Unterlagen bei.'],
    }),
    step('send', ['Invio e ricevuta', 'Rileggi, invia, e scarica la ricevuta con il numero di protocollo.'], {
      help: 'Fatti leggere il numero di protocollo e scrivilo nelle note del colloquio.',
      otherwise: 'Se il sito dà errore all’invio, la domanda resta in bozza: riprovate insieme, o apri un quesito informatico.',
      en: ['Send and receipt', 'Read it again, send it, and download the receipt with the protocol number.'],
      de: [
        'Absenden und Bestätigung',
        'Lesen Sie alles noch einmal, senden Sie ab und speichern Sie die Bestätigung mit der Protokollnummer.',
      ],
    }),
  ],
})

const identity = GuideContent.parse({
  title: 'Attivare l’identità digitale con la carta d’identità elettronica',
  summary: 'Alla fine il cittadino entra nei servizi con la CIE e il telefono.',
  needs: 'La carta d’identità elettronica; le due metà del PIN; un telefono che legge la carta (NFC); un indirizzo e-mail.',
  words: {
    en: {
      title: 'Setting up a digital identity with the electronic identity card',
      summary: 'At the end you sign in to the services with your card and your telephone.',
      needs: 'The electronic identity card; both halves of the PIN; a telephone that reads the card (NFC); an e-mail address.',
    },
    de: {
      title: 'Digitale Identität mit der elektronischen Identitätskarte aktivieren',
      summary: 'Am Ende melden Sie sich mit Karte und Telefon bei den Diensten an.',
      needs:
        'Die elektronische Identitätskarte; beide Hälften der PIN; ein Telefon, das die Karte liest (NFC); eine E-Mail-Adresse.',
    },
  },
  typologyIds: ['pin'],
  steps: [
    step(
      'pin',
      ['Le due metà del PIN', 'Trova il foglio del Comune con le prime quattro cifre e la lettera con le altre quattro.'],
      {
        otherwise:
          'Se manca una metà, si richiede al Comune o con il PUK nell’applicazione: la guida si riprende quando il PIN c’è.',
        en: [
          'Both halves of the PIN',
          'Find the municipality’s sheet with the first four digits and the letter with the other four.',
        ],
        de: [
          'Beide Hälften der PIN',
          'Suchen Sie das Blatt der Gemeinde mit den ersten vier Ziffern und den Brief mit den übrigen vier.',
        ],
      },
    ),
    step('app', ['L’applicazione', 'Scarica «CieID» dal negozio del telefono e aprila.'], {
      help: 'Fai leggere il nome di chi la pubblica: Istituto Poligrafico e Zecca dello Stato.',
      en: ['The app', 'Download “CieID” from the telephone’s store and open it.'],
      de: ['Die App', 'Laden Sie „CieID“ aus dem Store des Telefons und öffnen Sie sie.'],
    }),
    step(
      'card',
      ['Registrare la carta', 'Scrivi le otto cifre del PIN e appoggia la carta dietro al telefono, senza muoverla.'],
      {
        otherwise:
          'Togli la custodia, prova più in alto o più in basso, accendi NFC nelle impostazioni. Dopo tre PIN sbagliati serve il PUK.',
        en: [
          'Register the card',
          'Write the eight digits of the PIN and hold the card against the back of the telephone, without moving it.',
        ],
        de: [
          'Karte eintragen',
          'Geben Sie die acht Ziffern der PIN ein und halten Sie die Karte ruhig an die Rückseite des Telefons.',
        ],
      },
    ),
    step('credentials', ['Le credenziali', 'Sul portale della CIE attiva i livelli 1 e 2, con la tua e-mail.'], {
      optional: true,
      en: ['Credentials', 'On the CIE portal activate levels 1 and 2, with your e-mail address.'],
      de: ['Zugangsdaten', 'Aktivieren Sie auf dem CIE-Portal die Stufen 1 und 2 mit Ihrer E-Mail-Adresse.'],
    }),
    step('try', ['Prova insieme', 'Apri il sito dell’istituto, scegli «Entra con CIE» e segui il telefono.'], {
      help: 'Resta in linea finché vede il suo nome in alto a destra.',
      otherwise: 'Se l’accesso si ferma, chiudi il browser e ricomincia da «Entra con CIE».',
      en: ['Try it together', 'Open the institute’s site, choose “Entra con CIE” and follow the telephone.'],
      de: [
        'Gemeinsam ausprobieren',
        'Öffnen Sie die Seite des Instituts, wählen Sie „Entra con CIE“ und folgen Sie dem Telefon.',
      ],
    }),
  ],
})

export const guides: readonly SampleGuide[] = [
  { id: '019a8f3e-0000-7000-8000-000000000e01', content: filing },
  { id: '019a8f3e-0000-7000-8000-000000000e02', content: identity },
]
