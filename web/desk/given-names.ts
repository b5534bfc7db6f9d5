/** Given names that most people in Italy have, folded: to tell "Ferri Giulia" from "Giulia Ferri". Names that are as often family names are left out. */
export const givenNames: ReadonlySet<string> = new Set(
  `ada adele adriana adriano agata agnese agostino alba alberto alessandra alessandro alessia alessio alex alfonso alfredo alice amalia amedeo
   anastasia andrea angela angelina angelo anita anna annalisa annamaria antonella antonia antonietta antonino antonio arianna armando arturo
   asia assunta aurora barbara beatrice benedetta benito bianca brigida bruna camilla carla carlo carlotta carmela carmelo carmine carolina
   caterina cecilia celeste cesare chiara christian cinzia clara claudia claudio clelia concetta corrado cosimo cristian cristiana cristiano
   cristina damiano daniela daniele dario davide debora deborah denise diana diego domenica domenico donatella donato edoardo elena eleonora elia
   elisa elisabetta elvira emanuela emanuele emilia emilio emma enrica enrico enzo erica erika ernesto ester ettore eugenio eva fabiana fabiano
   fabio fabiola fabrizia fabrizio federica federico felice ferdinando fernanda fernando filippa filippo filomena fiorella flavia flavio
   francesca francesco gabriele gabriella gaetano gaia gennaro gerardo giacinto giacomo giada gianfranco gianluca gianni gianpaolo gina ginevra
   gino giorgia giorgio giovanna giovanni giulia giuliana giuliano giulio giuseppa giuseppe giuseppina giusy gloria grazia graziella greta
   guido ida ignazio ilaria ines iolanda irene isabella ivan ivana ivano ivo jacopo jessica katia laura lea leonardo letizia lia licia lidia
   liliana lina linda livia livio lorena lorenza lorenzo loredana luana luca lucia luciana luciano lucrezia ludovica luigi luigia luigina luisa
   maddalena manuel manuela mara marcella marcello marco margherita maria marianna marika marilena marina mario marisa marta martina massimiliano
   massimo matilde matteo maura maurizio mauro melissa michela michele michelina milena mirco mirella miriam mirko monica nadia natale natalia
   nicola nicole nicoletta nicolo noemi norma nunzia olga orsola ottavia ottavio pamela paola paolo pasquale patrizia patrizio piera pierina
   piero pietro pina pino raffaella rebecca renata renato renzo riccardo rita roberta roberto rocco romina rosalba rosalia rosangela rosanna
   rosaria rosario rosetta rossana rossella rosina ruggero sabina sabrina salvatore samantha samuel samuele sandra sandro santina sara
   saverio sebastiano serena sergio silvana silvano silvia silvio simona simone sofia sonia stefania stefano stella susanna tamara tania
   teresa tiziana tiziano tommaso ubaldo ugo umberto valentina valeria valerio vanessa vera veronica vincenza vincenzo virginia vittoria
   vittorio viviana walter ylenia
   ahmed ali amina fatima hassan ibrahim karim mohamed mohammed muhammad omar youssef ana andrei cristian elena gheorghe ioana ion maria mihai
   anton georg hans johann karin klaus martha monika peter stefan thomas ursula wolfgang`.split(/\s+/),
)
