//! The exchange's targets for cargo-fuzz: the first byte picks the parser, the rest is its input.
#![no_main]

#[path = "../src/exchange.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((pick, rest)) = bytes.split_first() {
        let (_, target) = targets::TARGETS[usize::from(*pick) % targets::TARGETS.len()];
        target(rest);
    }
});
