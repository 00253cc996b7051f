//! Which policy files are read, and which signatures are enough.

use crate::grow::{self, ORIGIN, head, log, log_key, witness_key};
use ledger::key::{COSIGNATURE, NOTE, SignerKey};
use ledger::policy::{NotAccepted, Policy, Reason};

fn vkey(n: u8) -> String {
    witness_key(n).verifier().to_string()
}

fn witnesses(count: u8) -> String {
    (1..=count)
        .map(|n| format!("witness w{n} {}\n", vkey(n)))
        .collect()
}

fn reason(text: &str) -> (usize, Reason) {
    let error = Policy::parse(text.as_bytes()).unwrap_err();
    (error.line, error.reason)
}

#[test]
fn two_of_three_is_two_of_three() {
    let policy = grow::policy();
    let log = log(20);
    for (signers, enough) in [
        (vec![], false),
        (vec![1], false),
        (vec![1, 1], false),
        (vec![4, 5], false),
        (vec![1, 3], true),
        (vec![1, 2, 3], true),
        (vec![2, 3, 4], true),
    ] {
        let head = head(&log, &signers);
        assert_eq!(policy.judge(&head).unwrap().quorum, enough, "{signers:?}");
        assert_eq!(policy.accept(&head).is_ok(), enough, "{signers:?}");
    }
    let judged = policy.judge(&head(&log, &[2, 4])).unwrap();
    assert_eq!(judged.witnessed, [("witness2.example".to_owned(), grow::NOW)]);
    assert_eq!(judged.log, log_key().verifier());
}

#[test]
fn groups_nest_as_in_the_specifications_example() {
    let text = format!(
        "# a comment\n\n  log\t{}  https://log.example/ \n{}group x 2 w1 w2 w3\ngroup y any w4 w5 w6\ngroup both all x y\nquorum both\n",
        log_key().verifier(),
        witnesses(6),
    );
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.logs()[0].url.as_deref(), Some("https://log.example/"));
    assert_eq!(policy.witnesses().len(), 6);
    let log = log(20);
    for (signers, enough) in [
        (vec![1, 2], false),
        (vec![1, 4], false),
        (vec![4, 5, 6], false),
        (vec![1, 3, 6], true),
        (vec![1, 2, 3, 4], true),
    ] {
        assert_eq!(
            policy.judge(&head(&log, &signers)).unwrap().quorum,
            enough,
            "{signers:?}"
        );
    }
}

#[test]
fn a_log_without_witnesses_can_be_accepted_only_on_purpose() {
    let text = format!("log {}\nquorum none", log_key().verifier());
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert!(policy.accept(&head(&log(3), &[])).is_ok());
    let other = Policy::parse(b"quorum none\n").unwrap();
    assert_eq!(
        other.accept(&head(&log(3), &[])),
        Err(NotAccepted::UnknownLog(ORIGIN.into()))
    );
}

#[test]
fn signatures_that_do_not_hold_are_not_passed_over() {
    let policy = grow::policy();
    let other_key = SignerKey::from_seed(ORIGIN, NOTE, &[77; 32]).unwrap();
    let head = head(&log(9), &[1, 2]);
    let unsigned = head.checkpoint().sign(&other_key).unwrap();
    assert_eq!(policy.judge(&unsigned), Err(NotAccepted::Unsigned(ORIGIN.into())));
    let mut forged = head.note().signatures()[1].clone();
    forged.bytes[20] ^= 1;
    let mut bad = head.checkpoint().sign(&log_key()).unwrap();
    bad.add(forged);
    assert_eq!(
        policy.judge(&bad),
        Err(NotAccepted::Bad("witness1.example".into()))
    );
}

#[test]
fn an_old_key_and_a_new_one_for_one_log() {
    let new_key = SignerKey::from_seed(ORIGIN, NOTE, &[78; 32]).unwrap();
    let text = format!(
        "log {}\nlog {}\nquorum none\n",
        log_key().verifier(),
        new_key.verifier()
    );
    let policy = Policy::parse(text.as_bytes()).unwrap();
    let mut head = head(&log(9), &[]);
    assert_eq!(policy.judge(&head).unwrap().log, log_key().verifier());
    assert_eq!(
        policy
            .judge(&head.checkpoint().sign(&new_key).unwrap())
            .unwrap()
            .log,
        new_key.verifier()
    );
    head.sign_also(&new_key).unwrap();
    assert_eq!(head.note().signatures().len(), 2);
    assert!(policy.judge(&head).is_ok());
}

#[test]
fn keys_of_kinds_we_do_not_know_are_carried_and_never_count() {
    let text = format!(
        "log {}\nwitness later later.example+01020304+BgECAw==\nquorum later\n",
        log_key().verifier()
    );
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert!(!policy.judge(&head(&log(3), &[1])).unwrap().quorum);
}

#[test]
fn every_mistake_names_its_line() {
    let log = log_key().verifier();
    let two = witnesses(2);
    for (text, expected) in [
        (String::new(), (1, Reason::Quorum)),
        (format!("log {log}\n"), (2, Reason::Quorum)),
        ("quorum none\nquorum none\n".into(), (2, Reason::Quorum)),
        ("quorum w1\n".into(), (1, Reason::Unknown)),
        ("logs x\n".into(), (1, Reason::Word)),
        ("log\n".into(), (1, Reason::Items)),
        ("log a b c\n".into(), (1, Reason::Items)),
        (format!("log {log}\nlog {log}\n"), (2, Reason::KeyTwice)),
        (format!("{two}witness w3 {}\n", vkey(1)), (3, Reason::KeyTwice)),
        (format!("{two}witness w2 {}\n", vkey(3)), (3, Reason::NameTaken)),
        (format!("witness none {}\n", vkey(3)), (1, Reason::NameTaken)),
        (format!("witness w {log}\n"), (1, Reason::KeyKind)),
        (format!("#issuer {}\n", vkey(1)), (1, Reason::KeyKind)),
        (format!("{two}group g 3 w1 w2\n"), (3, Reason::Threshold)),
        (format!("{two}group g 0 w1 w2\n"), (3, Reason::Threshold)),
        (format!("{two}group g 01 w1 w2\n"), (3, Reason::Threshold)),
        (format!("{two}group g all\n"), (3, Reason::Items)),
        (format!("{two}group g all none\n"), (3, Reason::Unknown)),
        (format!("{two}group g all g\n"), (3, Reason::Unknown)),
        (format!("{two}group g all w1 w1\n"), (3, Reason::MemberTwice)),
        (
            format!("{two}group g all w1\ngroup h all w1\n"),
            (4, Reason::MemberTwice),
        ),
        ("quorum none\r\n".into(), (1, Reason::Control)),
        ("quorum none\n# \u{7f}\n".into(), (2, Reason::Control)),
    ] {
        assert_eq!(reason(&text), expected, "{text:?}");
    }
    let error = Policy::parse(b"\nlog nonsense\n").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("line 2 of the policy: this is not a key"),
        "{error}"
    );
}

#[test]
fn a_comment_is_a_comment_and_an_issuer_line_is_one_to_others() {
    let issuer = grow::issuer().verifier();
    let text = format!("#issuers of records\n# issuer {issuer}\n#issuer {issuer}\nquorum none\n");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.issuers(), [issuer]);
    assert_eq!(
        SignerKey::from_seed("x", COSIGNATURE, &[1; 32])
            .unwrap()
            .verifier()
            .algorithm(),
        COSIGNATURE
    );
}
