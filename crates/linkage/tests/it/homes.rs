//! Files in which most of what agrees is a home: couples and children of one name at one address, one telephone for all of
//! them, mail made of names, whole names in one column. Columns are unlike those of [`crate::people`].

use crate::people::{Stream, records};
use linkage::{
    LinkError, caution,
    evaluate::{Truth, measure},
    pipeline::{Options, Outcome, Unwatched, run},
};

const GIVEN: &[&str] = &[
    "james",
    "susan",
    "paul",
    "julie",
    "andrew",
    "karen",
    "mark",
    "tracey",
    "john",
    "helen",
    "stephen",
    "diane",
    "ian",
    "angela",
    "robert",
    "sarah",
    "richard",
    "alison",
    "simon",
    "caroline",
    "anthony",
    "linda",
    "kevin",
    "catherine",
    "gary",
    "emily",
    "martin",
    "chloe",
    "philip",
    "megan",
    "alan",
    "lucy",
    "neil",
    "hannah",
    "colin",
    "rebecca",
    "adrian",
    "sophie",
    "stuart",
    "olivia",
    "callum",
    "grace",
    "owen",
    "freya",
    "rhys",
    "holly",
    "liam",
    "poppy",
    "harvey",
    "daisy",
];
const FIRST: &[&str] = &[
    "ash", "beck", "cald", "dun", "elm", "fair", "glen", "hazel", "king", "lang", "mal", "nor",
];
const LAST: &[&str] = &[
    "bourne", "by", "croft", "den", "field", "ford", "ham", "ley", "mere", "ridge", "ton", "worth",
];

#[derive(Clone)]
struct Person {
    given: String,
    family: String,
    born: [usize; 3],
    street: String,
    postcode: String,
    phone: usize,
    mail: Option<String>,
}

fn pick(s: &mut Stream, list: &[&str]) -> String {
    let (a, b) = (s.below(list.len()), s.below(list.len()));
    list[a.min(b)].to_owned()
}

fn family_name(s: &mut Stream) -> String {
    pick(s, FIRST) + &pick(s, LAST)
}

/// People of homes of one to five: a couple near in age, and children.
fn people(n: usize, s: &mut Stream) -> Vec<Person> {
    let mut out: Vec<Person> = Vec::new();
    while out.len() < n {
        let (name, born) = (family_name(s), 1940 + s.below(55));
        let street = format!("{} {}{} road", 1 + s.below(140), pick(s, FIRST), pick(s, LAST));
        let letter = |s: &mut Stream| char::from(b"ABDEFGHJLN"[s.below(10)]);
        let postcode = format!(
            "NX{} {}{}{}",
            1 + s.below(40),
            1 + s.below(9),
            letter(s),
            letter(s)
        );
        let phone = s.below(1_000_000);
        for k in 0..[1, 1, 2, 2, 3, 4, 5][s.below(7)] {
            let given = pick(s, GIVEN);
            let mail = s
                .chance(0.5)
                .then(|| format!("{given}.{name}{}@mail.example", s.below(97)));
            out.push(Person {
                given,
                family: if s.chance(0.1) {
                    family_name(s)
                } else {
                    name.clone()
                },
                born: [
                    if k < 2 {
                        born + s.below(11) - 5
                    } else {
                        born + 20 + s.below(15)
                    },
                    1 + s.below(12),
                    1 + s.below(28),
                ],
                street: street.clone(),
                postcode: postcode.clone(),
                phone,
                mail,
            });
        }
    }
    out.truncate(n);
    out
}

fn slip(s: &mut Stream, text: &mut String) {
    let at = 1 + s.below(text.len() - 1);
    text.replace_range(at..=at, ["", "a", "r", "nn"][s.below(4)]);
}

/// The same person recorded another time.
fn again(p: &Person, s: &mut Stream) -> Person {
    let mut p = p.clone();
    if s.chance(0.1) {
        slip(s, &mut p.given);
    }
    if s.chance(0.1) {
        slip(s, &mut p.family);
    }
    if s.chance(0.06) {
        p.born[2] = 1 + s.below(28);
    }
    if s.chance(0.1) {
        p.street = format!("{} {} lane", 1 + s.below(140), pick(s, LAST));
        p.postcode = format!("NX{} {}AB", 1 + s.below(40), 1 + s.below(9));
    }
    if s.chance(0.1) {
        p.phone = s.below(1_000_000);
    }
    p
}

