/**
 * Names of the national bench: common Italian family and given names, and how common each is among the people of a large register. The weights
 * fall as they do in reality, a few names shared by very many; rare names are left out, so that what is common is somewhat more common
 * than in the country, which is the harder case for a search.
 */

/** Family names, the most common first. The n-th is borne by a share that falls as 1 ÷ (n + 6). */
export const families =
  `Rossi,Ferrari,Russo,Bianchi,Esposito,Colombo,Romano,Ricci,Gallo,Greco,Conti,Marino,De Luca,Bruno,Costa,Giordano,Mancini,
Lombardi,Barbieri,Moretti,Fontana,Rizzo,Santoro,Caruso,Mariani,Martini,Ferrara,Galli,Rinaldi,Leone,Serra,Conte,Villa,Marini,Ferri,Bianco,
Monti,De Santis,Parisi,Fiore,Longo,Gentile,Martinelli,Vitale,Lombardo,Coppola,D'Angelo,Marchetti,De Angelis,Pellegrini,Palumbo,Sanna,Farina,
Rizzi,Cattaneo,Morelli,Amato,Silvestri,Mazza,Testa,Grassi,Pellegrino,Carbone,Giuliani,Benedetti,Barone,Rossetti,Caputo,Montanari,Guerra,
Palmieri,Bernardi,Sala,Fabbri,Valentini,Martino,Ferraro,De Rosa,Orlando,Messina,Bellini,Basile,Riva,Donati,Piras,Vitali,Battaglia,Sartori,
Neri,Costantini,Milani,Pagano,Ruggiero,Sorrentino,D'Amico,Orlandi,Damico,Negri,Grasso,Fiorentino,Melis,Mazzoni,Bassi,Guidi,Sanna,Pace,
Ferretti,Cocco,Meloni,Gatti,Angelini,Antonelli,Andreoli,Anselmi,Annunziata,Ansaldi,Antonini,Angeli,Lo Presti,Di Stefano,Di Marco,Di Giovanni,
D'Alessandro,De Simone,Della Valle,La Rosa,Lo Bianco,Zanetti,Zanella,Ventura,Valenti,Tosi,Torri,Tedesco,Sforza,Simonetti,Salvi,Ruggeri,
Rota,Romeo,Quaranta,Pugliese,Proietti,Poli,Pinna,Piazza,Pepe,Olivieri,Nardi,Mura,Mele,Mauro,Marras,Marchi,Manca,Landi,Iannone,Grimaldi,
Graziani,Gargiulo,Gargano,Franco,Filippi,Ferrero,Fadda,Esposto,Dessì,Cirillo,Cossu,Corsi,Colonna,Ceccarelli,Cavallo,Catalano,Castelli,
Cappelli,Bosco,Bonetti,Biondi,Bertolini,Berti,Baldi,Arena,Albanese,Agostini`
    .replaceAll('\n', '')
    .split(',')
export const familyWeight = (n: number): number => 1 / (n + 6)

/** Given names, the most common first, of men and of women. The n-th is borne by a share that falls as 1 ÷ (n + 8). */
export const givenOfMen =
  `Giuseppe,Giovanni,Antonio,Mario,Luigi,Francesco,Angelo,Vincenzo,Pietro,Salvatore,Carlo,Franco,Domenico,Bruno,Paolo,
Michele,Giorgio,Aldo,Sergio,Luciano,Marco,Andrea,Alessandro,Roberto,Stefano,Maurizio,Massimo,Claudio,Luca,Davide,Matteo,Lorenzo,Fabio,
Simone,Riccardo,Gabriele,Daniele,Nicola,Emanuele,Federico,Enrico,Alberto,Gennaro,Raffaele,Rosario,Pasquale,Renato,Gianluca,Cosimo,Ugo`
    .replaceAll('\n', '')
    .split(',')
export const givenOfWomen =
  `Maria,Anna,Giuseppina,Rosa,Angela,Giovanna,Teresa,Lucia,Carmela,Caterina,Francesca,Antonietta,Antonia,Carla,
Elena,Concetta,Rita,Margherita,Franca,Paola,Laura,Giulia,Sara,Chiara,Valentina,Silvia,Daniela,Patrizia,Alessandra,Federica,Elisa,Martina,
Roberta,Barbara,Cristina,Monica,Simona,Stefania,Annamaria,Antonella,Angelica,Ilaria,Marta,Alice,Giorgia,Beatrice,Nicoletta,Vincenza,
Immacolata,Nicolò`
    .replaceAll('\n', '')
    .split(',')
    .slice(0, -1)
export const givenWeight = (n: number): number => 1 / (n + 8)

/** What a business is called beside the family that owns it. */
export const trades =
  `Bar,Panificio,Officina,Impresa edile,Studio,Farmacia,Trattoria,Autotrasporti,Azienda agricola,Ferramenta,Antica bottega,
Cooperativa,Hotel,Immobiliare,Carrozzeria,Elettronica,Lavanderia,Mobilificio,Pizzeria,Società agricola`
    .replaceAll('\n', '')
    .split(',')

/** Inhabitants of the provinces in thousands, by sign; rounded. */
export const inhabitants: Readonly<Record<string, number>> = {
  ...{ TO: 2200, VC: 165, NO: 363, CN: 581, AT: 208, AL: 406, BI: 169, VB: 154, AO: 123, VA: 880, CO: 596, SO: 178, MI: 3220 },
  ...{ BG: 1107, BS: 1255, PV: 536, CR: 351, MN: 405, LC: 333, LO: 228, MB: 873, BZ: 535, TN: 543, VR: 928, VI: 854, BL: 198 },
  ...{ TV: 877, VE: 835, PD: 930, RO: 227, UD: 516, GO: 138, TS: 228, PN: 310, IM: 208, SV: 267, GE: 815, SP: 215, PC: 286 },
  ...{ PR: 453, RE: 527, MO: 703, BO: 1015, FE: 339, RA: 386, FC: 391, RN: 338, MS: 187, LU: 381, PT: 289, FI: 985, LI: 326 },
  ...{ PI: 417, AR: 333, SI: 261, GR: 216, PO: 258, PG: 640, TR: 216, PU: 349, AN: 460, MC: 304, AP: 200, FM: 167, VT: 307 },
  ...{ RI: 150, RM: 4220, LT: 566, FR: 467, AQ: 287, TE: 299, PE: 312, CH: 371, CB: 211, IS: 79, CE: 905, BN: 261, NA: 2970 },
  ...{ AV: 398, SA: 1060, FG: 595, BA: 1223, TA: 556, BR: 378, LE: 771, BT: 379, PZ: 346, MT: 190, CS: 670, CZ: 340, RC: 515 },
  ...{ KR: 162, VV: 149, TP: 415, PA: 1200, ME: 599, AG: 412, CL: 248, EN: 154, CT: 1073, RG: 315, SR: 383, SS: 473, NU: 199 },
  ...{ CA: 420, OR: 150, SU: 335 },
}
