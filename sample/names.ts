/** Names of people of the sample institute: made up from common Italian names, the same each time, no two alike. */

const given = [
  'Giulia',
  'Francesca',
  'Chiara',
  'Sara',
  'Martina',
  'Valentina',
  'Elisa',
  'Silvia',
  'Laura',
  'Federica',
  'Alessia',
  'Roberta',
  'Monica',
  'Daniela',
  'Cristina',
  'Barbara',
  'Teresa',
  'Lucia',
  'Caterina',
  'Rosa',
  'Marta',
  'Irene',
  'Alessandro',
  'Andrea',
  'Matteo',
  'Lorenzo',
  'Davide',
  'Simone',
  'Riccardo',
  'Stefano',
  'Fabio',
  'Paolo',
  'Roberto',
  'Giovanni',
  'Antonio',
  'Giuseppe',
  'Francesco',
  'Michele',
  'Salvatore',
  'Vincenzo',
  'Nicola',
  'Pietro',
  'Claudio',
] as const

const family = [
  'Rossi',
  'Ferrari',
  'Esposito',
  'Romano',
  'Colombo',
  'Ricci',
  'Marino',
  'Bruno',
  'Gallo',
  'De Luca',
  'Mancini',
  'Giordano',
  'Rizzo',
  'Lombardi',
  'Moretti',
  'Barbieri',
  'Fontana',
  'Santoro',
  'Mariani',
  'Rinaldi',
  'Caruso',
  'Ferrara',
  'Galli',
  'Martini',
  'Leone',
  'Longo',
  'Gentile',
  'Martinelli',
  'Vitale',
  'Lombardo',
  'Serra',
  'Coppola',
  'De Santis',
  "D'Angelo",
  'Marchetti',
  'Parisi',
  'Villa',
  'Ferraro',
  'Fabbri',
  'Bianco',
  'Marini',
  'Grasso',
  'Valentini',
  'Messina',
  'Amato',
  'De Angelis',
  'Gatti',
  'Pellegrini',
  'Palumbo',
  'Sanna',
  'Farina',
  'Rizzi',
  'Monti',
] as const

/** How many different names there are: the two lists have no common divisor, so that going through both at once meets each pair once. */
export const maxNames = given.length * family.length

/** The n-th name, from 0. */
export const nameOf = (n: number): string => `${given[n % given.length]} ${family[n % family.length]}`

/** "Caterina D'Angelo" signs in as caterina.dangelo. */
export const userOf = (name: string): string => {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}|'/gu, '')
    .toLowerCase()
    .split(' ')
  return `${words[0]}.${words.slice(1).join('')}`
}