/// Records of everybody once, and of some of them again: who it is, and the record.
fn recorded(n: usize, repeats: usize, seed: u64) -> Vec<(u32, Person)> {
    let mut s = Stream(seed);
    let all = people(n, &mut s);
    let mut out: Vec<(u32, Person)> = (0..).zip(all.iter().cloned()).collect();
    for _ in 0..repeats {
        let k = s.below(n);
        let p = again(&all[k], &mut s);
        out.push((k as u32, p));
    }
    for k in (1..out.len()).rev() {
        out.swap(k, s.below(k + 1));
    }
    out
}

fn outcome(
    rows: &[(u32, Person)],
    head: &str,
    line: impl Fn(&Person) -> String,
) -> (Result<Outcome, LinkError>, linkage::compare::Records) {
    let mut text = format!("id,{head}\n");
    for (k, (_, p)) in rows.iter().enumerate() {
        text.push_str(&format!("{k},{}\n", line(p)));
    }
    let (_, r) = records(&[&text]);
    (run(&r, &Options::default(), None, &mut Unwatched), r)
}

/// Best F1 of pairs, and precision and recall at the threshold.
fn judged(o: &Outcome, rows: &[(u32, Person)], r: &linkage::compare::Records) -> (f64, f64, f64) {
    let truth = Truth::Entities(rows.iter().map(|x| Some(x.0)).collect());
    let a = measure(&o.edges, &truth, &r.sources, o.model.threshold, &|_| true);
    let at = a.at_threshold.unwrap();
    (a.best.unwrap().f1, at.precision, at.recall)
}

fn usual(p: &Person) -> String {
    let [y, m, d] = p.born;
    format!(
        "{},{},{y}-{m:02}-{d:02},{},{}",
        p.given, p.family, p.postcode, p.street
    )
}
const USUAL: &str = "forename,surname,dob,postcode,address";

#[test]
fn where_everybody_is_recorded_once_hardly_any_home_becomes_one_person() {
    for seed in [1, 2, 7] {
        let rows = recorded(5_000, 0, seed);
        let (o, _) = outcome(&rows, USUAL, usual);
        match o {
            Err(e) => assert!(e.to_string().contains("no model could be learned"), "{e}"),
            Ok(o) => {
                let links = o.edges.iter().filter(|e| e.probability() >= o.model.threshold);
                let links = links.count();
                assert!(links < 25, "seed {seed}: {links} links among 5,000 people");
            }
        }
    }
}

#[test]
fn few_repeats_among_many_homes_are_found_and_homes_stay_apart() {
    let rows = recorded(5_000, 60, 3);
    let (o, r) = outcome(&rows, USUAL, usual);
    let (best, precision, recall) = judged(&o.unwrap(), &rows, &r);
    assert!(
        best > 0.85 && precision > 0.6 && recall > 0.85,
        "{best} {precision} {recall}"
    );
}

#[test]
fn mail_made_of_names_and_one_telephone_a_home_make_nobody_the_same() {
    let rows = recorded(5_000, 3_000, 4);
    let (o, r) = outcome(&rows, &format!("{USUAL},telephone,email"), |p| {
        format!(
            "{},01632{:06},{}",
            usual(p),
            p.phone,
            p.mail.as_deref().unwrap_or_default()
        )
    });
    let o = o.unwrap();
    let (best, precision, recall) = judged(&o, &rows, &r);
    assert!(
        best > 0.95 && precision > 0.93 && recall > 0.93,
        "{best} {precision} {recall}"
    );
    assert!(caution::cautions(&r, &o).is_empty());
}

#[test]
fn whole_names_with_months_in_words_and_a_whole_address_are_enough() {
    let rows = recorded(5_000, 3_000, 5);
    let (o, r) = outcome(&rows, "Client,Born,Address", |p| {
        let [y, m, d] = p.born;
        let month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ][m - 1];
        let name = format!("{}, {}", p.family.to_uppercase(), p.given);
        format!(
            "\"{name}\",{d:02}-{month}-{y},\"{}, Northmere, {}\"",
            p.street, p.postcode
        )
    });
    let (best, precision, recall) = judged(&o.unwrap(), &rows, &r);
    assert!(
        best > 0.92 && precision > 0.87 && recall > 0.9,
        "{best} {precision} {recall}"
    );
}

#[test]
fn a_file_that_cannot_tell_a_family_from_a_person_says_so() {
    let rows = recorded(3_000, 1_500, 6);
    let (o, r) = outcome(&rows, "surname,postcode", |p| {
        format!("{},{}", p.family, p.postcode)
    });
    let said = caution::cautions(&r, &o.unwrap());
    assert!(said[0].contains("tells two people of one home apart"), "{said:?}");
}
