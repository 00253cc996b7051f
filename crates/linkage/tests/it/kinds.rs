//! What columns are taken for: by their headers in several habits of naming, by their values where headers say nothing.

use linkage::profile::{Kind, profile};

/// A column of these values, over and over with a number where they have a `#`, and what it is taken for.
fn taken_for(header: &str, values: &[&str]) -> Kind {
    let mut text = format!("id;{header}\n");
    for k in 0..400 {
        let value = values[k % values.len()].replace('#', &format!("{}", k / values.len() % 28 + 1));
        text.push_str(&format!("{k};{value}\n"));
    }
    let t = crate::people::table(&[&text]);
    profile(&t)[0].kind
}

const WORDS: &[&str] = &[
    "Ashdown",
    "Brackley",
    "Colborne",
    "Denholm",
    "Elmsworth",
    "Fenwick",
    "Garside",
    "Hartley",
    "Ingram",
    "Jessop",
];
const GIVEN: &[&str] = &[
    "James",
    "Susan",
    "Paul",
    "Catherine",
    "Andrew",
    "Margaret",
    "Robert",
    "Elizabeth",
    "William",
    "Deborah",
];
const WHOLE: &[&str] = &[
    "ASHDOWN, James",
    "BRACKLEY, Susan",
    "COLBORNE, Paul",
    "DENHOLM, Catherine",
    "ELMSWORTH, Andrew",
    "FENWICK, Robert",
    "GARSIDE, Margaret",
    "HARTLEY, William",
    "INGRAM, Elizabeth",
    "JESSOP, Deborah",
];

#[test]
fn names_are_known_by_header_and_by_value() {
    for (header, values, want) in [
        ("Given Name(s)", GIVEN, Kind::GivenName),
        ("first", GIVEN, Kind::GivenName),
        ("Prénom", GIVEN, Kind::GivenName),
        ("Vorname", GIVEN, Kind::GivenName),
        ("col3", GIVEN, Kind::GivenName),
        ("FAMILY NAME", WORDS, Kind::FamilyName),
        ("Nachname", WORDS, Kind::FamilyName),
        ("name", WORDS, Kind::FamilyName),
        ("name", WHOLE, Kind::FullName),
        ("Client", WHOLE, Kind::FullName),
        ("V2", WHOLE, Kind::FullName),
        (
            "initial",
            &["A", "B", "C", "D", "E", "F", "G", "H", "J", "K"],
            Kind::GivenName,
        ),
        ("estate", WORDS, Kind::Category),
        ("street", GIVEN, Kind::Category),
    ] {
        assert_eq!(taken_for(header, values), want, "{header}");
    }
}

#[test]
fn dates_are_known_in_every_usual_way_of_writing() {
    for values in [
        &["19#/03/1999", "#/12/1981", "#/11/1976"][1..],
        &["1999-12-#", "1981-11-#"],
        &["12.#.1999", "3.#.1981"],
        &["#-Sep-1976", "#-JAN-1980"],
        &["# September 1976", "# March 1980"],
        &["September #, 1976", "March #, 1980"],
        &["#/3/76", "#/11/81"],
        &["1999-12-# 00:00:00", "1981-11-#T00:00:00Z"],
    ] {
        assert_eq!(taken_for("Geboren", values), Kind::Date, "{values:?}");
    }
    for values in [
        &["20-45-#7", "60-83-#1"][..],
        &["Flat #", "Unit #"],
        &["1#.50", "2#.75"],
    ] {
        assert_ne!(taken_for("x", values), Kind::Date, "{values:?}");
    }
}
