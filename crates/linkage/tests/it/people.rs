//! A seeded population of invented people with households, errors, and a known truth.

use linkage::{
    prepare::prepare,
    profile::profile,
    read::{Input, ReadOptions, read_inputs},
    table::Table,
};
use std::fmt::Write;

/// A small deterministic stream of numbers (splitmix64).
pub struct Stream(pub u64);

impl Stream {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub fn chance(&mut self, p: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= p
    }
    /// Early entries are likelier, as names are.
    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let a = self.below(list.len());
        let b = self.below(list.len());
        list[a.min(b)]
    }
}

const ORIGINS: [(&str, &[&str], &[&str]); 4] = [
    (
        "british",
        &[
            "jack",
            "emily",
            "thomas",
            "olivia",
            "william",
            "charlotte",
            "daniel",
            "megan",
            "rhys",
            "sian",
            "callum",
            "isla",
            "george",
            "ruby",
            "harvey",
            "elsie",
        ],
        &[
            "smith", "jones", "taylor", "williams", "evans", "hughes", "walker", "hartley", "penrose",
            "ashdown", "merrick", "colborne", "thwaite", "brackley",
        ],
    ),
    (
        "south_asian",
        &[
            "mohammed", "aisha", "imran", "fatima", "arjun", "priya", "bilal", "zainab", "harpreet",
            "simran", "yusuf", "maryam",
        ],
        &[
            "khan",
            "patel",
            "singh",
            "hussain",
            "begum",
            "sharma",
            "chowdhury",
            "qureshi",
            "kaur",
            "siddiqui",
        ],
    ),
    (
        "east_european",
        &[
            "piotr",
            "katarzyna",
            "andrei",
            "oksana",
            "tomasz",
            "agnieszka",
            "sergei",
            "natalia",
            "marcin",
            "yulia",
        ],
        &[
            "kowalski",
            "nowak",
            "ivanov",
            "shevchenko",
            "popescu",
            "wisniewski",
            "petrov",
            "horvat",
            "zielinski",
        ],
    ),
    (
        "west_african",
        &[
            "kwame", "ngozi", "emeka", "abena", "tunde", "amara", "kofi", "folake",
        ],
        &[
            "okafor", "mensah", "adeyemi", "owusu", "boateng", "nwosu", "balogun",
        ],
    ),
];

const ENDS: [&str; 12] = [
    "ley", "ton", "ham", "worth", "by", "ford", "well", "combe", "dale", "mere", "stead", "ridge",
];
const STARTS: [&str; 14] = [
    "ash", "bram", "cal", "dun", "elm", "fen", "gar", "hol", "kes", "lin", "mar", "nor", "pen", "wren",
];
const STREETS: [&str; 10] = [
    "mill lane",
    "church road",
    "station street",
    "park avenue",
    "orchard close",
    "school road",
    "high street",
    "abbey walk",
    "ferry lane",
    "quarry hill",
];

/// One generated record.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub person: u32,
    pub origin: &'static str,
    pub fields: [String; 7],
}

pub const HEADER: &str = "id,forename,surname,sex,dob,postcode,phone,address";

fn typo(s: &str, r: &mut Stream) -> String {
    let mut c: Vec<char> = s.chars().collect();
    if c.len() < 3 {
        return s.to_owned();
    }
    let k = 1 + r.below(c.len() - 1);
    match r.below(4) {
        0 => {
            c.remove(k);
        }
        1 => c.insert(k, char::from(b'a' + (r.below(26) as u8))),
        2 => c[k] = char::from(b'a' + (r.below(26) as u8)),
        _ => c.swap(k - 1, k),
    }
    c.into_iter().collect()
}

struct Person {
    origin: &'static str,
    fore: String,
    sur: String,
    sex: &'static str,
    born: (u32, u32, u32),
    postcode: String,
    phone: String,
    address: String,
}

