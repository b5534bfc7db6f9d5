/** People of the sample institute as actors, for tests: who they are and where they work. */
import type { PersonActor } from '../../src/platform/index.ts'

const person = (n: number, name: string, role: string, unitPath: string): PersonActor => ({
  kind: 'person',
  personId: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  name,
  role,
  unitId: unitPath.split('/').at(-2) ?? '',
  unitPath,
  assignmentId: `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`,
})

const lazio = 'inps/dr-lazio/'
const lombardia = 'inps/dr-lombardia/'

export const staff = {
  anna: person(10, 'Anna Bianchi', 'operator', 'inps/ccm/ccm-pensioni/'),
  luca: person(11, 'Luca Donati', 'operator', 'inps/ccm/ccm-pensioni/'),
  switchboard: person(12, 'Sara Testa', 'switchboard', 'inps/ccm/ccm-centralino/'),
  supervisor: person(13, 'Ugo Preti', 'supervisor', 'inps/ccm/'),
  paola: person(1, 'Paola Neri', 'cric_member', `${lazio}cric-lazio/cric-lazio-pensioni/`),
  marco: person(2, 'Marco Sala', 'cric_member', `${lazio}cric-lazio/cric-lazio-pensioni/`),
  contributions: person(20, 'Elena Riva', 'cric_member', `${lazio}cric-lazio/cric-lazio-contributori/`),
  coordinator: person(21, 'Carlo Greco', 'cric_coordinator', `${lazio}cric-lazio/`),
  milan: person(3, 'Ivo Conti', 'cric_member', `${lombardia}cric-lombardia/cric-lombardia-pensioni/`),
  itLazio: person(22, 'Dino Costa', 'gai_member', `${lazio}gai-lazio/`),
  itLombardia: person(23, 'Rita Fini', 'gai_member', `${lombardia}gai-lombardia/`),
  directorate: person(24, 'Olga Berti', 'central_member', 'inps/dc-pensioni/'),
  otherDirectorate: person(25, 'Pino Leo', 'central_member', 'inps/dc-entrate/'),
  agency: person(26, 'Lia Moro', 'agency_officer', `${lazio}dp-roma/ag-roma-eur/`),
  otherAgency: person(27, 'Gino Vari', 'agency_officer', `${lombardia}dp-milano/ag-milano-nord/`),
  director: person(28, 'Ada Poli', 'regional_director', lazio),
  otherDirector: person(29, 'Teo Gatti', 'regional_director', lombardia),
  headquarters: person(30, 'Nora Villa', 'headquarters', 'inps/'),
  administrator: person(31, 'Aldo Serra', 'administrator', 'inps/'),
  secondAdministrator: person(32, 'Bice Fonti', 'administrator', 'inps/'),
} as const satisfies Record<string, PersonActor>
