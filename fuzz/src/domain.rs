//! What must hold for any text given to the domain's parsers: no panic, and what is read is read the same again.
//!
//! Plain functions over bytes. `crates/domain/tests/it/fuzz.rs` drives them on stable Rust from the
//! committed corpus; `fuzz_targets/` hands them to cargo-fuzz where a nightly compiler exists.

use std::str::FromStr;

use domain::hours::Span;
use domain::id::{AgencyId, DutyId, PostId};
use domain::ladder::Accept;
use domain::person::{AgeGiven, DateOfBirth, Handle, Name, NhsNumber, Phone, Postcode, VehicleMark, plain};
use domain::reference::Reference;
use jiff::civil::{Date, date};

/// A function over bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus folder.
pub const TARGETS: [(&str, Target); 10] = [
    ("name", name),
    ("handle", handle),
    ("born", born),
    ("age", age),
    ("nhs", nhs),
    ("phone", phone),
    ("postcode", postcode),
    ("vehicle", vehicle),
    ("code", code),
    ("time", time),
];

const TODAY: Date = date(2026, 11, 27);

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// A name: kept, and found by each of its own words.
pub fn name(bytes: &[u8]) {
    if let Ok(name) = Name::parse(text(bytes)) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(&name));
        let terms = name.search_terms();
        let asked = Name::query_terms(name.as_str());
        assert!(asked.iter().all(|term| terms.contains(term)));
        let words = name.words();
        assert_eq!(plain(&words.join(" ")), words);
    }
}

/// A handle.
pub fn handle(bytes: &[u8]) {
    if let Ok(handle) = Handle::parse(None, text(bytes)) {
        assert_eq!(Handle::parse(None, handle.as_str()).as_ref(), Ok(&handle));
        assert!(!handle.search_terms().is_empty());
    }
}

/// A date of birth, as far as it is known.
pub fn born(bytes: &[u8]) {
    if let Ok(born) = DateOfBirth::parse(text(bytes), TODAY) {
        assert_eq!(DateOfBirth::parse(&born.code(), TODAY), Ok(born));
        assert!(born.earliest() <= born.latest() && born.earliest() <= TODAY);
        if let Some((least, most)) = born.age_at(TODAY) {
            assert!(least <= most && most <= least + 1);
        }
    }
}

/// An age.
pub fn age(bytes: &[u8]) {
    if let Ok(age) = AgeGiven::parse(text(bytes), TODAY) {
        let (first, last) = age.born_between().unwrap_or((TODAY, TODAY));
        assert!(first <= last && age.fits(DateOfBirth::Day(last)));
        assert!(DateOfBirth::parse(&age.years().to_string(), TODAY).is_err());
    }
}

/// An NHS number.
pub fn nhs(bytes: &[u8]) {
    if let Ok(number) = NhsNumber::parse(text(bytes)) {
        assert_eq!(NhsNumber::parse(&number.shown()), Ok(number));
    }
}

/// A telephone number, whole or in part.
pub fn phone(bytes: &[u8]) {
    if let Ok(phone) = Phone::parse(text(bytes)) {
        assert!((3..=15).contains(&phone.digits().len()));
        let again = match &phone {
            Phone::Whole { e164, .. } => e164.clone(),
            Phone::Part(digits) => digits.clone(),
        };
        assert_eq!(
            Phone::parse(&again).map(|one| one.digits().to_owned()),
            Ok(phone.digits().to_owned())
        );
        assert!(!phone.search_terms().is_empty());
    }
}

/// A postcode.
pub fn postcode(bytes: &[u8]) {
    if let Ok(code) = Postcode::parse(text(bytes)) {
        assert_eq!(Postcode::parse(code.as_str()).as_ref(), Ok(&code));
        assert!(code.as_str().starts_with(code.outward()));
    }
}

/// A vehicle mark.
pub fn vehicle(bytes: &[u8]) {
    if let Ok(mark) = VehicleMark::parse(text(bytes)) {
        assert_eq!(VehicleMark::parse(mark.as_str()).as_ref(), Ok(&mark));
        assert!(mark.may_be(&mark) && mark.plain().chars().count() <= 12);
        mark.search_terms();
        mark.is_whole();
    }
}

fn same<T: FromStr + ToString + PartialEq + std::fmt::Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string().parse().ok(), Some(read));
    }
}

/// A reference, an id, an agency's or a post's code.
pub fn code(bytes: &[u8]) {
    let text = text(bytes);
    same::<Reference>(text);
    same::<DutyId>(text);
    same::<AgencyId>(text);
    same::<PostId>(text);
}

/// Hours and times to accept.
pub fn time(bytes: &[u8]) {
    let text = text(bytes);
    same::<Accept>(text);
    if let Ok(span) = Span::parse(text) {
        assert!(span.overlaps(span));
    }
}
