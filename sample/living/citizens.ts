/**
 * Citizens of the sample institute: made up, each with a home, a telephone number that reaches nobody (no subscriber's number begins with 0) and
 * perhaps an address in a domain that does not exist (RFC 2606).
 */
import { checkCharacter } from '../../src/contacts/index.ts'
import type { Municipality } from '../../src/organisation/index.ts'
import type { Chance } from './chance.ts'

export interface Citizen {
  id: string
  givenName: string
  familyName: string
  fiscalCode: string
  /** ISO day. */
  birthDate: string
  home: Municipality
  /** E.164. */
  phone: string
  email: string | null
  /** When the contact centre wrote them down; null before. */
  knownSince: number | null
  /** Engaged in a call until then. */
  busyUntil: number
  /** About what they were in touch, and when. */
  touched: { typologyId: string; at: number }[]
  /** What they were told: nobody is told the same twice. */
  heard: Set<string>
}

const women = [
  ...['Adele', 'Agnese', 'Amina', 'Anita', 'Antonella', 'Assunta', 'Carla', 'Carmela', 'Claudia', 'Concetta', 'Cosima', 'Debora'],
  ...['Denise', 'Donatella', 'Elena', 'Eleonora', 'Elisabetta', 'Emanuela', 'Enrica', 'Ester', 'Fatima', 'Filomena', 'Fiorella'],
  ...[
    'Gabriella',
    'Gina',
    'Giovanna',
    'Grazia',
    'Graziella',
    'Ilaria',
    'Immacolata',
    'Ines',
    'Ivana',
    'Katia',
    'Letizia',
    'Liliana',
  ],
  ...[
    'Loredana',
    'Lorenza',
    'Luana',
    'Luigia',
    'Maddalena',
    'Manuela',
    'Marcella',
    'Margherita',
    'Mariangela',
    'Marina',
    'Marisa',
  ],
  ...['Mirella', 'Miriam', 'Nadia', 'Natalia', 'Nicoletta', 'Olga', 'Ornella', 'Patrizia', 'Pina', 'Raffaella', 'Renata', 'Rita'],
  ...[
    'Rosalia',
    'Rosanna',
    'Sabrina',
    'Serena',
    'Simona',
    'Sonia',
    'Stefania',
    'Susanna',
    'Tiziana',
    'Vanessa',
    'Veronica',
    'Wanda',
  ],
]
const men = [
  ...['Achille', 'Adriano', 'Alberto', 'Aldo', 'Alfredo', 'Angelo', 'Armando', 'Arturo', 'Attilio', 'Augusto', 'Bruno', 'Carlo'],
  ...['Carmine', 'Cesare', 'Cosimo', 'Corrado', 'Daniele', 'Dario', 'Domenico', 'Donato', 'Egidio', 'Emilio', 'Enrico', 'Enzo'],
  ...[
    'Ernesto',
    'Ettore',
    'Eugenio',
    'Federico',
    'Felice',
    'Filippo',
    'Franco',
    'Gaetano',
    'Gennaro',
    'Gerardo',
    'Giacomo',
    'Gino',
  ],
  ...['Giordano', 'Giorgio', 'Giulio', 'Guido', 'Hassan', 'Igor', 'Ivano', 'Leonardo', 'Luciano', 'Luigi', 'Manuel', 'Marcello'],
  ...[
    'Mario',
    'Massimo',
    'Mauro',
    'Maurizio',
    'Nello',
    'Nunzio',
    'Orazio',
    'Oreste',
    'Pasquale',
    'Pierluigi',
    'Raffaele',
    'Renato',
  ],
  ...[
    'Renzo',
    'Rocco',
    'Romano',
    'Ruggero',
    'Sandro',
    'Santo',
    'Saverio',
    'Sergio',
    'Silvio',
    'Tullio',
    'Umberto',
    'Vito',
    'Walter',
  ],
]
const families = [
  ...['Abate', 'Acerbi', 'Agosti', 'Aiello', 'Albanese', 'Alfieri', 'Aloisi', 'Amadei', 'Andreoli', 'Arena', 'Baldi', 'Balducci'],
  ...['Barone', 'Basile', 'Basso', 'Battaglia', 'Bellini', 'Benedetti', 'Benvenuti', 'Bernardi', 'Bertolini', 'Bettini', 'Biagi'],
  ...['Bonetti', 'Borghi', 'Boschi', 'Bosco', 'Bova', 'Brambilla', 'Brunetti', 'Busetto', 'Calabrese', 'Campana', 'Cantoni'],
  ...['Capuano', 'Carbone', 'Carli', 'Carta', 'Casadei', 'Castelli', 'Cattaneo', 'Cavallo', 'Ceccarelli', 'Cerri', 'Chiesa'],
  ...['Cicala', 'Cipriani', 'Cirillo', 'Conte', 'Corsi', 'Cossu', 'Costantini', 'Cozzi', 'Cristiani', "D'Alessio", "D'Amico"],
  ...['De Carlo', 'De Marchi', 'De Rosa', 'De Simone', 'Del Vecchio', 'Deiana', 'Di Giacomo', 'Di Marco', 'Di Pietro', 'Diallo'],
  ...['Donnini', 'Durante', 'El Amrani', 'Fadda', 'Falcone', 'Fanti', 'Fava', 'Fiore', 'Floris', 'Forte', 'Franchi', 'Franco'],
  ...['Fusco', 'Galassi', 'Gandini', 'Garofalo', 'Gasparini', 'Genovese', 'Ghezzi', 'Giannini', 'Giuliani', 'Gori', 'Grassi'],
  ...['Grimaldi', 'Guarino', 'Guerra', 'Hu', 'Iannone', 'Ionescu', 'La Rocca', 'Landi', 'Lanza', 'Lo Presti', 'Locatelli'],
  ...['Loi', 'Lucchesi', 'Maggi', 'Magnani', 'Manca', 'Manfredi', 'Marra', 'Masi', 'Mattioli', 'Mazza', 'Melis', 'Merlo'],
  ...['Miele', 'Milani', 'Molinari', 'Montanari', 'Morandi', 'Morelli', 'Mori', 'Moroni', 'Muller', 'Murgia', 'Nardi', 'Negri'],
  ...['Nocera', 'Novelli', 'Olivieri', 'Orlando', 'Pace', 'Pagani', 'Palmieri', 'Paoletti', 'Parodi', 'Pavan', 'Pellizzari'],
  ...['Perrone', 'Piccolo', 'Pinna', 'Piras', 'Poletti', 'Popescu', 'Porcu', 'Pozzi', 'Puglisi', 'Quaranta', 'Raimondi'],
  ...['Riccio', 'Righi', 'Rocca', 'Rosati', 'Rossetti', 'Rubino', 'Ruggeri', 'Russo', 'Sabatini', 'Sala', 'Salerno', 'Salvi'],
  ...[
    'Sartori',
    'Scala',
    'Schiavone',
    'Scotti',
    'Silvestri',
    'Simonetti',
    'Sorrentino',
    'Spada',
    'Spinelli',
    'Stella',
    'Tarantino',
  ],
  ...['Tedeschi', 'Tosi', 'Trevisan', 'Usai', 'Valente', 'Venturi', 'Verdi', 'Vezzoli', 'Viola', 'Visconti', 'Volpe', 'Zago'],
  ...['Zanella', 'Zanetti', 'Zanon', 'Zedda', 'Zeni', 'Zoppi', 'Zuliani'],
]

