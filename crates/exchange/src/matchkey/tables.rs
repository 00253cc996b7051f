//! The frozen tables of match-key version 1: letters, particles, spelling families, pseudo-postcodes. Made by hand for
//! this protocol; changing a line changes tokens, so it needs a new version and a new epoch.

/// Words before a name that are not part of it.
pub const TITLES: &[&str] =
    &["mr", "mrs", "ms", "miss", "mx", "dr", "master", "rev", "sir", "lady", "baby", "bbg", "unborn", "twin"];

/// Forenames that are half of one and are joined to what follows.
pub const JOINED_FORENAMES: &[&str] = &["abdul", "abdel", "abd", "abu", "ab"];

/// Surname particles, joined to what follows.
pub const PARTICLES: &[&str] = &[
    "al", "el", "bin", "ibn", "abu", "abd", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "la", "las", "le", "los", "mac", "mc", "ni", "nic", "o", "san", "st", "ter", "van", "von", "y", "ap", "fitz",
];

/// Full postcodes that stand for no place of residence.
pub const PSEUDO_POSTCODES: &[&str] = &["XX999XX", "NF11NF", "AA11AA", "AA999AA", "XX11XX", "ZZ993VZ", "QQ11QQ"];

/// Spellings and short forms of one forename; the first stands for all. A short form that belongs to several
/// names (Alex, Chris, Sam) puts them in one family: wider, never narrower.
pub const FORENAME_FAMILIES: &[&str] = &[
    "mohammed muhammad mohamed mohammad muhammed mohamad mohd muhamad mahomed mohamud mehmet mohamet",
    "ahmed ahmad achmed ahmet amed", "hussain hussein husain hossain hossein husein husayn",
    "hassan hasan hassen", "fatima fatimah fatema fatma fatimata", "aisha ayesha aysha aishah aicha aysha ayisha",
    "zainab zaynab zeinab zaineb zeynep", "maryam mariam miriam maryum meryem", "khadija khadijah kadija hadija",
    "yusuf yousuf yousef yousaf yusef youssef yussuf josef", "ibrahim ebrahim ibraheem abrahim",
    "omar umar omer umer", "usman uthman osman othman", "yasmin yasmine yasmeen jasmin jasmine",
    "noor nur noora nour", "sara sarah saara", "hana hanna hannah", "amina aminah aamina ameena", "halima haleema",
    "sergei sergey serguei serhii sergiy", "andrei andrey andrej andriy andrzej", "alexei aleksey alexey oleksiy",
    "nikolai nikolay mykola", "yuri iouri jurij yuriy", "dmitri dmitry dimitri dmytro dima dmitriy",
    "yulia julia iuliia yuliya julie", "evgeny yevgeny eugene yevhen jevgenij", "mikhail misha mykhailo mihail",
    "ekaterina yekaterina katerina katya kateryna",
    "alexander alex alexandra sandy xander aleksandr oleksandr aleksander alexandru alejandro sasha alexandre lex",
    "william bill will billy liam wm willie", "robert bob rob bobby bert robbie rab", "richard dick rich rick ricky",
    "margaret maggie peggy meg marge mags margo", "elizabeth liz beth betty lizzie eliza elisabeth bess libby lizzy",
    "james jim jimmy jamie jas", "jonathan jon jonny johnathan jonathon jonothan john jack johnny jonnie jackie jacqueline",
    "thomas tom tommy tomas tomasz tomek", "michael mike mick mickey micheal mikey michal", "david dave davy davie dafydd",
    "andrew andy drew andreas", "anthony tony ant antony anton antonio", "nicholas nick nicky nicolas nic nico nicola",
    "christopher chris kit christine christina tina christian kristopher krzysztof krystian krzys christy chrissie kris",
    "stephen steve steven stevie steph stephanie stefan", "kenneth ken kenny", "ronald ron ronnie", "raymond ray",
    "leonard len lenny", "albert al bertie", "edward ed ted eddie ned teddy eddy", "frank frankie francis fran frances",
    "george georgie jorge georgina georgia", "harold harry hal henry harrison", "joseph joe joey jose jo josephine pepe",
    "joshua josh", "daniel dan danny danielle dani daniela", "matthew matt mathew matty matteo mateusz",
    "samuel sam sammy samantha sami", "benjamin ben benny benji", "patrick pat paddy patricia trish tricia patryk",
    "peter pete piotr pyotr petr", "philip phil phillip filip pip", "timothy tim timmy", "geoffrey geoff jeffrey jeff",
    "gregory greg gregor grzegorz", "susan sue susie suzy suzie susanna suzanne", "deborah debbie deb debra",
    "catherine katherine kathryn katharine cathy kate katie kathleen kath kathy cath katy kasia katarzyna kat catrin",
    "barbara barb babs basia", "dorothy dot dottie", "sandra sondra", "amanda mandy", "rebecca becky bex rebekah becca",
    "jessica jess jessie", "jennifer jenny jen jenni jenna", "victoria vicky tori vic vikki viktoria",
    "charlotte lottie charlie charles charley charly chas", "abigail abbie gail abby abi",
    "eleanor ellie nell nora elinor elenor ella ellen", "florence flo flossie florrie",
    "isabella bella izzy isabel isobel isabelle izzie isla", "matilda tilly mathilda tillie", "harriet hattie",
    "alison ali alice allison alyson", "pamela pam", "teresa theresa terry tess tessa terence therese",
    "gabriel gabe gabriela gabriella gabby", "zachary zac zack zachariah zak zach", "sebastian seb bastian",
    "frederick fred freddie freddy frederic", "nathan nate nathaniel nathanael", "oliver ollie olly",
    "anastasia nastya ana", "tatiana tanya tatyana tania", "malgorzata gosia", "agnieszka aga agnes",
    "joanna asia joanne joana", "manuel manny manolo emmanuel emanuel emma manu", "lucy lucie lucia luci",
    "maximilian max maxim maksim maxwell", "jakub jacob kuba jake jakob", "lukas luke lucas lukasz luca",
    "aaron aron arron", "sean shaun shawn", "brian bryan", "alan allan allen alun", "ann anne anna annie ania",
    "lily lilly lillian lilian lili", "theodore theo teddie", "archibald archie archy", "alfred alfie alf",
    "leo leon lionel", "noah noa", "oscar oskar", "tobias toby tobi", "finley finlay fin finn", "rory ruairi ruari",
    "erin eryn", "zoe zoey zowie", "phoebe phebe", "freya freyja", "poppy poppie", "evie eve eva evelyn ewa",
    "caitlin kaitlyn caitlyn katelyn kaitlin", "megan meghan meagan", "niamh neve niav", "chloe khloe", "maisie maisy",
    "hamza hamzah", "zain zayn zane", "bilal belal", "imran emran", "tariq tarik tareq", "khalid khaled halid",
    "jaswinder jasvinder jas", "harpreet harprit", "gurpreet gurprit", "amandeep aman", "vikram bikram",
    "kwame kwami", "chidi chidiebere", "oluwaseun seun", "babatunde tunde", "folake folakemi", "ifeoma ify",
    "xiaoming xiao", "xiaoyan xiaoyen", "ming meng", "hui hwee", "ying ing", "mei may",
];

