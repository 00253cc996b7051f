//! Every parser of text from outside, driven from a committed corpus, small changes of it, and any text at all.
//!
//! The functions and the corpus are in `fuzz/` at the root of the repository.

#[path = "../../../../fuzz/src/domain.rs"]
mod targets;

use std::path::PathBuf;

use proptest::prelude::*;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus/domain")
        .join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no corpus for {target}");
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// A seed cut short, doubled, and with each byte changed to others that matter to some parser.
fn changes(seed: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![seed.to_vec(), Vec::new(), [seed, seed].concat()];
    for place in 0..seed.len() {
        all.push(seed[..place].to_vec());
        all.push([&seed[..place], &seed[place + 1..]].concat());
        for byte in *b"\0 +-/.09zZ?@\xff" {
            let mut changed = seed.to_vec();
            changed[place] = byte;
            all.push(changed);
        }
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
    #[test]
    fn any_text_passes_every_target(
        any in ".{0,40}",
        digits in "[+0-9 ()/.-]{0,20}",
        letters in "[A-Za-z0-9? '’ßİ\u{308}-]{0,14}",
    ) {
        for (_, target) in targets::TARGETS {
            for text in [&any, &digits, &letters] {
                target(text.as_bytes());
            }
        }
    }
}
