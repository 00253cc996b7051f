//! A seeded generator of invented children, for the measurements of quality and privacy: households with brothers,
//! sisters and twins, six naming traditions, postcodes of about forty people, and records with the errors that people
//! make: typing, sound, nicknames, spelling families, swapped names, changed surnames, moved homes, misread dates.
//!
//! Error rates follow the project's bulk-linkage generator: three qualities of record (56, 30 and 14 in a hundred).

use exchange::draw::Draw;
use exchange::matchkey::Facts;

/// Naming traditions; the groups by which equity is measured.
pub const GROUPS: [&str; 6] = [
    "british",
    "south asian",
    "slavic",
    "west african",
    "chinese",
    "latin",
];
const SHARE: [u32; 6] = [800, 885, 940, 970, 982, 1000];

const FORENAMES: [&str; 6] = [
    "jack thomas james daniel joshua matthew samuel oliver harry joseph luke ryan benjamin alexander george lewis \
     william liam adam nathan charlie connor jordan max ethan jacob noah oscar leo archie logan henry theo freddie \
     isaac dylan alfie toby edward finley reuben zachary gabriel sebastian elliot kai rory felix hugo owen emily jessica \
     sophie chloe charlotte lauren megan olivia hannah lucy georgia rebecca bethany amy katie ella holly amelia grace \
     ellie isabella mia lily ava poppy freya evie daisy alice phoebe molly eleanor abigail erin zoe imogen matilda rosie \
     scarlett florence eliza harriet niamh martha maisie willow ivy isla sienna layla summer elsie nancy victoria",
    "mohammed ahmed ali hassan hussain imran tariq usman bilal faisal kamran rashid arjun rahul sanjay rajesh vikram \
     harpreet gurpreet amandeep ravi suresh anil deepak nikhil abdul yusuf ibrahim omar zain hamza khalid nasir shahid \
     fatima aisha zainab maryam khadija samina nasreen shabana farah sadia priya anjali neha pooja sunita meena kiran \
     manpreet simran jaspreet deepa kavita rekha noor hafsa amina sana",
    "aleksandr sergei dmitri andrei piotr tomasz krzysztof mikhail yuri nikolai vladimir ivan pavel marcin michal lukasz \
     jakub bartosz grzegorz evgeny bohdan vasyl maksim alexei anna katarzyna agnieszka małgorzata ewa joanna yulia \
     natalia svetlana olga elena tatiana irina oksana ekaterina anastasia monika magdalena zuzanna lyudmila",
    "emmanuel samuel kwame kofi chidi emeka tunde ade oluwaseun babatunde ifeanyi kwaku yaw abdi mohamed femi segun \
     tendai farai blessing grace adwoa akosua abena ngozi chioma folake yetunde amara ifeoma halima amina rudo nyasha",
    "wei jun ming jian hao xiang lei feng chun yong zhiqiang xiaoming kwok wing chi mei li xiao yan hui jing fang ying \
     xia ling wai siu yuk lihua xiaoyan",
    "josé manuel carlos antónio joão luís miguel pedro rui nuno jorge fernando andré javier raúl álvaro sérgio tiago \
     maria ana joana inês catarina sofía lucía carmen mónica patrícia cláudia andreia rocío",
];
const SURNAMES: [&str; 6] = [
    "smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white roberts green \
     hall wood jackson clarke lewis harris turner cooper hill ward moore morris king watson baker harrison morgan allen \
     scott phillips lee martin bennett parker cook davis edwards young price mitchell griffiths carter kelly richardson \
     collins bell shaw murphy miller cox marshall anderson simpson ellis adams campbell stewart murray graham rogers \
     o'brien o'connor o'neill mccarthy macdonald mackenzie doyle gallagher mclean duncan kerr ferguson burns",
    "khan patel singh ahmed hussain ali begum kaur shah malik akhtar chaudhry mahmood iqbal sharma gupta kumar rahman \
     miah uddin islam sheikh bibi mirza qureshi butt sandhu gill dhillon bhatti desai mehta reddy rao nair siddiqui",
    "nowak kowalski wiśniewski wójcik kowalczyk kamiński lewandowski zieliński szymański woźniak ivanov petrov sidorov \
     smirnov kuznetsov popov vasiliev sokolov fedorov kovalenko shevchenko bondarenko tkachenko popescu ionescu horvat",
    "okafor okonkwo adeyemi adebayo ogunleye nwosu eze mensah owusu boateng asante osei appiah abdi warsame farah moyo \
     ncube dube sibanda mutasa banda phiri diallo traore",
    "wang zhang li chen liu yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo cheung wong chan leung lau ng ho",
    "silva santos ferreira pereira oliveira costa rodrigues martins sousa fernandes gonçalves gómez garcía martínez \
     lópez sánchez pérez muñoz núñez de-la-cruz dos-santos da-silva",
];
const FIRST: &str = "ash beck black bram brad burn cald chad clay cran dar dun east edge elm fair fen gold graves hart \
    hather hay hazel heath holm king lang led lin lock mar mel mid mor nor oak orm pem pick rad raven red rock rush sand \
    sed shel sker stan stock strat sut thor thurl trent wad wal ward wel whit wick wool wyn yard";