/// Spellings of one surname; the first stands for all.
pub const SURNAME_FAMILIES: &[&str] = &[
    "mohammed muhammad mohamed mohammad muhammed mohamad mohamud", "ahmed ahmad achmed ahmet",
    "hussain hussein husain hossain hussien", "hassan hasan", "choudhury chaudhry chowdhury chaudhary choudhry choudry",
    "siddiqui siddiqi siddique sidiqi", "qureshi quraishi koreshi kureshi", "sheikh shaikh sheik shaik",
    "mahmood mahmoud mehmood mahmud", "rahman rehman", "akhtar akhter aktar", "kaur cour", "singh sing",
    "miah mia miya", "uddin udin ud-din", "begum begom", "khan kahn", "iqbal ikbal", "mirza mirsa",
    "ivanov ivanoff iwanow ivanova", "petrov petroff petrova", "kuznetsov kuznecov kouznetsov kuznetsova",
    "vasiliev vasilyev wasiljew vasilev", "fedorov fyodorov fedorova", "shevchenko szewczenko", "popescu popesco",
    "horvat horvath", "kowalski kowalska", "nowak novak", "wisniewski wisniewska", "kaminski kaminska",
    "lewandowski lewandowska", "zielinski zielinska", "szymanski szymanska", "wang wong huang", "zhang chang cheung",
    "chen chan", "xu hsu", "liu lau", "zhou chou chow", "zhao chao", "luo lo", "li lee leigh", "yang yeung",
    "guo kwok kuo", "lin lam", "wu ng", "muller mueller", "goncalves gonsalves", "sousa souza", "ferreira fereira",
    "sanchez sanches", "perez peres", "gomez gomes", "fernandez fernandes", "rodriguez rodrigues",
    "clarke clark clerk", "reid read reed", "macdonald macdonnell", "mackenzie mackensie", "stewart stuart steward",
    "johnston johnstone johnson", "phillips philips philipps", "davies davis", "matthews mathews", "obrien obrian",
    "oneill oneil neill", "thomson thompson tomson", "allen allan alan", "bryan brian", "smith smyth smythe",
    "taylor tailor tayler", "brown browne", "white whyte", "green greene", "grey gray", "moore more moor",
    "rogers rodgers", "watson wattson", "lawrence laurence", "hayes hays", "cooke cook", "wood woods", "hughes hewes",
    "griffiths griffith", "pearce pierce pearse", "nicholls nichols nicholas", "rees reece reese", "maclean maclaine",
    "macleod macloud", "kerr carr", "burns byrne burn", "connor conner oconnor", "docherty doherty dougherty",
];

