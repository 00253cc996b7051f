//! Records: golden bytes, limits, and what a presentation proves.

use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::leaf::{Disclosure, Field, Issuer, Leaf, LeafError, Presentation, Record, Value};

const NAME: &str = "northmere.example";

fn issuer() -> Issuer {
    Issuer::new(SignerKey::from_seed(NAME, NOTE, &[3; 32]).unwrap()).unwrap()
}

/// A salt that differs for each field and is not random: tests only.
fn salt(place: usize) -> [u8; 16] {
    let mut salt = [0x5a; 16];
    salt[0] = u8::try_from(place).unwrap();
    salt
}

fn fields<'a>(named: &'a [(String, Value)]) -> Vec<Field<'a>> {
    named
        .iter()
        .enumerate()
        .map(|(i, (name, value))| Field {
            name,
            value,
            salt: salt(i),
        })
        .collect()
}

/// `count` fields of small whole numbers.
fn numbered(count: usize) -> Vec<(String, Value)> {
    (0..count)
        .map(|i| (format!("f{i}"), Value::Int(i64::try_from(i).unwrap())))
        .collect()
}

fn record(named: &[(String, Value)]) -> Record {
    issuer().record(&fields(named), &[9; 32]).unwrap()
}

fn sample() -> Vec<(String, Value)> {
    vec![
        ("kind".into(), Value::Text("raised".into())),
        ("seq".into(), Value::Int(1)),
        ("urgent".into(), Value::Bool(false)),
        ("received".into(), Value::Time(1_795_487_842_123_456)),
        ("codes".into(), Value::List(vec!["a".into(), "b".into()])),
        ("text".into(), Value::Text("\"Line one\"\nline two \u{e9}".into())),
    ]
}

#[test]
fn golden_bytes() {
    let made = record(&sample());
    insta::assert_snapshot!("golden_leaf", String::from_utf8(made.leaf.clone()).unwrap());
    let disclosures: Vec<&str> = made.disclosures.iter().map(Disclosure::encoded).collect();
    insta::assert_snapshot!("golden_disclosures", disclosures.join("\n"));
    let leaf = Leaf::parse(&made.leaf).unwrap();
    insta::assert_snapshot!("golden_leaf_hash", leaf.hash().to_hex());
    assert_eq!(record(&sample()), made);
}

#[test]
fn a_record_of_eight_fields_is_about_1200_bytes() {
    let made = record(&numbered(8));
    assert!((1100..1300).contains(&made.leaf.len()), "{}", made.leaf.len());
}

#[test]
fn digests_are_padded_and_sorted() {
    for (count, expected) in [(1, 16), (16, 16), (17, 32), (32, 32), (33, 64), (64, 64)] {
        let made = record(&numbered(count));
        let leaf = Leaf::parse(&made.leaf).unwrap();
        assert_eq!(leaf.digests(), expected);
        assert!(made.disclosures.iter().all(|d| leaf.contains(d)));
    }
}

#[test]
fn the_leaf_shows_nothing_of_a_field() {
    let named = vec![("child".to_owned(), Value::Text("marked-value".into()))];
    let text = String::from_utf8(record(&named).leaf).unwrap();
    assert!(!text.contains("child") && !text.contains("marked"));
    assert!(!text.contains(&record(&named).disclosures[0].encoded()[..20]));
}

#[test]
fn what_cannot_be_a_record_is_refused() {
    let refused = |named: &[(String, Value)]| issuer().record(&fields(named), &[9; 32]).unwrap_err();
    assert_eq!(refused(&[]), LeafError::FieldCount(0));
    assert_eq!(refused(&numbered(65)), LeafError::FieldCount(65));
    for name in [
        "",
        "_sd",
        "...",
        "iss",
        "a b",
        "é",
        "a\"b",
        "exp",
        &"x".repeat(65),
    ] {
        assert_eq!(
            refused(&[(name.into(), Value::Int(1))]),
            LeafError::Name,
            "{name}"
        );
    }
    let twice = [("a".to_owned(), Value::Int(1)), ("a".to_owned(), Value::Int(2))];
    assert_eq!(refused(&twice), LeafError::NameTwice);
    assert_eq!(refused(&[("t".into(), Value::Time(i64::MAX))]), LeafError::Time);
    assert!(matches!(
        refused(&[("t".into(), Value::Text("x".repeat(65_530)))]),
        LeafError::TooLong(_)
    ));
    let same = Value::Int(1);
    let salted = |name| Field {
        name,
        value: &same,
        salt: [1; 16],
    };
    assert_eq!(
        issuer().record(&[salted("a"), salted("b")], &[9; 32]),
        Err(LeafError::SaltTwice)
    );
    let cosigner = SignerKey::from_seed(NAME, COSIGNATURE, &[3; 32]).unwrap();
    assert_eq!(Issuer::new(cosigner).err(), Some(LeafError::Key));
}