const LAST: &str = "bourne bridge brook burgh by combe cote croft dale den field ford gate ham hurst ington land ley low \
    man more ness port ridge side stead stone thorpe ton wall way well wick wood worth";
const SPELLINGS: &[&str] = &[
    "mohammed muhammad mohamed mohammad",
    "ahmed ahmad",
    "hussain hussein husain",
    "hassan hasan",
    "aisha ayesha aysha",
    "zainab zaynab",
    "maryam mariam",
    "yusuf yousuf yousef",
    "ibrahim ebrahim",
    "omar umar",
    "usman uthman",
    "chaudhry choudhury chowdhury",
    "siddiqui siddiqi",
    "qureshi quraishi",
    "sheikh shaikh",
    "mahmood mahmoud",
    "rahman rehman",
    "akhtar akhter",
    "sergei sergey",
    "andrei andrey",
    "alexei aleksey",
    "nikolai nikolay",
    "dmitri dmitry",
    "yulia julia",
    "evgeny yevgeny",
    "kuznetsov kuznecov",
    "fedorov fyodorov",
    "popescu popesco",
    "horvat horvath",
    "zhang chang",
    "chen chan",
    "xu hsu",
    "liu lau",
    "zhou chou",
    "catherine katherine kathryn",
    "stephen steven",
    "clarke clark",
    "davies davis",
    "allen allan",
    "stewart stuart",
    "phillips philips",
    "sousa souza",
    "thompson thomson",
    "macdonald mcdonald",
    "mackenzie mckenzie",
    "niamh neve",
    "megan meghan",
    "zoe zoey",
];
const SHORT: &[&str] = &[
    "thomas tom tommy",
    "james jim jamie",
    "daniel dan danny",
    "joshua josh",
    "matthew matt",
    "samuel sam sammy",
    "joseph joe joey",
    "benjamin ben",
    "alexander alex",
    "william will billy liam",
    "zachary zac zack",
    "edward ed eddie",
    "oliver ollie",
    "sebastian seb",
    "gabriel gabe",
    "nathan nate",
    "jessica jess",
    "charlotte lottie charlie",
    "rebecca becky bex",
    "abigail abbie",
    "eleanor ellie nell",
    "isabella bella izzy",
    "georgia georgie",
    "matilda tilly",
    "harriet hattie",
    "victoria vicky tori",
    "florence flo",
    "krzysztof krzys",
    "katarzyna kasia",
    "tomasz tomek",
    "mikhail misha",
    "ekaterina katya",
    "emmanuel emma manny",
    "josé pepe",
    "manuel manny",
];

/// One invented child.
#[derive(Clone, Debug)]
pub struct Child {
    pub forename: String,
    pub surname: String,
    pub date: (u32, u32, u32),
    pub group: usize,
    pub home: u32,
    pub phone: Option<u32>,
    pub nhs: u64,
}

/// What does not depend on one child.
pub struct Town {
    draw: Draw,
    forenames: Vec<Vec<String>>,
    surnames: Vec<Vec<String>>,
    homes: u32,
    next_nhs: u64,
    /// In a hundred records, how many under a new surname.
    pub renamed: u32,
    pub children: Vec<Child>,
}

fn list(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|name| name.replace('-', " "))
        .collect()
}

/// A rank by a long-tailed law: low ranks often, high ranks seldom.
fn ranked(draw: &mut Draw, n: usize, bend: f64) -> usize {
    let u = f64::from(draw.below(1 << 30)) / f64::from(1u32 << 30);
    let top = (1.0 + n as f64 / bend).ln();
    (((u * top).exp() - 1.0) * bend) as usize % n
}

