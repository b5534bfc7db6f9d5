/**
 * What citizens ask the sample institute about, in its words and in theirs. Two levels: a subject and its matters.
 *
 * Each matter names the section of the contact centre, the section of the regional centre and the central directorate that deal with it;
 * a malfunction goes to the region's IT group instead of the regional centre.
 */
import type { NewTypology } from '../src/classification/index.ts'

type Competence = Pick<NewTypology, 'ccmSectionId' | 'cricSection' | 'centralDirectorateId' | 'itMatter'>

interface Matter {
  id: string
  label: string
  description: string
  /** Words and short phrases that citizens use. */
  synonyms: readonly string[]
  /** Where it differs from its subject. */
  but?: Partial<Competence>
}

interface Subject {
  id: string
  label: string
  competence: Competence
  matters: readonly Matter[]
}

const of = (
  ccmSectionId: string,
  cricSection: Competence['cricSection'],
  centralDirectorateId: string,
  itMatter = false,
): Competence => ({ ccmSectionId, cricSection, centralDirectorateId, itMatter })

const subjects: readonly Subject[] = [
  {
    id: 'pensioni',
    label: 'Pensioni',
    competence: of('ccm-pensioni', 'pensions', 'dc-pensioni'),
    matters: [
      {
        id: 'vecchiaia',
        label: 'Pensione di vecchiaia',
        description: 'Requisiti, domanda e decorrenza della pensione per età',
        synonyms: ['67 anni', 'età pensionabile', 'andare in pensione', 'domanda di pensione'],
      },
      {
        id: 'anticipata',
        label: 'Pensione anticipata',
        description: 'Pensione per anni di contributi, prima dell’età',
        synonyms: ['anzianità', 'quota 103', 'opzione donna', 'ape sociale', 'precoci', '42 anni e 10 mesi', 'fornero'],
      },
      {
        id: 'superstiti',
        label: 'Pensione ai superstiti',
        description: 'Reversibilità e pensione indiretta per coniuge e figli',
        synonyms: ['reversibilità', 'indiretta', 'vedova', 'vedovo', 'morte del coniuge', 'orfani', 'decesso'],
      },
      {
        id: 'inabilita',
        label: 'Assegno di invalidità e pensione di inabilità',
        description: 'Prestazioni a chi, assicurato, non può più lavorare o lavora meno',
        synonyms: ['assegno ordinario', 'invalidità lavoratori', 'aoi', 'capacità di lavoro ridotta', 'legge 222'],
      },
      {
        id: 'estero',
        label: 'Pensione in convenzione internazionale',
        description: 'Contributi versati all’estero e pensioni di chi vive all’estero',
        synonyms: ['germania', 'svizzera', 'totalizzazione estera', 'emigrato', 'patronato estero', 'esistenza in vita'],
      },
      {
        id: 'ricostituzione',
        label: 'Ricostituzione e supplemento di pensione',
        description: 'Ricalcolo di una pensione già in pagamento',
        synonyms: ['ricalcolo', 'aumento', 'contributi dopo la pensione', 'supplemento', 'redditi red', 'quattordicesima'],
      },
      {
        id: 'pagamento-pensione',
        label: 'Pagamento della pensione',
        description: 'Date, ufficio pagatore, trattenute, arretrati, indebiti',
        synonyms: ['cedolino', 'accredito', 'iban', 'banca', 'posta', 'trattenuta', 'indebito', 'tredicesima', 'non arrivata'],
      },
      {
        id: 'assegno-sociale',
        label: 'Assegno sociale',
        description: 'Prestazione a chi ha più di 67 anni e redditi bassi',
        synonyms: ['pensione sociale', 'senza contributi', 'reddito basso', 'anziani'],
        but: { centralDirectorateId: 'dc-inclusione' },
      },
      {
        id: 'invalidita-civile',
        label: 'Invalidità civile, accompagnamento, legge 104',
        description: 'Accertamento sanitario e prestazioni a invalidi civili, ciechi e sordi',
        synonyms: ['accompagnamento', 'commissione medica', 'visita', 'verbale', 'disabilità', 'handicap', 'sordi', 'ciechi'],
        but: { centralDirectorateId: 'dc-inclusione' },
      },
      {
        id: 'cumulo-redditi',
        label: 'Pensione e lavoro: cumulo dei redditi',
        description: 'Quanto si può guadagnare senza perdere la pensione',
        synonyms: ['lavorare in pensione', 'incumulabilità', 'redditi da lavoro', 'dichiarazione reddituale'],
      },
      {
        id: 'certificazione-unica',
        label: 'Certificazione unica e detrazioni',
        description: 'CU, detrazioni d’imposta, conguagli fiscali sulla pensione',
        synonyms: ['cu', 'cud', '730', 'irpef', 'detrazioni', 'conguaglio', 'tasse', 'addizionale'],
      },
    ],
  },
  {
    id: 'conto-assicurativo',
    label: 'Conto assicurativo',
    competence: of('ccm-pensioni', 'pensions', 'dc-pensioni'),
    matters: [
      {
        id: 'estratto-conto',
        label: 'Estratto conto contributivo',
        description: 'Contributi che mancano o sono sbagliati nell’estratto',
        synonyms: ['contributi mancanti', 'estratto', 'ecocert', 'segnalazione contributiva', 'fecir', 'buchi'],
      },
      {
        id: 'riscatto-laurea',
        label: 'Riscatto della laurea',
        description: 'Riscatto degli anni di studio, anche agevolato',
        synonyms: ['laurea', 'università', 'anni di studio', 'riscatto agevolato'],
      },
      {
        id: 'ricongiunzione',
        label: 'Ricongiunzione, totalizzazione, cumulo',
        description: 'Unire contributi di gestioni diverse',
        synonyms: ['unire contributi', 'gestioni diverse', 'totalizzazione', 'cumulo gratuito', 'casse professionali'],
      },
      {
        id: 'contributi-volontari',
        label: 'Contributi volontari e figurativi',
        description: 'Prosecuzione volontaria; accredito di servizio militare, maternità, malattia',
        synonyms: ['versamenti volontari', 'servizio militare', 'leva', 'figurativi', 'accredito maternità'],
      },
      {
        id: 'dipendenti-pubblici',
        label: 'Dipendenti pubblici: posizione e TFS/TFR',
        description: 'Posizione assicurativa, trattamento di fine servizio, pensione dei dipendenti pubblici',
        synonyms: ['inpdap', 'tfs', 'tfr', 'buonuscita', 'liquidazione', 'statali', 'insegnanti', 'scuola'],
      },
      {
        id: 'prestiti',
        label: 'Prestiti e mutui ai dipendenti pubblici',
        description: 'Piccoli prestiti, prestiti pluriennali, mutui della gestione credito',
        synonyms: ['piccolo prestito', 'pluriennale', 'mutuo', 'cessione del quinto', 'credito'],
        but: { centralDirectorateId: 'dc-credito' },
      },
    ],
  },
  {
    id: 'disoccupazione',
    label: 'Disoccupazione e cassa integrazione',
    competence: of('ccm-sostegno', 'income-support', 'dc-ammortizzatori'),
    matters: [
      {
        id: 'naspi',
        label: 'NASpI',
        description: 'Indennità di disoccupazione dei lavoratori dipendenti',
        synonyms: ['disoccupazione', 'licenziato', 'licenziamento', 'perso il lavoro', 'anticipo naspi', 'naspi com'],
      },
      {
        id: 'dis-coll',
        label: 'DIS-COLL',
        description: 'Indennità di disoccupazione dei collaboratori',
        synonyms: ['collaboratori', 'cococo', 'assegno di ricerca', 'disoccupazione collaborazione'],
      },
      {
        id: 'disoccupazione-agricola',
        label: 'Disoccupazione agricola',
        description: 'Indennità agli operai agricoli',
        synonyms: ['agricoltura', 'braccianti', 'giornate', 'stagionali agricoli'],
      },
      {
        id: 'cassa-integrazione',
        label: 'Cassa integrazione',
        description: 'Integrazione salariale ordinaria, straordinaria, fondi di solidarietà',
        synonyms: ['cig', 'cigo', 'cigs', 'fis', 'sospensione dal lavoro', 'fondo di solidarietà', 'sr41'],
      },
      {
        id: 'mobilita',
        label: 'Mobilità in deroga',
        description: 'Trattamenti in deroga a chi ha finito gli altri',
        synonyms: ['mobilità', 'deroga', 'area di crisi'],
      },
      {
        id: 'tfr-fondo-garanzia',
        label: 'TFR dal Fondo di garanzia',
        description: 'TFR e ultime retribuzioni quando l’azienda è fallita',
        synonyms: ['fallimento', 'azienda fallita', 'tfr non pagato', 'stipendi non pagati', 'fondo di garanzia'],
      },
      {
        id: 'inclusione',
        label: 'Assegno di inclusione e supporto alla formazione',
        description: 'Misure contro la povertà e per chi cerca lavoro',
        synonyms: ['adi', 'sfl', 'reddito di cittadinanza', 'povertà', 'carta di inclusione', 'siisl'],
        but: { centralDirectorateId: 'dc-inclusione' },
      },
    ],
  },
  {
    id: 'famiglia-salute',
    label: 'Famiglia, maternità, malattia',
    competence: of('ccm-sostegno', 'income-support', 'dc-famiglia'),
    matters: [
      {
        id: 'assegno-unico',
        label: 'Assegno unico e universale per i figli',
        description: 'Domanda, importo e pagamento dell’assegno per i figli',
        synonyms: ['auu', 'figli', 'bambini', 'assegno familiare', 'anf', 'assegni familiari'],
      },
      {
        id: 'maternita',
        label: 'Maternità e congedo di paternità',
        description: 'Congedo obbligatorio e indennità alle madri e ai padri',
        synonyms: ['gravidanza', 'incinta', 'congedo obbligatorio', 'paternità', 'parto', 'astensione'],
      },
      {
        id: 'congedo-parentale',
        label: 'Congedo parentale',
        description: 'Congedo facoltativo dei genitori',
        synonyms: ['maternità facoltativa', 'facoltativa', 'congedo genitori', 'permessi allattamento'],
      },
      {
        id: 'malattia',
        label: 'Malattia e visite di controllo',
        description: 'Certificati, indennità, visite fiscali',
        synonyms: ['visita fiscale', 'certificato medico', 'reperibilità', 'fasce orarie', 'ricovero'],
      },
      {
        id: 'permessi-104',
        label: 'Permessi e congedo per assistere un disabile',
        description: 'Tre giorni al mese, congedo straordinario di due anni',
        synonyms: ['legge 104', 'tre giorni', 'congedo straordinario', 'assistenza familiare', 'caregiver'],
      },
      {
        id: 'bonus-nido',
        label: 'Bonus asilo nido',
        description: 'Contributo per le rette del nido o per l’assistenza a casa',
        synonyms: ['asilo', 'nido', 'retta', 'bonus bebè'],
      },
      {
        id: 'isee',
        label: 'ISEE',
        description: 'Dichiarazione sostitutiva unica e attestazione ISEE',
        synonyms: ['dsu', 'isee precompilato', 'indicatore', 'attestazione', 'caf'],
        but: { centralDirectorateId: 'dc-inclusione' },
      },
      {
        id: 'centri-estivi',
        label: 'Soggiorni e borse di studio',
        description: 'Vacanze, centri estivi e borse di studio per figli di iscritti',
        synonyms: ['estate inpsieme', 'vacanze', 'collegi', 'borsa di studio', 'home care premium', 'welfare'],
        but: { centralDirectorateId: 'dc-credito' },
      },
    ],
  },
  {
    id: 'aziende',
    label: 'Aziende e datori di lavoro',
    competence: of('ccm-aziende', 'contributors', 'dc-entrate'),
    matters: [
      {
        id: 'durc',
        label: 'DURC',
        description: 'Regolarità contributiva e irregolarità segnalate',
        synonyms: ['regolarità contributiva', 'durc online', 'durc irregolare', 'preavviso di accertamento', 'appalti'],
      },
      {
        id: 'uniemens',
        label: 'Denunce UniEmens',
        description: 'Denunce mensili, regolarizzazioni, note di rettifica',
        synonyms: ['flussi', 'denuncia mensile', 'nota di rettifica', 'regolarizzazione', 'dm10', 'vig'],
      },
      {
        id: 'agevolazioni',
        label: 'Sgravi e incentivi all’assunzione',
        description: 'Esoneri e riduzioni dei contributi',
        synonyms: ['sgravio', 'esonero', 'bonus giovani', 'bonus donne', 'decontribuzione sud', 'incentivo', 'assumere'],
      },
      {
        id: 'iscrizione-azienda',
        label: 'Iscrizione e variazione dell’azienda',
        description: 'Matricola, inquadramento, sospensione, cessazione',
        synonyms: ['matricola', 'apertura azienda', 'inquadramento', 'ateco', 'chiusura azienda', 'cassetto previdenziale'],
      },
      {
        id: 'rateazione',
        label: 'Rateazione e recupero crediti',
        description: 'Debiti contributivi, dilazioni, avvisi di addebito',
        synonyms: [
          'rate',
          'dilazione',
          'avviso di addebito',
          'cartella',
          'debito',
          'rottamazione',
          'agenzia entrate riscossione',
        ],
      },
      {
        id: 'agricoltura',
        label: 'Aziende agricole',
        description: 'Denuncia aziendale, manodopera, contributi agricoli',
        synonyms: ['dmag', 'posagri', 'denuncia aziendale', 'braccianti', 'trimestre', 'cd coltivatori'],
      },
      {
        id: 'f24',
        label: 'Versamenti F24',
        description: 'Codici, errori di versamento, compensazioni, rimborsi',
        synonyms: ['f24', 'causale contributo', 'codice sede', 'versamento sbagliato', 'rimborso', 'compensazione'],
      },
    ],
  },
  {
    id: 'autonomi-domestici',
    label: 'Lavoratori autonomi e domestici',
    competence: of('ccm-autonomi', 'contributors', 'dc-entrate'),
    matters: [
      {
        id: 'artigiani-commercianti',
        label: 'Artigiani e commercianti',
        description: 'Iscrizione, contributi, cancellazione',
        synonyms: ['artigiano', 'commerciante', 'negozio', 'partita iva', 'forfettario', 'riduzione 35', 'contributi fissi'],
      },
      {
        id: 'gestione-separata',
        label: 'Gestione separata',
        description: 'Professionisti senza cassa e collaboratori',
        synonyms: ['professionisti', 'collaboratori', 'partita iva senza cassa', 'quadro rr', 'iscro'],
      },
      {
        id: 'coltivatori-diretti',
        label: 'Coltivatori diretti',
        description: 'Coltivatori diretti, coloni, imprenditori agricoli',
        synonyms: ['agricoltore', 'cd', 'cm', 'iap', 'imprenditore agricolo'],
      },
      {
        id: 'assunzione-domestici',
        label: 'Assunzione di colf e badanti',
        description: 'Assumere, variare, cessare un rapporto di lavoro domestico',
        synonyms: ['colf', 'badante', 'babysitter', 'domestica', 'assumere una badante', 'cessazione'],
      },
      {
        id: 'contributi-domestici',
        label: 'Contributi per il lavoro domestico',
        description: 'Pagamento trimestrale, avvisi pagoPA, errori',
        synonyms: ['mav', 'pagopa', 'trimestre', 'badante contributi', 'colf contributi', 'cassa colf'],
      },
      {
        id: 'lavoro-occasionale',
        label: 'Lavoro occasionale',
        description: 'Libretto famiglia e contratto di prestazione occasionale',
        synonyms: ['libretto famiglia', 'prestazione occasionale', 'presto', 'voucher', 'lavoretti'],
      },
    ],
  },
  {
    id: 'online',
    label: 'Servizi online e PIN',
    competence: of('ccm-online', null, 'dc-tecnologia', true),
    matters: [
      {
        id: 'pin',
        label: 'PIN e accesso con SPID, CIE, CNS',
        description: 'Non si riesce a entrare nei servizi online',
        synonyms: [
          'password',
          'codice di accesso',
          'spid',
          'cie',
          'cns',
          'credenziali',
          'non riesco a entrare',
          'pin dispositivo',
        ],
      },
      {
        id: 'domanda-bloccata',
        label: 'Domanda telematica che non si invia',
        description: 'Errori o blocchi mentre si compila o si invia una domanda',
        synonyms: ['errore', 'blocco', 'non invia', 'pagina bianca', 'protocollo mancante', 'allegati', 'sito non funziona'],
      },
      {
        id: 'uniemens-tecnico',
        label: 'Invio telematico di UniEmens e DMAG',
        description: 'Malfunzionamenti dell’invio per aziende e intermediari',
        synonyms: ['scarto flusso', 'software di controllo', 'upload', 'consulente del lavoro', 'intermediario'],
      },
      {
        id: 'certificati-medici',
        label: 'Trasmissione dei certificati medici',
        description: 'Malfunzionamenti per medici e strutture sanitarie',
        synonyms: ['medico', 'certificato telematico', 'sistema ts', 'certificato introduttivo'],
      },
      {
        id: 'patronati-tecnico',
        label: 'Procedure di patronati, CAF, comuni',
        description: 'Malfunzionamenti delle procedure per gli enti convenzionati',
        synonyms: ['patronato', 'caf', 'comune', 'cooperazione applicativa', 'ente convenzionato'],
      },
      {
        id: 'app-mobile',
        label: 'Applicazione per il telefono',
        description: 'L’applicazione dell’istituto non funziona',
        synonyms: ['app', 'smartphone', 'cellulare', 'tablet', 'notifiche'],
      },
    ],
  },
  {
    id: 'rapporti',
    label: 'Informazioni e rapporti con l’istituto',
    competence: of('ccm-centralino', 'income-support', 'dc-organizzazione'),
    matters: [
      {
        id: 'orari-sedi',
        label: 'Sedi, orari, appuntamenti',
        description: 'Dove, quando e come si viene ricevuti',
        synonyms: ['indirizzo', 'ufficio', 'sportello', 'prenotare', 'appuntamento', 'apertura', 'telefono'],
      },
      {
        id: 'stato-domanda',
        label: 'Stato di una domanda',
        description: 'A che punto è una domanda già presentata',
        synonyms: ['a che punto', 'pratica', 'lavorazione', 'protocollo', 'attesa', 'sollecito'],
      },
      {
        id: 'cambio-dati',
        label: 'Cambio di indirizzo o di conto',
        description: 'Variazione di residenza, recapiti, IBAN di chi riceve una prestazione',
        synonyms: ['residenza', 'trasferimento', 'trasloco', 'nuovo iban', 'recapito', 'cellulare', 'email'],
      },
      {
        id: 'reclami',
        label: 'Reclami e ricorsi',
        description: 'Ricorsi amministrativi, riesame, reclami sul servizio',
        synonyms: ['ricorso', 'riesame', 'autotutela', 'lamentela', 'respinta', 'protesta'],
      },
    ],
  },
]

/** The tree, parents before children. */
export const typologies: readonly NewTypology[] = subjects.flatMap(({ id, label, competence, matters }) => [
  {
    id,
    parentId: null,
    label,
    leaf: false,
    description: '',
    synonyms: [],
    ccmSectionId: null,
    cricSection: null,
    centralDirectorateId: null,
    itMatter: false,
  },
  ...matters.map(matter => ({
    id: matter.id,
    parentId: id,
    label: matter.label,
    leaf: true,
    description: matter.description,
    synonyms: matter.synonyms,
    ...competence,
    ...matter.but,
  })),
])