/// Letters outside a–z and how they are written in it, sorted. Combining marks are not listed and so vanish.
pub const LETTERS: &[(char, &str)] = &[
    ('ß', "ss"), ('à', "a"), ('á', "a"), ('â', "a"), ('ã', "a"), ('ä', "a"), ('å', "a"), ('æ', "ae"),
    ('ç', "c"), ('è', "e"), ('é', "e"), ('ê', "e"), ('ë', "e"), ('ì', "i"), ('í', "i"), ('î', "i"),
    ('ï', "i"), ('ð', "d"), ('ñ', "n"), ('ò', "o"), ('ó', "o"), ('ô', "o"), ('õ', "o"), ('ö', "o"),
    ('ø', "o"), ('ù', "u"), ('ú', "u"), ('û', "u"), ('ü', "u"), ('ý', "y"), ('þ', "th"), ('ÿ', "y"),
    ('ā', "a"), ('ă', "a"), ('ą', "a"), ('ć', "c"), ('ĉ', "c"), ('ċ', "c"), ('č', "c"), ('ď', "d"),
    ('đ', "d"), ('ē', "e"), ('ĕ', "e"), ('ė', "e"), ('ę', "e"), ('ě', "e"), ('ĝ', "g"), ('ğ', "g"),
    ('ġ', "g"), ('ģ', "g"), ('ĥ', "h"), ('ħ', "h"), ('ĩ', "i"), ('ī', "i"), ('ĭ', "i"), ('į', "i"),
    ('ı', "i"), ('ĳ', "ij"), ('ĵ', "j"), ('ķ', "k"), ('ĸ', "k"), ('ĺ', "l"), ('ļ', "l"), ('ľ', "l"),
    ('ŀ', "l"), ('ł', "l"), ('ń', "n"), ('ņ', "n"), ('ň', "n"), ('ŉ', "n"), ('ŋ', "n"), ('ō', "o"),
    ('ŏ', "o"), ('ő', "o"), ('œ', "oe"), ('ŕ', "r"), ('ŗ', "r"), ('ř', "r"), ('ś', "s"), ('ŝ', "s"),
    ('ş', "s"), ('š', "s"), ('ţ', "t"), ('ť', "t"), ('ŧ', "t"), ('ũ', "u"), ('ū', "u"), ('ŭ', "u"),
    ('ů', "u"), ('ű', "u"), ('ų', "u"), ('ŵ', "w"), ('ŷ', "y"), ('ź', "z"), ('ż', "z"), ('ž', "z"),
    ('ſ', "s"), ('ƙ', "k"), ('ơ', "o"), ('ư', "u"), ('ƴ', "y"), ('ǆ', "dz"), ('ǉ', "lj"), ('ǌ', "nj"),
    ('ǎ', "a"), ('ǐ', "i"), ('ǒ', "o"), ('ǔ', "u"), ('ǖ', "u"), ('ǘ', "u"), ('ǚ', "u"), ('ǜ', "u"),
    ('ǝ', "e"), ('ǟ', "a"), ('ǡ', "a"), ('ǧ', "g"), ('ǩ', "k"), ('ǫ', "o"), ('ǭ', "o"), ('ǰ', "j"),
    ('ǳ', "dz"), ('ǵ', "g"), ('ǹ', "n"), ('ǻ', "a"), ('ȁ', "a"), ('ȃ', "a"), ('ȅ', "e"), ('ȇ', "e"),
    ('ȉ', "i"), ('ȋ', "i"), ('ȍ', "o"), ('ȏ', "o"), ('ȑ', "r"), ('ȓ', "r"), ('ȕ', "u"), ('ȗ', "u"),
    ('ș', "s"), ('ț', "t"), ('ȟ', "h"), ('ȧ', "a"), ('ȩ', "e"), ('ȫ', "o"), ('ȭ', "o"), ('ȯ', "o"),
    ('ȱ', "o"), ('ȳ', "y"), ('ɓ', "b"), ('ɔ', "o"), ('ɖ', "d"), ('ɗ', "d"), ('ə', "a"), ('ɛ', "e"),
    ('ɣ', "g"), ('ɩ', "i"), ('ʋ', "v"), ('ΐ', "i"), ('ά', "a"), ('έ', "e"), ('ή', "i"), ('ί', "i"),
    ('ΰ', "y"), ('α', "a"), ('β', "v"), ('γ', "g"), ('δ', "d"), ('ε', "e"), ('ζ', "z"), ('η', "i"),
    ('θ', "th"), ('ι', "i"), ('κ', "k"), ('λ', "l"), ('μ', "m"), ('ν', "n"), ('ξ', "x"), ('ο', "o"),
    ('π', "p"), ('ρ', "r"), ('ς', "s"), ('σ', "s"), ('τ', "t"), ('υ', "y"), ('φ', "f"), ('χ', "ch"),
    ('ψ', "ps"), ('ω', "o"), ('ϊ', "i"), ('ϋ', "y"), ('ό', "o"), ('ύ', "y"), ('ώ', "o"), ('ϐ', "v"),
    ('ϑ', "th"), ('ϕ', "f"), ('ϖ', "p"), ('ϰ', "k"), ('ϱ', "r"), ('ϲ', "s"), ('ϵ', "e"), ('а', "a"),
    ('б', "b"), ('в', "v"), ('г', "g"), ('д', "d"), ('е', "e"), ('ж', "zh"), ('з', "z"), ('и', "i"),
    ('й', "i"), ('к', "k"), ('л', "l"), ('м', "m"), ('н', "n"), ('о', "o"), ('п', "p"), ('р', "r"),
    ('с', "s"), ('т', "t"), ('у', "u"), ('ф', "f"), ('х', "kh"), ('ц', "ts"), ('ч', "ch"), ('ш', "sh"),
    ('щ', "shch"), ('ы', "y"), ('э', "e"), ('ю', "yu"), ('я', "ya"), ('ё', "e"), ('ђ', "dj"), ('ѓ', "g"),
    ('є', "e"), ('ѕ', "dz"), ('і', "i"), ('ї', "i"), ('ј', "j"), ('љ', "lj"), ('њ', "nj"), ('ћ', "c"),
    ('ќ', "k"), ('ў', "u"), ('џ', "dz"), ('ґ', "g"), ('ḁ', "a"), ('ḃ', "b"), ('ḅ', "b"), ('ḇ', "b"),
    ('ḉ', "c"), ('ḋ', "d"), ('ḍ', "d"), ('ḏ', "d"), ('ḑ', "d"), ('ḓ', "d"), ('ḕ', "e"), ('ḗ', "e"),
    ('ḙ', "e"), ('ḛ', "e"), ('ḝ', "e"), ('ḟ', "f"), ('ḡ', "g"), ('ḣ', "h"), ('ḥ', "h"), ('ḧ', "h"),
    ('ḩ', "h"), ('ḫ', "h"), ('ḭ', "i"), ('ḯ', "i"), ('ḱ', "k"), ('ḳ', "k"), ('ḵ', "k"), ('ḷ', "l"),
    ('ḹ', "l"), ('ḻ', "l"), ('ḽ', "l"), ('ḿ', "m"), ('ṁ', "m"), ('ṃ', "m"), ('ṅ', "n"), ('ṇ', "n"),
    ('ṉ', "n"), ('ṋ', "n"), ('ṍ', "o"), ('ṏ', "o"), ('ṑ', "o"), ('ṓ', "o"), ('ṕ', "p"), ('ṗ', "p"),
    ('ṙ', "r"), ('ṛ', "r"), ('ṝ', "r"), ('ṟ', "r"), ('ṡ', "s"), ('ṣ', "s"), ('ṥ', "s"), ('ṧ', "s"),
    ('ṩ', "s"), ('ṫ', "t"), ('ṭ', "t"), ('ṯ', "t"), ('ṱ', "t"), ('ṳ', "u"), ('ṵ', "u"), ('ṷ', "u"),
    ('ṹ', "u"), ('ṻ', "u"), ('ṽ', "v"), ('ṿ', "v"), ('ẁ', "w"), ('ẃ', "w"), ('ẅ', "w"), ('ẇ', "w"),
    ('ẉ', "w"), ('ẋ', "x"), ('ẍ', "x"), ('ẏ', "y"), ('ẑ', "z"), ('ẓ', "z"), ('ẕ', "z"), ('ẖ', "h"),
    ('ẗ', "t"), ('ẘ', "w"), ('ẙ', "y"), ('ẛ', "s"), ('ẞ', "ss"), ('ạ', "a"), ('ả', "a"), ('ấ', "a"),
    ('ầ', "a"), ('ẩ', "a"), ('ẫ', "a"), ('ậ', "a"), ('ắ', "a"), ('ằ', "a"), ('ẳ', "a"), ('ẵ', "a"),
    ('ặ', "a"), ('ẹ', "e"), ('ẻ', "e"), ('ẽ', "e"), ('ế', "e"), ('ề', "e"), ('ể', "e"), ('ễ', "e"),
    ('ệ', "e"), ('ỉ', "i"), ('ị', "i"), ('ọ', "o"), ('ỏ', "o"), ('ố', "o"), ('ồ', "o"), ('ổ', "o"),
    ('ỗ', "o"), ('ộ', "o"), ('ớ', "o"), ('ờ', "o"), ('ở', "o"), ('ỡ', "o"), ('ợ', "o"), ('ụ', "u"),
    ('ủ', "u"), ('ứ', "u"), ('ừ', "u"), ('ử', "u"), ('ữ', "u"), ('ự', "u"), ('ỳ', "y"), ('ỵ', "y"),
    ('ỷ', "y"), ('ỹ', "y"), ('ａ', "a"), ('ｂ', "b"), ('ｃ', "c"), ('ｄ', "d"), ('ｅ', "e"), ('ｆ', "f"),
    ('ｇ', "g"), ('ｈ', "h"), ('ｉ', "i"), ('ｊ', "j"), ('ｋ', "k"), ('ｌ', "l"), ('ｍ', "m"), ('ｎ', "n"),
    ('ｏ', "o"), ('ｐ', "p"), ('ｑ', "q"), ('ｒ', "r"), ('ｓ', "s"), ('ｔ', "t"), ('ｕ', "u"), ('ｖ', "v"),
    ('ｗ', "w"), ('ｘ', "x"), ('ｙ', "y"), ('ｚ', "z"),];