#[test]
fn one_field_is_shown_and_the_rest_withheld() {
    let made = record(&sample());
    let leaf = Leaf::parse(&made.leaf).unwrap();
    let shown = leaf.present([&made.disclosures[3]]).unwrap();
    let read = Presentation::parse(&shown).unwrap();
    read.verify(&issuer().verifier()).unwrap();
    assert_eq!(read.shown().len(), 1);
    assert_eq!(read.value("received"), Some(&Value::Time(1_795_487_842_123_456)));
    assert_eq!(read.value("text"), None);
    assert_eq!(read.to_string(), shown);
    assert_eq!(
        Presentation::parse(&leaf.present([]).unwrap())
            .unwrap()
            .shown()
            .len(),
        0
    );
}

#[test]
fn a_field_of_another_record_or_shown_twice_is_refused() {
    let made = record(&sample());
    let other = record(&numbered(3));
    let leaf = Leaf::parse(&made.leaf).unwrap();
    assert_eq!(
        leaf.present([&other.disclosures[0]]),
        Err(LeafError::NotOfThisRecord)
    );
    let jwt = leaf.as_str();
    let (own, foreign) = (made.disclosures[0].encoded(), other.disclosures[0].encoded());
    assert_eq!(
        Presentation::parse(&format!("{jwt}~{foreign}~")),
        Err(LeafError::NotOfThisRecord)
    );
    assert_eq!(
        Presentation::parse(&format!("{jwt}~{own}~{own}~")),
        Err(LeafError::DisclosedTwice)
    );
    assert_eq!(Presentation::parse(&format!("{jwt}~{own}")), Err(LeafError::Form));
    assert_eq!(Presentation::parse(jwt), Err(LeafError::Form));
    assert_eq!(
        Presentation::parse(&format!("{jwt}~~")),
        Err(LeafError::Disclosure)
    );
}

#[test]
fn only_the_issuers_own_key_verifies() {
    let leaf = Leaf::parse(&record(&sample()).leaf).unwrap();
    leaf.verify(&issuer().verifier()).unwrap();
    let other_seed = SignerKey::from_seed(NAME, NOTE, &[4; 32]).unwrap().verifier();
    assert_eq!(leaf.verify(&other_seed), Err(LeafError::OtherKey));
    let other_name = SignerKey::from_seed("wrenford.example", NOTE, &[3; 32])
        .unwrap()
        .verifier();
    assert_eq!(leaf.verify(&other_name), Err(LeafError::OtherKey));
}

#[test]
fn every_changed_byte_of_a_presentation_fails() {
    let made = record(&sample());
    let key = issuer().verifier();
    let shown = Leaf::parse(&made.leaf)
        .unwrap()
        .present(&made.disclosures)
        .unwrap();
    let holds = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).ok();
        text.and_then(|t| Presentation::parse(t).ok())
            .is_some_and(|p| p.verify(&key).is_ok())
    };
    assert!(holds(shown.as_bytes()));
    for place in 0..shown.len() {
        for flip in [1u8, 2, 0x20] {
            let mut changed = shown.clone().into_bytes();
            changed[place] ^= flip;
            assert!(!holds(&changed), "byte {place}");
        }
    }
}

#[test]
fn preparing_then_signing_is_the_same_record() {
    let named = sample();
    let issuer = issuer();
    let unsigned = issuer.prepare(&fields(&named), &[9; 32]).unwrap();
    assert_eq!(issuer.sign(unsigned), record(&named));
}

#[test]
fn values_are_shown_in_words() {
    let shown: Vec<String> = sample().iter().map(|(_, value)| value.to_string()).collect();
    let expected = [
        "raised",
        "1",
        "no",
        "2026-11-24T02:37:22.123456Z",
        "a, b",
        "\"Line one\"\nline two \u{e9}",
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        Value::Time(i64::MAX).to_string(),
        "9223372036854775807 microseconds from 1970"
    );
}