/** A citizen who lives in a town, born in it, of an age that goes with the section that is called. */
export function newCitizen(chance: Chance, { id, n, home, areaCode, ages, year, name }: NewCitizen): Citizen {
  const female = name?.female ?? chance.happens(0.54)
  const givenName = name?.givenName ?? chance.one(female ? women : men)
  const familyName = name?.familyName ?? chance.one(families)
  const birth = {
    year: year - chance.whole(...ages),
    month: chance.whole(1, 12),
    day: chance.whole(1, 28),
  }
  return {
    id,
    givenName,
    familyName,
    fiscalCode: fiscalCodeOf({ givenName, familyName, female, ...birth, place: home.cadastralCode }),
    birthDate: `${birth.year}-${two(birth.month)}-${two(birth.day)}`,
    home,
    phone: `+39${areaCode}0${String(100_000 + n)}`,
    email: name || chance.happens(0.6) ? `${plain(givenName)}.${plain(familyName)}${birth.year % 100}@posta.example` : null,
    knownSince: null,
    busyUntil: 0,
    touched: [],
    heard: new Set(),
  }
}

export interface NewCitizen {
  id: string
  /** The position of the citizen in the sample: their number is made of it. */
  n: number
  home: Municipality
  /** With its zero. */
  areaCode: string
  /** The youngest and the oldest. */
  ages: readonly [number, number]
  /** The year now. */
  year: number
  /** Where it does not depend on chance. */
  name?: { givenName: string; familyName: string; female: boolean } | undefined
}

const two = (n: number): string => String(n).padStart(2, '0')
const plain = (name: string): string => letters(name).toLowerCase()
const letters = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^a-z]/gi, '')
    .toUpperCase()

interface Born {
  givenName: string
  familyName: string
  female: boolean
  year: number
  month: number
  day: number
  place: string
}

/** The fiscal code (D.M. 23 December 1976). */
export function fiscalCodeOf({ givenName, familyName, female, year, month, day, place }: Born): string {
  const consonantsOf = (name: string) => letters(name).replace(/[AEIOU]/g, '')
  const vowelsOf = (name: string) => letters(name).replace(/[^AEIOU]/g, '')
  const three = (consonants: string, vowels: string) => `${consonants}${vowels}XXX`.slice(0, 3)
  const given = consonantsOf(givenName)
  // Of four consonants or more, the second is left out.
  const short = given.length >= 4 ? `${given[0]}${given[2]}${given[3]}` : given
  const begun = [
    three(consonantsOf(familyName), vowelsOf(familyName)),
    three(short, vowelsOf(givenName)),
    two(year % 100),
    'ABCDEHLMPRST'.charAt(month - 1),
    two(day + (female ? 40 : 0)),
    place,
  ].join('')
  return begun + checkCharacter(begun)
}
