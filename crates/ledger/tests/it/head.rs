//! Checkpoints and cosignatures, with the examples the C2SP specifications publish.

use crate::grow::{NOW, head, log, log_key, witness_key};
use ledger::checkpoint::SignedCheckpoint;
use ledger::cosignature::{CosignError, cosign};
use ledger::note::{Note, NoteError};

/// The example of `tlog-cosignature`: a log's signature and a witness's.
const COSIGNED: &str = "example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
";

#[test]
fn the_published_checkpoint_is_read() {
    let read = SignedCheckpoint::parse(COSIGNED.as_bytes()).unwrap();
    assert_eq!(read.checkpoint().origin, "example.com/behind-the-sofa");
    assert_eq!(read.checkpoint().size, 20_852_163);
    let lines = read.note().signatures();
    assert_eq!(
        (lines.len(), lines[0].bytes.len(), lines[1].bytes.len()),
        (2, 64, 72)
    );
    // The witness states the time that the specification's own worked message gives.
    assert_eq!(
        u64::from_be_bytes(lines[1].bytes[..8].try_into().unwrap()),
        1_679_315_147
    );
    assert_eq!(read.to_bytes(), COSIGNED.as_bytes());
}

#[test]
fn a_note_with_lines_of_verse_is_read() {
    let note = "Ognuno sta solo\n\nsul cuor\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let read = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(read.text(), "Ognuno sta solo\n\nsul cuor\n");
    assert_eq!(read.to_string(), note);
}

#[test]
fn a_cosignature_covers_its_time_and_the_whole_text() {
    let head = head(&log(10), &[1]);
    let keys = [witness_key(1).verifier(), log_key().verifier()];
    let by = head.note().verified_by(&keys).unwrap();
    assert_eq!(
        by.iter().map(|b| (b.key, b.held.time)).collect::<Vec<_>>(),
        [(1, None), (0, Some(NOW))]
    );
    let line = head.note().signatures().last().unwrap();
    let text = head.note().text();
    assert!(keys[0].check(text, &line.bytes).is_some());
    for place in 0..line.bytes.len() {
        let mut changed = line.bytes.clone();
        changed[place] ^= 1;
        assert_eq!(keys[0].check(text, &changed), None, "byte {place}");
    }
    assert_eq!(keys[0].check(&text.replace("10\n", "11\n"), &line.bytes), None);
    assert_eq!(keys[0].check(text, &line.bytes[..71]), None);
    // A witness's signature is not a log's, nor the other way round.
    assert_eq!(keys[1].check(text, &line.bytes[8..]), None);
    assert_eq!(keys[0].check(text, &head.note().signatures()[0].bytes), None);
}

#[test]
fn a_cosigner_needs_a_clock_and_its_own_kind_of_key() {
    let head = head(&log(10), &[]);
    assert_eq!(
        cosign(&witness_key(1), head.checkpoint(), 0),
        Err(CosignError::Time)
    );
    assert_eq!(
        cosign(&witness_key(1), head.checkpoint(), 1 << 63),
        Err(CosignError::Time)
    );
    assert!(matches!(
        cosign(&log_key(), head.checkpoint(), NOW),
        Err(CosignError::Key(_))
    ));
    assert!(matches!(
        Note::sign("text\n", &witness_key(1)),
        Err(NoteError::Key(_))
    ));
}

#[test]
fn every_changed_byte_of_a_head_fails() {
    let bytes = head(&log(300), &[1, 2]).to_bytes();
    let keys = [log_key().verifier()];
    let witnesses = [witness_key(1).verifier(), witness_key(2).verifier()];
    let holds = |bytes: &[u8]| {
        let head = SignedCheckpoint::parse(bytes).ok();
        head.is_some_and(|h| {
            h.note().verified_by(&keys).is_ok()
                && h.note().verified_by(&witnesses).is_ok_and(|by| by.len() == 2)
        })
    };
    assert!(holds(&bytes));
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(!holds(&changed), "byte {place}");
    }
}
