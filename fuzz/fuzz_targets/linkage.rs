//! Every linkage target in one: the first byte chooses which.
//!
//! `cargo +nightly fuzz run linkage`
#![no_main]

#[path = "../src/linkage.rs"]
mod linkage_targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((choice, rest)) = bytes.split_first() {
        let targets = linkage_targets::TARGETS;
        if let Some((_, target)) = targets.get(usize::from(*choice) % targets.len()) {
            target(rest);
        }
    }
});
