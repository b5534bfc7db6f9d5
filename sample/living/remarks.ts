/** What colleagues write to each other in the living sample: remarks, questions to directorates and what comes back, notes before and after visits. */

export const notes: readonly string[] = [
  'Sentito per telefono: conferma i periodi e manda la copia del documento entro domani.',
  'Controllato il fascicolo: manca la risposta dell’altra sede, già sollecitata.',
  'Il codice fiscale nella domanda ha una lettera sbagliata; corretto in anagrafe.',
  'La pratica collegata è stata definita ieri: si può rispondere appena il provvedimento è visibile.',
  'Ha chiesto di essere chiamato dopo le 17, quando torna dal lavoro.',
  'Verificati i pagamenti: l’ultimo è tornato indietro per il conto chiuso.',
  'Il datore di lavoro ha trasmesso oggi la denuncia mancante.',
  'Attenzione: c’è una domanda gemella presentata dal patronato, da riunire a questa.',
  'Il documento allegato non si legge; chiesto di nuovo con la stessa richiesta.',
  'Confrontato con la collega della sezione: il caso rientra nelle istruzioni dell’anno scorso.',
  'Già seguito in primavera per lo stesso motivo; la soluzione di allora vale ancora.',
  'In attesa dell’esito del centro medico legale, previsto in settimana.',
]

export const forwards: readonly string[] = [
  'Chiediamo conferma dell’interpretazione: le istruzioni non dicono quale data vale quando i periodi si sovrappongono.',
  'Il caso non rientra negli esempi della circolare. Va considerata la normativa in vigore alla domanda o quella alla decorrenza?',
  'Due sedi hanno risposto in modo diverso a casi uguali: chiediamo la linea da seguire.',
  'La procedura non permette di registrare il requisito riconosciuto dalla sentenza. Come si procede?',
  'Serve un parere sulla cumulabilità: la norma nuova non abroga espressamente quella vecchia.',
  'L’ente estero non risponde da un anno: si può decidere sulla base dei documenti dell’interessato?',
  'Chiediamo se il termine è sospeso nel periodo in cui il servizio telematico non funzionava.',
]

export const returns: readonly string[] = [
  'Vale la data della domanda. L’orientamento è confermato e sarà ricordato alle sedi con un messaggio.',
  'Si applica la norma in vigore alla decorrenza. Il calcolo va rifatto con la retribuzione dell’ultimo periodo.',
  'La soluzione corretta è quella più favorevole all’interessato; l’altra sede è stata avvisata.',
  'Registrare con il codice provvisorio e allegare la sentenza: la procedura sarà adeguata con il prossimo rilascio.',
  'Le due prestazioni si possono cumulare entro il limite di reddito. Nella risposta va indicato il limite dell’anno.',
  'Sì: dopo il secondo sollecito si decide sui documenti disponibili, con riserva di conguaglio.',
  'Il termine è prorogato al primo giorno lavorativo dopo il ripristino del servizio.',
]

export const preparations: readonly string[] = [
  'Stampato l’estratto aggiornato. Da chiedere: libretto di lavoro e lettere di assunzione.',
  'Fascicolo letto: il nodo è la decorrenza. Tenere pronto il calcolo con le due date.',
  'La domanda è completa; manca solo la firma sull’informativa.',
  'Verificare insieme l’IBAN e il recapito. Il resto è già in lavorazione.',
  'Preparato il prospetto dei versamenti, con i trimestri che non risultano.',
]

export const outcomes = [
  { outcome: 'resolved', text: 'Spiegato il provvedimento e consegnata la copia. La persona è d’accordo, non serve altro.' },
  {
    outcome: 'resolved',
    text: 'Corretti i periodi con i documenti portati: l’estratto è stato aggiornato durante il colloquio.',
  },
  { outcome: 'request-filed', text: 'Presentata insieme la domanda; la ricevuta è stata stampata e consegnata.' },
  { outcome: 'request-filed', text: 'Acquisiti i documenti originali e inviata la richiesta di variazione.' },
  { outcome: 'referred', text: 'La competenza è di un altro ente: indicato l’ufficio e l’orario di apertura.' },
] as const

export const cancellations: readonly { by: 'citizen' | 'office'; reason: string }[] = [
  { by: 'citizen', reason: 'La persona ha risolto per telefono e non ha più bisogno di venire.' },
  { by: 'citizen', reason: 'Non può venire per motivi di salute; richiamerà per un altro giorno.' },
  { by: 'citizen', reason: 'Ha trovato un appuntamento più vicino a casa.' },
  { by: 'office', reason: 'Il funzionario è assente e nessuno lo può sostituire.' },
]

/** What members of a section ask each other. */
export const askedAmongColleagues = {
  waiting: 'Ti è già capitato un ricalcolo con contributi esteri? Non trovo il periodo in Germania.',
  answered: 'Per il supplemento serve ancora il modello cartaceo, o basta quello in linea?',
  answer: 'Basta quello in linea: il cartaceo non si chiede più da gennaio.',
} as const

export const mention = (name: string): string =>
  `@${name} ho parlato io con la sede: il fascicolo è già digitale, puoi rispondere.`

/** Lists that a section keeps. */
export const lists = [
  { name: 'Scadono questa settimana', wanted: { view: 'all', due: 'week' } },
  { name: 'Aspettano la direzione centrale', wanted: { view: 'forwarded', waiting: 'directorate' } },
] as const
/** What citizens are asked. */
export const questions: readonly string[] = [
  'In quali anni ha lavorato all’estero, e presso chi?',
  'Ha ancora la lettera di licenziamento? Ci serve la data.',
  'Su quale conto vuole ricevere i pagamenti, e a chi è intestato?',
  'Quando ha presentato la domanda al patronato, e con quale numero?',
]

/** Why a question cannot wait. */
export const urgencies: readonly string[] = ['Ha lo sfratto tra pochi giorni e nessun altro reddito.']