impl Town {
    /// Children of the given number, in households.
    pub fn new(seed: u64, children: usize) -> Self {
        let mut draw = crate::people::draw(seed);
        let mut surnames: Vec<Vec<String>> = SURNAMES.iter().map(|names| list(names)).collect();
        let mut composed: Vec<String> = FIRST
            .split_whitespace()
            .flat_map(|a| LAST.split_whitespace().map(move |b| format!("{a}{b}")))
            .collect();
        draw.shuffle(&mut composed);
        surnames[0].extend(composed);
        let syllables = [
            "ba", "ka", "la", "ma", "na", "ra", "sa", "ta", "di", "ni", "ri", "su", "wo", "ye", "zo", "che",
        ];
        for names in &mut surnames {
            for a in syllables {
                for b in syllables {
                    let end = ["r", "n", "di", "l", "s", "k"][draw.below(6) as usize];
                    names.push(format!("{a}{b}{end}"));
                }
            }
        }
        let mut forenames: Vec<Vec<String>> = FORENAMES.iter().map(|names| list(names)).collect();
        for names in &mut forenames {
            for a in syllables {
                for b in ["la", "ra", "na", "vin", "rel", "mie", "sha", "ton", "lin", "dan"] {
                    names.push(format!("{a}{b}"));
                }
            }
        }
        let homes = u32::try_from((children / 14).max(50)).unwrap();
        let mut town = Self {
            draw,
            forenames,
            surnames,
            homes,
            next_nhs: 999_000_000,
            renamed: 0,
            children: Vec::with_capacity(children),
        };
        while town.children.len() < children {
            town.household();
        }
        town.children.truncate(children);
        town
    }

    fn household(&mut self) {
        let draw = &mut self.draw;
        let pick = draw.below(1000);
        let group = SHARE.iter().position(|edge| pick < *edge).unwrap();
        let surname = self.surnames[group][ranked(draw, self.surnames[group].len(), 18.0)].clone();
        let home = draw.below(self.homes);
        let phone = (draw.below(100) < 62).then(|| draw.below(90_000_000));
        let mut last = None;
        for n in 0..=draw.below(5).min(2 + draw.below(2)) {
            let fresh = (2008 + draw.below(17), 1 + draw.below(12), 1 + draw.below(28));
            let twin = n > 0 && draw.below(100) < 3;
            let date = last.filter(|_| twin).unwrap_or(fresh);
            last = Some(date);
            let mut own = surname.clone();
            if draw.below(100) < 12 {
                own = self.surnames[group][ranked(draw, self.surnames[group].len(), 18.0)].clone();
            }
            if draw.below(100) < 3 {
                own = format!("{own}-{surname}");
            }
            // a third of other traditions take a name of the country
            let pool = if group != 0 && draw.below(3) == 0 {
                0
            } else {
                group
            };
            let forename = self.forenames[pool][ranked(draw, self.forenames[pool].len(), 14.0)].clone();
            self.children.push(Child {
                forename,
                surname: own,
                date,
                group,
                home,
                phone,
                nhs: 0,
            });
        }
    }

    /// One agency's record of a child. `nhs` says whether the child's number is known everywhere.
    pub fn record(&mut self, child: usize, nhs: bool) -> Facts {
        // numbers are given out as they are needed: the reserved range holds fewer than a million
        if nhs && self.children[child].nhs == 0 {
            self.children[child].nhs = invented_nhs(&mut self.next_nhs);
        }
        let c = self.children[child].clone();
        let quality = match self.draw.below(100) {
            0..56 => 0,
            56..86 => 1,
            _ => 2,
        };
        let (forename, surname) = self.names(&c, quality);
        let date = self.date(&c, quality);
        let (postcode, phone) = self.place_and_phone(&c, quality);
        let nhs = if nhs && c.nhs != 0 {
            c.nhs.to_string()
        } else {
            String::new()
        };
        Facts {
            forename,
            surname,
            date,
            postcode,
            nhs,
            phones: phone.into_iter().collect(),
            ..Facts::default()
        }
    }

    /// Whether something befalls a record of this quality: chances in ten thousand for clean, light and dirty.
    fn often(&mut self, quality: usize, chances: [u32; 3]) -> bool {
        self.draw.below(10_000) < chances[quality]
    }

    fn names(&mut self, c: &Child, q: usize) -> (String, String) {
        let (mut fore, mut sur) = (c.forename.clone(), c.surname.clone());
        if self.often(q, [500, 2000, 3500]) {
            fore = another(&mut self.draw, SPELLINGS, &fore);
        }
        if self.often(q, [200, 700, 1200]) {
            fore = another(&mut self.draw, SHORT, &fore);
        }
        if self.often(q, [40, 600, 2000]) {
            fore = typo(&mut self.draw, &fore);
        }
        if self.often(q, [30, 200, 600]) {
            fore.truncate(fore.chars().next().map_or(0, char::len_utf8));
        }
        if self.often(q, [200, 1200, 2500]) {
            sur = another(&mut self.draw, SPELLINGS, &sur);
        }
        if self.often(q, [200, 500, 800]) {
            sur = punctuate(&mut self.draw, &sur);
        }
        if self.often(q, [50, 600, 2000]) {
            sur = typo(&mut self.draw, &sur);
        }
        // a new surname: a parent marries, or the child is adopted into another name
        if self.draw.below(100) < self.renamed {
            sur = self.surnames[c.group][ranked(&mut self.draw, self.surnames[c.group].len(), 18.0)].clone();
        }
        if self.often(q, [10, 80, 250]) {
            core::mem::swap(&mut fore, &mut sur);
        }
        if self.often(q, [10, 60, 300]) {
            fore.clear();
        }
        if self.often(q, [5, 40, 200]) {
            sur.clear();
        }
        (fore, sur)
    }

