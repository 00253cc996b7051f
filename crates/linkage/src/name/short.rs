//! Short and pet forms of forenames, one group per line: the full names, a colon, then the short forms.
//! Compiled by the project.

/// Lines of `full…: short…`.
pub const SHORT: &str = "\
abigail: abbie abby abi gail
adam: ad addy
adelaide: addie ada
agnes agnieszka: aggie aga nessie
alan allan allen: al
albert: al bert bertie albie
alexander aleksander aleksandr alexandr: alex al alec alek sandy sasha xander lex alistair alasdair zander
alexandra aleksandra alexandria: alex alexa sandra sasha lexi lexie
alfred: alf alfie fred freddie
alice alicia: ali allie
alison allison: ali allie
amanda: mandy manda
amelia emilia: millie milly amy mia
anastasia anastasiya: nastya stacey ana tasia
andrew andrei andrey andreas: andy drew
angela angelina: angie ange
ann anne anna hannah: annie nan nancy anya ania
anthony antony antonio: tony ant tone
archibald: archie
arthur: art artie
barbara: barb babs barbie bab
bartholomew bartosz: bart bartek
beatrice beatrix: bea bee trixie
benedict: ben
benjamin: ben benny benji benjy
bernard: bernie
bernadette: bernie detta
beverley beverly: bev
bethany bethan elizabeth: beth
bradley: brad
brenda: bren
bridget: bridie biddy
caroline carolyn carol: carrie caz lyn
cassandra: cass cassie sandra
catherine katherine kathryn catharine katharine ekaterina katarzyna caitlin kathleen: cath cathy cathie kath kathy kate katie kat kitty kasia katya kay kit
charles: charlie chas chuck charley
charlotte: lottie charlie char lotte
christina kristina: chris tina chrissie
christine: chris chrissie tina
christopher krzysztof kristofer: chris kit topher krzys krzysiek
clifford: cliff
constance: connie
cornelius: con neil
cynthia: cindy
daniel: dan danny dani
danielle: dani
david dafydd: dave davy davey dai dewi
deborah debra: debbie deb debs debby
denise: den denny
dennis denis: den denny
derek derrick: del
diana diane dianne: di
dmitri dmitry dimitri: dima mitya
dominic dominik: dom
donald: don donny
dorothy dorothea: dot dottie dolly dora dorrie
douglas douglass: doug dougie
duncan: dunc
edith: edie
edmund: ed ned eddie ted
edward eduard: ed ted eddie ned teddy
edwin: ed eddie ned
eleanor elinor eleonora: ellie nell nora nellie ella ellen lena
elizabeth elisabeth elspeth: liz beth betty lizzie eliza libby lizzy bess bessie betsy elsie lisa liza lisbeth ellie
ellen helen elena: nell nellie ellie lena
emily: em emmy millie milly
emma: em emmy
emmanuel manuel: manny emma manolo manu
ernest: ernie
esther: essie hetty
eugene evgeny: gene zhenya
evelyn: evie eve
ewa eva: evie ewunia
florence: flo flossie florrie
frances: fran frankie fanny francie
francis frank franklin: fran frank frankie
frederick fredrick frederic: fred freddie freddy rick
gabriel: gabe gabby
gabrielle gabriella: gabby gabi ella
gareth: gaz gary
gary: gaz
geoffrey jeffrey: geoff jeff
george: georgie
georgia georgina: georgie gina
gerald: ged gerry jerry
gerard: ged gerry
gertrude: gert gertie trudy
gillian jillian: gill jill jilly
gordon: gord
graham graeme: gra
grzegorz: greg gregor
gregory: greg
guinevere jennifer: jenny jen gwen
gwendolen gwendoline gwenllian: gwen
hannah: han
harold: harry hal
harriet: hattie hatty harrie
henrietta: hettie etta
henry: harry hal hank
herbert: bert bertie herb
hilary: hil
horace: horry
hubert: bert hugh
hugh: hughie huw
humphrey: humph
irene: rene renie
isaac: ike zac
isabel isabella isabelle isobel: bella izzy belle issy tibby
jacob jakub: jake kuba
jacqueline jaqueline: jackie jacqui jacky
james: jim jimmy jamie jem
jane jean joan: janey jeanie jeannie
janet: jan
janice: jan
jason: jay
jasmine: jas jaz
jessica: jess jessie
joanna joanne joan: jo joey asia joasia
john jonathan johnathan ian: jack johnny jon jonny johnnie jock
jonathan: jon jonny nathan
joseph josef jose: joe joey jos pepe
josephine: jo josie
joshua: josh
judith: judy judi
julia julie juliet: jules
justin: jus
kenneth: ken kenny
kimberley kimberly: kim
lauren laura laurence: laurie loz
lawrence laurence: larry laurie lol
leonard: len lenny leo
leslie lesley: les
lewis louis luis: lou louie lew
lilian lillian: lil lily lilly
linda: lindy lin
louise: lou
lucy lucinda lucille: lu cindy
lukasz: lukas luke
lynn lynne linda: lyn
malcolm: mal malc
malgorzata margaret: gosia malgosia
margaret marguerite margery: maggie peggy meg marge madge margie greta meggie daisy rita peg mags
maria marie mary miriam: mia molly polly may mamie maisie minnie
marian marion: mari
marjorie margery: marge madge
martha: marty mattie
martin: marty mart
mathilda matilda: tilly mattie tilda
matthew mateusz: matt matty mat
maureen: mo reen
maurice: mo morry
maximilian maxwell maksim: max
melanie: mel
melissa: mel missy lissa
michael mikhail michal miguel: mike mick mickey micky misha mikey mitch
michelle: shell chelle
mildred: millie
mohammed muhammad mohamed mohammad: mo md mohd
montague: monty
muriel: mu
nancy anne: nan
natalie natalia nataliya: nat natasha
natasha: tasha nat
nathan nathaniel: nate nat nath
nicholas nikolai nicolas nikolay: nick nicky nik kolya nico
nicola nicole: nicky nikki nic
nigel: nige
norman: norm
oliver: ollie olly
olivia: liv livvy ollie
oscar: ozzie
pamela: pam pammy
patience: pat
patricia: pat trish tricia patty patsy paddy trisha
patrick: pat paddy rick
paul pawel pavel: pauly
pauline paula: polly
penelope: penny pen
percival: percy
peter piotr pyotr: pete petey
philip phillip: phil pip
philippa: pippa pip phil
phyllis: phyl phil
prudence: prue
rachel rachael: rach rae
raymond: ray
rebecca: becky bex beck becca reba
reginald: reg reggie
reuben: rube
richard: dick rich rick ricky richie dickie
robert: bob rob bobby bert robbie robin bobbie
roderick: rod roddy rory
rodney: rod
roger: rodge
roland rowland: roly
ronald: ron ronnie
rosemary rosamund rosalind: rose rosie ros
rose: rosie
rosa: rosie
rowena: ro
rupert: rupe
russell: russ
samantha: sam sammy
samuel: sam sammy
sandra: sandy
sarah sara: sal sally sadie
sebastian: seb bas
sergei sergey: serge seryozha
sharon: shaz shaza
sheila: shee
shirley: shirl
sidney sydney: sid syd
simon: si
sophia sophie sofia: soph
stanley: stan
stanislaw: stan staszek
stephanie: steph stevie stef
stephen steven stefan: steve stevie ste
stuart stewart: stu stew
susan susanna suzanne susannah: sue susie suzy suze
svetlana: sveta lana
sylvia: syl
tabitha: tabby
tatiana tatyana: tanya
terence terrence: terry tel
teresa theresa: terry tess tessa tracy resa
theodore: theo ted teddy
thomas tomasz: tom tommy tomek tomas
timothy: tim timmy
tobias: toby
trevor: trev
tristan: tris
tyler: ty
valerie: val
vanessa: nessa ness
veronica: ronnie vera
victor: vic
victoria: vicky vicki tori vic vikki
vincent: vince vinny vin
violet: vi
virginia: ginny gina
vladimir: vlad vova volodya
walter: wally walt wat
wendy: wen
wilfred: wilf fred
wilhelmina: mina minnie billie
william: bill will billy liam willie wills willy gwilym
winifred: winnie freda win
yasmin: yas jasmine
yvonne: eve
zachary zachariah: zac zack zak zach
zoe: zo
zuzanna: zuza";
