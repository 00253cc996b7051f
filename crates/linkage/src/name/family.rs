//! Spellings of one and the same name that arise from transliteration or old orthography, one family per line.
//! South Asian, Arabic, East European, Chinese, Welsh, Irish and British forms. Compiled by the project.

/// Lines of spellings, already folded.
pub const FAMILY: &str = "\
mohammed muhammad mohamed mohammad muhammed mohamad mohamud muhammet mehmet muhamad mahomed
ahmed ahmad achmed ahmet ahamed
hussain hussein husain hossain husein hossein hussien huseyin
hassan hasan hassen
fatima fatimah fatema fatma fathima
aisha ayesha aysha aishah aesha aicha aaisha
zainab zaynab zeinab zaineb zeynep
maryam mariam miriam maryum meryem mariyam
khadija khadijah kadija khadeeja hadiza
yusuf yousuf yousef yousaf youssef yosef yusef joseph
ibrahim ebrahim abraham ibraheem
ismail ismael ishmael esmail
omar umar omer oumar
usman uthman osman othman ousmane
abdul abdel abdal abd
abdullah abdallah abdulla abdellah
abdulrahman abdurrahman abdirahman abderrahmane
ali aly alli
bilal belal billal
hamza hamzah
khalid khaled
kareem karim kerim
rashid rasheed rachid
saeed said saeid sayeed
salim saleem selim
tariq tarik tarek tareq
jamal jamaal gamal djamal
javed javaid jawed javid
nadeem nadim
naeem naim nayeem
nasir naseer nasser
imran emran
faisal faysal feisal
farooq faruq farouk faruk
ayub ayoub ayyub
dawood daud dawud
idris idrees
iqbal eqbal
mustafa mostafa mustapha moustafa
mahmood mahmoud mehmood mahmud mehmud
masood masud massoud
munir muneer mounir
rahim raheem
rahman rehman rahmaan
akhtar akhter
chaudhry choudhury chowdhury chaudhary choudhry chaudhuri choudhary
siddiqui siddiqi siddique siddiquee sidiqi
qureshi quraishi koreshi qureishi kureshi
sheikh shaikh sheik shaykh cheikh
syed sayed said sayyid saiyed
shah shaw
mirza mirzah
malik malek
bhatti bhatty
begum begam
bibi beebi
khan kahn
khatun khatoon
islam eslam
uddin udin ud
hussaini husseini
ansari ansary
kaur cour kour
singh sing singhe
patel pattel
gupta gupte
sharma sarma
kumar kumaar coomar
lakshmi laxmi
vijay bijay
krishna krishnan
deepak dipak
deepa dipa
sunil suneel
sanjay sanjai
anil aneel
ravi ravee
priya pria
pooja puja
anjali anjalee
meena mina
geeta gita
rekha reka
sunita suneeta
harpreet harprit
gurpreet gurprit
jaspreet jasprit
balwinder balvinder
sukhwinder sukhvinder
jaswinder jasvinder
sergei sergey serguei sergej sergiy serhiy
andrei andrey andrej andriy
alexei aleksey alexey aleksei oleksiy
alexander aleksandr alexandr oleksandr aleksander olexander
nikolai nikolay mykola nikolaj
yuri iouri jurij yuriy juri
dmitri dmitry dimitri dmytro dmitriy
yulia julia iuliia yuliya julija
evgeny yevgeny eugene evgeniy yevhen
evgenia yevgenia eugenia
ekaterina yekaterina katerina kateryna
elena yelena olena helena
natalia nataliya natalya nataliia
oksana oxana
olga olha
tatiana tatyana tetiana
svetlana svitlana
mikhail michail mykhailo mikhael
vladimir volodymyr wladimir
vasily vasiliy vasyl wasyl
pavel pawel pavlo
ivan iwan
kseniya ksenia xenia oksana
anastasia anastasiya anastasiia
lyudmila ludmila liudmila
irina iryna irena
ivanov ivanoff iwanow iwanoff
petrov petroff petrow
sidorov sidoroff
smirnov smirnoff
popov popoff popow
kuznetsov kuznecov kouznetsov kuznetzov
vasiliev vasilyev wasiljew vasilev
fedorov fyodorov fiodorov
sokolov sokoloff
mikhailov michailov mikhaylov
shevchenko szewczenko chevtchenko shewchenko
kovalenko kowalenko
bondarenko bondarenco
tkachenko tkaczenko
kravchenko krawczenko
popescu popesco
ionescu ionesco jonescu
georgiev gueorguiev
dimitrov dimitroff
horvat horvath
novak nowak
kowalski kovalsky kowalsky kowalska kovalski
wisniewski wisniewska vishnevsky
wojcik woycik
kaminski kaminska kaminsky
lewandowski lewandowska
zielinski zielinska
szymanski szymanska
wozniak voznyak
wang wong huang
zhang chang cheung teo
chen chan tan
xu hsu hui
liu lau liew low
zhou chou chow chau
zhao chao chiu
luo lo law
li lee lei
yang yeung yeo
guo kwok kuo
wu ng ngo
lin lam lim
huang wong hwang ong
he ho
zhu chu choo
xie hsieh tse
cai tsai choi
zheng cheng
sun suen
ma mah
muller mueller
schmidt schmitt
meyer meier mayer maier
goncalves gonsalves gonzalves
gonzalez gonzales
sousa souza
ferreira fereira
rodrigues rodriguez
fernandes fernandez
martins martinez
pereira perera
catherine katherine kathryn catharine katharine cathryn kathrine
stephen steven stefan stephan
geoffrey jeffrey geoffry jeffery
philip phillip filip phillipp
ann anne
sean shaun shawn shane
clarke clark clerk
reid read reed reade
macdonald mcdonald mac donald
mackenzie mckenzie
macleod mcleod
maclean mclean mclaine
mackay mckay
macgregor mcgregor
macintyre mcintyre
macpherson mcpherson
mclaughlin mcloughlin maclachlan
mccarthy macarthy mccarty
stewart stuart steward
johnston johnstone johnson
phillips philips philipps
davies davis davys
matthews mathews
matthew mathew
obrien bryan
oneill oneil oneal
oconnor oconner connor
thomson thompson tomson
thomas tomas
allen allan alan alun
brian bryan bryan
john jon
smith smyth smythe
brown browne
green greene
white whyte
taylor tailor tayler
cooke cook
clayton cleyton
gray grey
moore more moor
morris maurice
harris haris
hughes hewes
howell howells
evans evan
lloyd loyd floyd
rhys rees reece reese
gwyn gwynn gwynne
gwilym gwillim william
sian shan
sioned sionedd janet
geraint gerrant
meirion merion
llewellyn llewelyn
owen owain
angharad anharad
ffion fion
carys cerys
dafydd david davyth
ieuan evan ifan
iestyn justin
niamh neve neave
siobhan shevaun chevonne
aoife eva
ciaran kieran keiran
eoin owen eoghan
caoimhe keeva
roisin rosheen
aine anya
padraig patrick
liam liam
graham graeme grahame
lindsay lindsey linsey
leslie lesley
tracy tracey tracie
stacy stacey stacie
kelly kelley kellie
ashley ashleigh
hayley haley hailey hayleigh
kerry kerrie
debbie debby
jacqueline jaqueline jacquelyn
sara sarah
rachel rachael
rebecca rebekah
deborah debra
hannah hanna hana
isabel isobel isabelle
teresa theresa
alison allison
gillian jillian
lynn lynne lyn
lisa leesa
zoe zoey
chloe khloe
sophie sofie
sophia sofia
megan meghan meagan
caitlin kaitlin katelyn
aidan aiden
callum calum
connor conor
jayden jaden
leon lyon
lewis louis luis
luke luc
marc mark
nicholas nicolas
neil neal niall
russell russel
stuart stewart
toby tobey
zachary zackary
tyrone tyron
oluwaseun seun
oluwafemi femi
babatunde tunde
chukwuemeka emeka
ifeanyi ifeanyichukwu
ngozi ngozichukwu
abena abenaa
kwame quame
kwabena kobina
abdi abdee
warsame warsama
farah farrah fara
ismaaciil ismail
cabdi abdi
xasan hassan
maxamed mohamed";
