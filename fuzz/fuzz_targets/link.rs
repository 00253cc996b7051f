//! Every target of the review page in one: the first byte chooses which.
//!
//! `cargo +nightly fuzz run link`
#![no_main]

#[path = "../src/link.rs"]
mod link_targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((choice, rest)) = bytes.split_first() {
        let targets = link_targets::TARGETS;
        if let Some((_, target)) = targets.get(usize::from(*choice) % targets.len()) {
            target(rest);
        }
    }
});