    fn date(&mut self, c: &Child, q: usize) -> String {
        let misread_now = self.often(q, [40, 500, 1800]);
        let (y, m, d) = if misread_now {
            misread(&mut self.draw, c.date)
        } else {
            c.date
        };
        if self.often(q, [50, 300, 1400]) {
            String::new()
        } else {
            format!("{y:04}-{m:02}-{d:02}")
        }
    }

    fn place_and_phone(&mut self, c: &Child, q: usize) -> (String, Option<String>) {
        // nearly a quarter of pairs of records are from two homes
        let moved = self.draw.below(100) < 12;
        let mut postcode = place(if moved {
            self.draw.below(self.homes)
        } else {
            c.home
        });
        if self.often(q, [40, 500, 1600]) {
            postcode = typo(&mut self.draw, &postcode).to_uppercase();
        }
        if self.often(q, [100, 600, 2000]) {
            postcode.clear();
        }
        let changed = self.often(q, [30, 300, 1000]) || self.draw.below(100) < 10;
        let number = c
            .phone
            .map(|n| if changed { self.draw.below(90_000_000) } else { n });
        let known = !self.often(q, [2200, 3800, 6000]);
        (postcode, number.filter(|_| known).map(|n| format!("077{n:08}")))
    }
}

/// The first number of the reserved range from `at` on that has a check digit; 0 beyond the range.
fn invented_nhs(at: &mut u64) -> u64 {
    while *at < 1_000_000_000 {
        let digits: Vec<u64> = at.to_string().bytes().map(|b| u64::from(b - b'0')).collect();
        let sum: u64 = digits.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
        *at += 1;
        match (11 - sum % 11) % 11 {
            10 => {}
            check => return (*at - 1) * 10 + check,
        }
    }
    0
}

/// An invented postcode: the areas do not exist.
fn place(home: u32) -> String {
    let area = ["NM", "WF", "CX", "RH", "LB", "QT", "VN", "JD"][(home % 8) as usize];
    let letters: Vec<char> = "ABDEFGHJLNPQRSTUWXYZ".chars().collect();
    let rest = home / 8;
    let (a, b) = (letters[(rest % 20) as usize], letters[(rest / 20 % 20) as usize]);
    format!("{area}{} {}{a}{b}", 1 + rest / 4_000, rest / 400 % 10)
}

fn another(draw: &mut Draw, families: &[&str], name: &str) -> String {
    let family = families
        .iter()
        .find(|family| family.split(' ').any(|member| member == name));
    let members: Vec<&str> = family
        .map(|f| f.split(' ').filter(|m| *m != name).collect())
        .unwrap_or_default();
    if members.is_empty() {
        name.to_owned()
    } else {
        members[draw.below(members.len() as u32) as usize].to_owned()
    }
}

fn typo(draw: &mut Draw, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let at = draw.below(letters.len() as u32) as usize;
    let fresh = char::from(b'a' + draw.below(26) as u8);
    match draw.below(100) {
        0..36 => letters[at] = fresh,
        36..58 => drop(letters.remove(at)),
        58..76 => letters.insert(at, letters[at]),
        _ => letters.swap(at.max(1) - 1, at.max(1)),
    }
    letters.into_iter().collect()
}

fn punctuate(draw: &mut Draw, name: &str) -> String {
    if name.contains('-') {
        let parts: Vec<&str> = name.split('-').collect();
        return if draw.below(2) == 0 {
            name.replace('-', " ")
        } else {
            parts[draw.below(2) as usize].to_owned()
        };
    }
    if name.contains('\'') {
        return name.replace('\'', if draw.below(2) == 0 { "" } else { " " });
    }
    if name.contains(' ') {
        name.replace(' ', "")
    } else {
        name.to_owned()
    }
}

fn misread(draw: &mut Draw, (y, m, d): (u32, u32, u32)) -> (u32, u32, u32) {
    match draw.below(100) {
        0..24 if d <= 12 => (y, d, m),
        0..46 => (y, m, 1 + (d + draw.below(3)) % 28),
        46..62 => (y, 1 + m % 12, d),
        62..82 => (y + 1, m, d),
        82..92 => (y, 1, 1),
        _ => (y, m, 1 + draw.below(28)),
    }
}
