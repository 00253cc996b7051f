//! Every parser of bytes from outside, driven from a committed corpus and small changes of it.
//!
//! The functions and the corpus are in `fuzz/` at the root of the repository. To write the corpus again after a format
//! has changed: `cargo test -p exchange --test it -- --ignored write_corpus`.

#[path = "../../../../fuzz/src/exchange.rs"]
mod targets;

use crate::messages;
use proptest::prelude::*;
use std::path::PathBuf;

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus/exchange")
        .join(target)
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(corpus(target))
        .unwrap_or_else(|_| panic!("no corpus for {target}"))
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no corpus for {target}");
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Some changes of a seed: cut short, a byte changed, a piece doubled or dropped. The same every time.
fn changes(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec(), Vec::new(), [seed, &[0]].concat()];
    let step = (seed.len() / 61).max(1);
    for place in (0..seed.len()).step_by(step) {
        all.push(seed[..place].to_vec());
        for byte in [0, 1, 0xff, seed[place] ^ 1, seed[place].wrapping_add(1)] {
            let mut changed = seed.to_vec();
            changed[place] = byte;
            all.push(changed);
        }
        let end = (place + 5).min(seed.len());
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_pass_every_target(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (_, target) in targets::TARGETS {
            target(&bytes);
        }
    }
}

#[test]
#[ignore = "writes the corpus; run after a format has changed"]
fn write_corpus() {
    for (name, bytes) in messages::samples() {
        let folder = corpus(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("sample"), bytes).unwrap();
    }
}