fn household(r: &mut Stream, out: &mut Vec<Person>) {
    let (origin, given, family) = ORIGINS[[0, 0, 0, 1, 2, 3][r.below(6)]];
    let mut sur = r.pick(family).to_owned();
    if origin == "british" && r.chance(0.5) {
        sur = format!("{}{}", STARTS[r.below(14)], ENDS[r.below(12)]);
    }
    let place = r.below(400);
    let postcode = format!(
        "NX{} {}{}{}",
        1 + place % 20,
        place % 10,
        char::from(b'A' + (place % 7) as u8),
        char::from(b'D' + (place % 11) as u8)
    );
    let address = format!("{} {}", 1 + r.below(90), STREETS[place % 10]);
    let landline = format!("01632960{:03}", r.below(1000));
    let first = 1940 + r.below(60) as u32;
    for k in 0..1 + r.below(5) {
        let year = if k < 2 {
            first + r.below(8) as u32
        } else {
            first + 22 + r.below(15) as u32
        };
        out.push(Person {
            origin,
            fore: r.pick(given).to_owned(),
            sur: if k == 1 && r.chance(0.3) {
                r.pick(family).to_owned()
            } else {
                sur.clone()
            },
            sex: if r.chance(0.5) { "F" } else { "M" },
            born: (year, 1 + r.below(12) as u32, 1 + r.below(28) as u32),
            postcode: postcode.clone(),
            phone: if r.chance(0.3) {
                landline.clone()
            } else {
                format!("07700{:06}", r.below(1_000_000))
            },
            address: address.clone(),
        });
    }
}

fn record(p: &Person, r: &mut Stream, wear: f64) -> [String; 7] {
    let (y, m, d) = p.born;
    let (mut fore, mut sur) = (p.fore.clone(), p.sur.clone());
    let mut born = (y, m, d);
    if r.chance(0.12 * wear) {
        fore = typo(&fore, r);
    }
    if r.chance(0.03 * wear) {
        fore.truncate(1);
    }
    if r.chance(0.12 * wear) {
        sur = typo(&sur, r);
    }
    if r.chance(0.02 * wear) {
        std::mem::swap(&mut fore, &mut sur);
    }
    if r.chance(0.1 * wear) {
        born = match r.below(3) {
            0 if d <= 12 => (y, d, m),
            1 => (y + 1, m, d),
            _ => (y, m, 1 + d % 28),
        };
    }
    let dob = format!("{:04}-{:02}-{:02}", born.0, born.1, born.2);
    let postcode = if r.chance(0.08 * wear) {
        typo(&p.postcode, r).to_uppercase()
    } else {
        p.postcode.clone()
    };
    let phone = if r.chance(0.2) {
        String::new()
    } else {
        p.phone.clone()
    };
    let address = if r.chance(0.12 * wear) {
        typo(&p.address, r)
    } else {
        p.address.clone()
    };
    let keep = |s: String, p: f64, r: &mut Stream| if r.chance(p) { String::new() } else { s };
    [
        fore,
        sur,
        keep(p.sex.into(), 0.03, r),
        keep(dob, 0.04 * wear, r),
        keep(postcode, 0.06 * wear, r),
        phone,
        keep(address, 0.08 * wear, r),
    ]
}

/// About `records` records, shuffled.
pub fn population(records: usize, seed: u64) -> Vec<Row> {
    let mut r = Stream(seed);
    let mut people = Vec::new();
    while people.len() * 9 / 5 < records {
        household(&mut r, &mut people);
    }
    let mut rows = Vec::new();
    for (k, p) in people.iter_mut().enumerate() {
        let copies = [1, 1, 1, 2, 2, 3, 4][r.below(7)];
        for _ in 0..copies {
            if r.chance(0.08) {
                p.postcode = format!("NX{} {}ZZ", 1 + r.below(20), r.below(10));
                p.address = format!("{} {}", 1 + r.below(90), STREETS[r.below(10)]);
            }
            let wear = [0.3, 0.3, 1.0, 1.0, 2.0][r.below(5)];
            let fields = record(p, &mut r, wear);
            rows.push(Row {
                id: String::new(),
                person: k as u32,
                origin: p.origin,
                fields,
            });
        }
    }
    for k in (1..rows.len()).rev() {
        rows.swap(k, r.below(k + 1));
    }
    rows.truncate(records);
    for (k, row) in rows.iter_mut().enumerate() {
        row.id = format!("r{k}");
    }
    rows
}

/// As CSV.
pub fn csv(rows: &[Row]) -> String {
    let mut out = format!("{HEADER}\n");
    for r in rows {
        writeln!(out, "{},{}", r.id, r.fields.join(",")).unwrap();
    }
    out
}

/// Reads CSV texts through the real reader.
pub fn table(texts: &[&str]) -> Table {
    let inputs: Vec<Input<'_>> = texts
        .iter()
        .map(|t| Input::Bytes("people.csv", t.as_bytes()))
        .collect();
    let options = ReadOptions {
        id: Some("id".into()),
        ..Default::default()
    };
    read_inputs(&inputs, &options).unwrap()
}

/// Records with columns profiled automatically.
pub fn records(texts: &[&str]) -> (Table, linkage::compare::Records) {
    let mut t = table(texts);
    let p = profile(&t);
    let r = prepare(&mut t, &p).unwrap();
    (t, r)
}
