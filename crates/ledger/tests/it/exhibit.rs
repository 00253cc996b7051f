//! The file a person is given: golden bytes, what it shows, and that every changed byte fails.

use crate::grow::{exhibit, head, log_key, policy, records};
use ledger::exhibit::{Exhibit, ExhibitError};
use ledger::hash::Hash;
use ledger::leaf::Value;
use ledger::policy::{NotAccepted, Policy};
use ledger::proof::{Proof, ProofError};
use ledger::tree::Reader;
use proptest::prelude::*;

#[test]
fn golden_exhibit() {
    let made = exhibit(300, 17, 2);
    insta::assert_snapshot!(String::from_utf8(made.to_bytes()).unwrap());
    let read = Exhibit::parse(&made.to_bytes()).unwrap();
    assert_eq!(read, made);
    let verified = read.verify(&policy()).unwrap();
    assert!(verified.issuer_checked);
    assert_eq!(verified.judged.witnessed.len(), 2);
    assert_eq!(read.presentation().value("seq"), Some(&Value::Int(17)));
    assert_eq!(read.presentation().value("text"), None);
}

#[test]
fn a_short_receipt_holds_no_content() {
    let receipt = exhibit(40, 39, 0);
    assert!(receipt.verify(&policy()).is_ok());
    assert!(receipt.presentation().shown().is_empty());
    let lone = exhibit(1, 0, 0);
    assert!(lone.proof().path.is_empty());
    assert!(
        Exhibit::parse(&lone.to_bytes())
            .unwrap()
            .verify(&policy())
            .is_ok()
    );
}

#[test]
fn what_cannot_be_checked_is_told_apart_from_what_does_not_match() {
    let bytes = exhibit(40, 3, 1).to_bytes();
    let read = Exhibit::parse(&bytes).unwrap();
    let stranger = Policy::parse(b"quorum none\n").unwrap();
    let error = read.verify(&stranger).unwrap_err();
    assert!(matches!(
        error,
        ExhibitError::Proof(ProofError::NotAccepted(NotAccepted::UnknownLog(_)))
    ));
    assert!(!error.is_mismatch());
    let strict = format!(
        "log {}\nwitness w {}\nquorum w\n",
        log_key().verifier(),
        crate::grow::witness_key(2).verifier()
    );
    let error = read
        .verify(&Policy::parse(strict.as_bytes()).unwrap())
        .unwrap_err();
    assert!(!error.is_mismatch(), "{error}");
    let other = Proof {
        index: 4,
        ..read.proof().clone()
    };
    let error = Exhibit::parse(&other.to_bytes())
        .unwrap()
        .verify(&policy())
        .unwrap_err();
    assert!(error.is_mismatch());
    assert_eq!(
        Exhibit::parse(b"hello").unwrap_err(),
        ExhibitError::Proof(ProofError::NotAProof)
    );
    let bare = Proof {
        extra: None,
        ..read.proof().clone()
    };
    assert_eq!(
        Exhibit::parse(&bare.to_bytes()).unwrap_err(),
        ExhibitError::NoRecord
    );
}

#[test]
fn without_a_key_for_the_issuer_the_log_still_vouches_and_says_so() {
    let text = format!("log {}\nquorum none\n", log_key().verifier());
    let verified = exhibit(5, 2, 1)
        .verify(&Policy::parse(text.as_bytes()).unwrap())
        .unwrap();
    assert!(!verified.issuer_checked);
}

#[test]
fn a_proof_of_plain_bytes_verifies() {
    let (log, records) = records(30);
    let proof = Proof {
        extra: None,
        index: 12,
        path: Reader::new(&log, 30).inclusion(12, 30).unwrap(),
        checkpoint: head(&log, &[1, 2]),
    };
    let read = Proof::parse(&proof.to_bytes()).unwrap();
    assert_eq!(read, proof);
    read.verify(&Hash::leaf(&records[12].leaf), &policy()).unwrap();
    assert!(matches!(
        read.verify(&Hash::leaf(&records[13].leaf), &policy()),
        Err(ProofError::Path(_))
    ));
}

#[test]
fn a_file_may_hold_several() {
    let all = [exhibit(300, 17, 2), exhibit(300, 18, 3), exhibit(40, 2, 0)];
    for gap in ["", "\n"] {
        let file: Vec<u8> = all
            .iter()
            .flat_map(|e| [e.to_bytes(), gap.as_bytes().to_vec()].concat())
            .collect();
        assert_eq!(Exhibit::parse_all(&file).unwrap(), all);
        let one = [all[0].to_bytes(), gap.as_bytes().to_vec()].concat();
        assert_eq!(Exhibit::parse_all(&one).unwrap(), all[..1]);
    }
    let text = String::from_utf8(all[0].to_bytes()).unwrap();
    for bad in [
        format!("{text}\n\n{text}"),
        format!("\n{text}"),
        format!("{text}x\n{text}"),
        format!("{text}c2sp.org/tlog-proof@v1\n"),
    ] {
        assert!(Exhibit::parse_all(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn malformed_files_are_refused_in_words() {
    let good = String::from_utf8(exhibit(9, 3, 0).to_bytes()).unwrap();
    for (bad, says) in [
        (good.replace("@v1", "@v2"), "this is not a proof file"),
        (
            good.replace("index 3", "index 03"),
            "the proof file is damaged: its index cannot be read",
        ),
        (
            good.replace("extra ", "extra *"),
            "the proof file is damaged: its extra line cannot be read",
        ),
        (
            good.replace("\n\n", "\n"),
            "the proof file is damaged: it ends too soon",
        ),
        (
            good.replace("index 3\n", "index 3\nAA==\n"),
            "the proof file is damaged: its path cannot be read",
        ),
        (
            good.replace("\r\n", "\n").replace('\n', "\r\n"),
            "this is not a proof file",
        ),
    ] {
        assert_eq!(Exhibit::parse(bad.as_bytes()).unwrap_err().to_string(), says);
    }
}

#[test]
fn every_changed_byte_fails() {
    let bytes = exhibit(300, 299, 3).to_bytes();
    let policy = strict();
    let holds = |bytes: &[u8]| Exhibit::parse(bytes).is_ok_and(|e| e.verify(&policy).is_ok());
    assert!(holds(&bytes));
    for place in 0..bytes.len() {
        for flip in [1u8, 0x20] {
            let mut changed = bytes.clone();
            changed[place] ^= flip;
            assert!(!holds(&changed), "byte {place}");
        }
    }
}

/// A policy that needs both signatures the test exhibits carry, so that no line may be lost.
fn strict() -> Policy {
    let mut text = format!(
        "log {}\n#issuer {}\n",
        log_key().verifier(),
        crate::grow::issuer().verifier()
    );
    for n in [1, 3] {
        text.push_str(&format!(
            "witness w{n} {}\n",
            crate::grow::witness_key(n).verifier()
        ));
    }
    Policy::parse(format!("{text}group both all w1 w3\nquorum both\n").as_bytes()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_exhibit_of_any_log_verifies((count, index) in (1u64..400).prop_flat_map(|n| (Just(n), 0..n)), shown in 0usize..=3) {
        let made = exhibit(count, index, shown);
        let read = Exhibit::parse(&made.to_bytes()).unwrap();
        prop_assert!(read.verify(&policy()).is_ok());
        prop_assert_eq!(read.presentation().shown().len(), shown);
    }
}
