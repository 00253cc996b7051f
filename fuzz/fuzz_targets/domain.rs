//! Every domain target in one: the first byte chooses which.
//!
//! `cargo +nightly fuzz run domain`
#![no_main]

#[path = "../src/domain.rs"]
mod domain_targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((choice, rest)) = bytes.split_first() {
        let targets = domain_targets::TARGETS;
        if let Some((_, target)) = targets.get(usize::from(*choice) % targets.len()) {
            target(rest);
        }
    }
});
