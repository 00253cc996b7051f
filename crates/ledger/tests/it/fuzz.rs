//! Every parser of bytes from outside, driven from a committed corpus and small changes of it.
//!
//! The functions and the corpus are in `fuzz/` at the root of the repository. To write the corpus again
//! after a format has changed: `cargo test -p ledger --test it -- --ignored write_corpus`.

#[path = "../../../../fuzz/src/ledger.rs"]
mod targets;

use crate::grow::{self, exhibit, head, issuer, log, log_key, witness_key};
use ledger::bundle;
use ledger::leaf::Leaf;
use ledger::submit;
use ledger::tile::TilePath;
use ledger::tree::Reader;
use proptest::prelude::*;
use std::path::PathBuf;

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus/ledger")
        .join(target)
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus(target))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no corpus for {target}");
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Some changes of a seed: cut short, a byte changed, a piece doubled or dropped. The same every time.
fn changes(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec(), Vec::new()];
    let step = (seed.len() / 97).max(1);
    for place in (0..seed.len()).step_by(step) {
        all.push(seed[..place].to_vec());
        for byte in [
            0,
            b'\n',
            b'~',
            b'.',
            0xff,
            seed[place] ^ 1,
            seed[place].wrapping_add(1),
        ] {
            let mut changed = seed.to_vec();
            changed[place] = byte;
            all.push(changed);
        }
        let end = (place + 7).min(seed.len());
        all.push([&seed[..end], &seed[place..]].concat());
        all.push([&seed[..place], &seed[end..]].concat());
    }
    all
}

#[test]
fn the_corpus_and_its_changes_pass_every_target() {
    for (name, target) in targets::TARGETS {
        for seed in seeds(name) {
            changes(&seed).iter().for_each(|bytes| target(bytes));
        }
    }
}

#[test]
fn every_seed_that_should_be_read_is_read() {
    let parsed = |name: &str, reads: &dyn Fn(&[u8]) -> bool| {
        assert!(
            seeds(name).iter().any(|seed| reads(seed)),
            "no seed of {name} is read"
        );
    };
    parsed("note", &|b| ledger::note::Note::parse(b).is_ok());
    parsed("checkpoint", &|b| {
        ledger::checkpoint::SignedCheckpoint::parse(b).is_ok()
    });
    parsed("edge", &|b| ledger::append::Edge::parse(b).is_ok());
    parsed("bundle", &|b| bundle::parse(b).is_ok());
    parsed("proof", &|b| ledger::proof::Proof::parse(b).is_ok());
    parsed("exhibit", &|b| ledger::exhibit::Exhibit::parse(b).is_ok());
    parsed("policy", &|b| ledger::policy::Policy::parse(b).is_ok());
    parsed("leaf", &|b| Leaf::parse(b).is_ok());
    parsed("add_checkpoint", &|b| ledger::witness::Request::parse(b).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_pass_every_target(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[ -~\n—]{0,300}") {
        for (_, target) in targets::TARGETS {
            target(&bytes);
            target(text.as_bytes());
        }
    }
}

#[test]
#[ignore = "writes the committed corpus"]
fn write_corpus() {
    let log = log(300);
    let signed = head(&log, &[1, 2]);
    let proof = Reader::new(&log, 300).consistency(20, 300).unwrap();
    let made = exhibit(40, 17, 3);
    let record = grow::record(4);
    let entries: Vec<Vec<u8>> = (0..5).map(grow::entry).collect();
    let answer: String = signed.note().signatures()[1..]
        .iter()
        .map(|l| format!("{l}\n"))
        .collect();
    let policy = format!(
        "# a policy\nlog {} https://log.example/\nwitness w1 {}\nwitness w2 {}\ngroup g 1 w1 w2\nquorum g\n#issuer {}\n",
        log_key().verifier(),
        witness_key(1).verifier(),
        witness_key(2).verifier(),
        issuer().verifier()
    );
    let seeds: [(&str, &str, Vec<u8>); 19] = [
        ("note", "cosigned", signed.to_bytes()),
        ("checkpoint", "cosigned", signed.to_bytes()),
        (
            "checkpoint",
            "extension",
            b"o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n\n\xe2\x80\x94 n AAAAAAE=\n".to_vec(),
        ),
        ("cosignature", "two", answer.into_bytes()),
        ("cosignature", "size", b"300\n".to_vec()),
        ("key", "verifier", log_key().verifier().to_string().into_bytes()),
        ("key", "private", log_key().to_private_text().into_bytes()),
        ("key", "unknown", b"later.example+01020304+BgECAw==".to_vec()),
        (
            "tile_path",
            "full",
            TilePath::hashes(0, 1_234_067, 256).to_string().into_bytes(),
        ),
        (
            "tile_path",
            "partial",
            TilePath::entries(273, 112).to_string().into_bytes(),
        ),
        ("bundle", "five", bundle::encode(&entries).unwrap()),
        ("edge", "small", grow::edge(3).to_bytes()),
        ("proof", "plain", made.to_bytes()),
        ("exhibit", "three", made.to_bytes()),
        ("policy", "group", policy.into_bytes()),
        ("leaf", "record", record.leaf.clone()),
        (
            "disclosure",
            "text",
            record.disclosures[2].encoded().as_bytes().to_vec(),
        ),
        (
            "presentation",
            "three",
            made.presentation().to_string().into_bytes(),
        ),
        (
            "add_checkpoint",
            "grown",
            submit::request(20, &proof, &head(&log, &[])),
        ),
    ];
    for (target, name, bytes) in seeds {
        std::fs::create_dir_all(corpus(target)).unwrap();
        std::fs::write(corpus(target).join(name), bytes).unwrap();
    }
}
