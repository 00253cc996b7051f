//! Match-keys: what typed facts become, what makes no key, and that the frozen tables have not moved.

use crate::people::child;
use exchange::matchkey::{Facts, KeyType, MOST, frozen, held, keys, normalise, phonetic};

fn meet(a: &Facts, b: &Facts) -> Vec<KeyType> {
    let theirs = keys(b);
    keys(a)
        .into_iter()
        .filter(|key| theirs.contains(key))
        .map(|key| key.kind)
        .collect()
}

#[test]
fn spellings_of_one_name_sound_alike() {
    for (a, b) in [
        ("mohammed", "muhammad"),
        ("yusuf", "youssef"),
        ("siobhan", "siobhan"),
        ("katarzyna", "kasia"),
        ("catherine", "kathryn"),
        ("sean", "shaun"),
        ("geoffrey", "jeffrey"),
        ("aisha", "ayesha"),
        ("sergei", "sergey"),
        ("philip", "phillip"),
        ("jakub", "jacob"),
        ("william", "billy"),
    ] {
        assert_eq!(phonetic::forename(a), phonetic::forename(b), "{a} {b}");
    }
    for (a, b) in [
        ("choudhury", "chaudhry"),
        ("hussain", "hussein"),
        ("smith", "smyth"),
        ("thompson", "thomson"),
        ("macdonald", "mcdonald"),
        ("horvat", "horvath"),
        ("souza", "sousa"),
        ("clark", "clarke"),
    ] {
        let canonical = |name: &str| phonetic::surname(&normalise::surnames(name)[0]);
        assert_eq!(canonical(a), canonical(b), "{a} {b}");
    }
    for (a, b) in [
        ("emily", "amelia"),
        ("oliver", "alfie"),
        ("lee", "lou"),
        ("grace", "chloe"),
    ] {
        assert_ne!(phonetic::forename(a), phonetic::forename(b), "{a} {b}");
    }
}

#[test]
fn letters_of_other_scripts_and_marks_are_written_plainly() {
    assert_eq!(normalise::forename("Żaneta").as_deref(), Some("zaneta"));
    assert_eq!(normalise::forename("Юлия").as_deref(), Some("yuliya"));
    assert_eq!(normalise::forename("  DR. Zoë-Mae ").as_deref(), Some("zoe"));
    assert_eq!(normalise::forename("José").as_deref(), Some("jose"));
    assert_eq!(
        normalise::forename("Abdul Rahman").as_deref(),
        Some("abdulrahman")
    );
    assert_eq!(normalise::forename("明"), None);
    assert_eq!(normalise::surnames("O’Brien"), ["obrien"]);
    assert_eq!(normalise::surnames("o brien"), ["obrien"]);
    assert_eq!(normalise::surnames("McKay-de la Cruz"), ["mackay", "delacruz"]);
    assert_eq!(normalise::surnames("Łukasiewicz"), ["lukasiewicz"]);
    assert_eq!(normalise::surnames("---"), Vec::<String>::new());
}

#[test]
fn what_stands_for_not_known_makes_no_key() {
    for date in [
        "",
        "2014-01-01",
        "2014-02-30",
        "14-02-03",
        "2014-2-3",
        "0000-00-00",
        "2014-13-01",
        "x",
    ] {
        assert_eq!(normalise::date(date), None, "{date}");
    }
    assert!(normalise::date("2012-02-29").is_some());
    for postcode in ["", "ZZ99 3VZ", "NM4", "NM44 44A", "N1 1", "NF1 1NF", "1NM 4QX"] {
        assert_eq!(normalise::postcode(postcode), None, "{postcode}");
    }
    assert_eq!(normalise::postcode("nm12 4qx").unwrap().district, "NM12");
    assert_eq!(normalise::nhs("999 000 0018").as_deref(), Some("9990000018"));
    for nhs in ["9990000019", "999000001", "0000000000", "99900000180"] {
        assert_eq!(normalise::nhs(nhs), None, "{nhs}");
    }
    assert_eq!(
        normalise::phone("(01632) 960 123").as_deref(),
        Some("+441632960123")
    );
    assert_eq!(
        normalise::phone("+44 (0)7700 900123"),
        normalise::phone("07700 900 123")
    );
    assert_eq!(
        normalise::phone("0044 7700 900123"),
        normalise::phone("07700900123")
    );
    for phone in ["", "12345", "00000000000", "call mum 07700900123"] {
        assert_eq!(normalise::phone(phone), None, "{phone}");
    }
    assert_eq!(normalise::vehicle("ab51 xyz").as_deref(), Some("AB51XYZ"));
    assert_eq!(normalise::vehicle("RED CAR"), None);
    assert_eq!(
        normalise::device("490154203237518").as_deref(),
        Some("49015420323751")
    );
    assert_eq!(normalise::device("490154203237519"), None);
    assert!(
        keys(&child("J", "Marsh", "2015-03-14", "")).is_empty(),
        "an initial makes no key without a postcode"
    );
    assert!(keys(&Facts::default()).is_empty());
}

#[test]
fn one_child_two_agencies() {
    let a = child("Mohammed Ali", "Choudhury", "2014-07-19", "NM4 7QX");
    let b = child("Muhammad", "Chowdhury", "2014-07-19", "NM4 9ZZ");
    assert!(meet(&a, &b).contains(&KeyType::NamesDate));
    let swapped = child("Choudhury", "Mohammed", "2014-07-19", "");
    assert_eq!(meet(&a, &swapped), [KeyType::UnorderedDate]);
    let married = child("Mohammed", "Price", "2014-07-19", "nm47qx");
    assert_eq!(meet(&a, &married), [KeyType::ForenameDatePostcode]);
    let misdated = child("Mohammed", "Choudhury", "2014-07-20", "NM4 7QX");
    assert_eq!(
        meet(&a, &misdated),
        [KeyType::NamesPostcode, KeyType::NamesDistrictYearMonth]
    );
    let day_month = child("Mohammed", "Choudhury", "2014-05-07", "NM4 1AA");
    let month_day = child("Mohammed", "Choudhury", "2014-07-05", "NM4 2BB");
    assert_eq!(meet(&day_month, &month_day), [KeyType::NamesDistrictDayMonth]);
    let double = child("Mohammed", "Choudhury-Price", "2014-07-19", "");
    assert!(meet(&a, &double).contains(&KeyType::NamesDate));
    assert!(meet(&a, &child("Tam", "Marsh", "2014-07-20", "NM4 7QX")).is_empty());
}

#[test]
fn never_more_than_sixteen_and_identity_comes_first() {
    let facts = Facts {
        nhs: "9990000018".to_owned(),
        phones: (0..30).map(|n| format!("07700 9001{n:02}")).collect(),
        ..child("Ivo", "Marsh-Price", "2015-03-14", "NM4 7QX")
    };
    let made = keys(&facts);
    assert_eq!(made.len(), MOST);
    assert!(held(&made).has(KeyType::Nhs) && held(&made).has(KeyType::NamesDistrictYearMonth));
}

#[test]
fn the_tables_of_this_version_have_not_moved() {
    assert!(frozen::covers_every_type());
    let digest: String = frozen::digest().0.iter().map(|b| format!("{b:02x}")).collect();
    let pinned = include_str!("../../../../docs/spec/vectors/match-keys-1.txt")
        .lines()
        .next()
        .unwrap();
    assert_eq!(
        pinned, digest,
        "match-key version 1 is frozen: a change needs a new version and a new epoch"
    );
}
