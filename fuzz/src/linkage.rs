//! What must hold for any bytes given to linkage's readers: no panic, and what is read is read the same again.
//!
//! Plain functions over bytes. `crates/linkage/tests/it/fuzz.rs` drives them on stable Rust from the committed corpus;
//! `fuzz_targets/` hands them to cargo-fuzz where a nightly compiler exists.

use linkage::{
    LinkError,
    compare::Scratch,
    index::Index,
    model::Model,
    profile::profile,
    read::{Encoding, Input, ReadOptions, read_inputs},
    settings::Settings,
    splink,
    table::Table,
};

/// A function over bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus folder.
pub const TARGETS: [(&str, Target); 8] = [
    ("csv", csv),
    ("parquet", parquet),
    ("settings_toml", settings_toml),
    ("settings_json", settings_json),
    ("model", model),
    ("splink", import),
    ("index", index),
    ("log", log),
];

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn read(name: &str, bytes: &[u8], skip_bad_rows: bool, encoding: Encoding) -> Result<Table, LinkError> {
    let options = ReadOptions {
        skip_bad_rows,
        encoding,
        ..Default::default()
    };
    read_inputs(&[Input::Bytes(name, bytes)], &options)
}

/// Every column has a code for every record, and every code a value that is text.
fn whole(t: &Table) {
    for c in &t.columns {
        assert_eq!(c.codes.len(), t.len());
        for code in &c.codes {
            assert!(*code as usize <= c.values.len());
            assert!(std::str::from_utf8(c.values.get(*code)).is_ok());
        }
    }
}

/// CSV in every encoding; what is read without skipping is read the same with it. Whatever is read can be profiled,
/// folded and compared.
pub fn csv(bytes: &[u8]) {
    for encoding in [Encoding::Utf8, Encoding::Windows1252, Encoding::Utf16] {
        let strict = read("f.csv", bytes, false, encoding);
        let lenient = read("f.csv", bytes, true, encoding);
        if let Ok(t) = &lenient {
            whole(t);
        }
        if let (Ok(a), Ok(b)) = (&strict, &lenient) {
            assert!(a.len() == b.len() && b.skipped.total() == 0);
        }
        assert!(strict.is_err() || lenient.is_ok());
        if let Ok(mut t) = lenient {
            let mut p = profile(&t);
            if let Ok(r) = Settings::default().prepare(&mut t, &mut p) {
                let mut scratch = Scratch::new(r.fields.len(), 4);
                let last = u32::try_from(r.len).unwrap_or(1) - 1;
                let there = r.pattern(0, last, &mut scratch);
                assert_eq!(there, r.pattern(last, 0, &mut scratch));
            }
        }
    }
}

/// Parquet.
pub fn parquet(bytes: &[u8]) {
    if let Ok(t) = read("f.parquet", bytes, true, Encoding::Utf8) {
        whole(&t);
    }
}

fn again(s: &Settings) {
    let json = serde_json::to_string(s).unwrap_or_default();
    // a number that JSON cannot say, such as an infinity in TOML, must have been refused
    assert_eq!(Settings::parse(&json, false).as_ref().ok(), Some(s), "{json}");
}

/// Settings in TOML.
pub fn settings_toml(bytes: &[u8]) {
    if let Ok(s) = Settings::parse(text(bytes), true) {
        again(&s);
    }
}

/// Settings in JSON.
pub fn settings_json(bytes: &[u8]) {
    if let Ok(s) = Settings::parse(text(bytes), false) {
        again(&s);
    }
}

/// A model: written and read again it is the same, and no score is anything but a number.
pub fn model(bytes: &[u8]) {
    if let Ok(m) = Model::from_json(text(bytes)) {
        let json = m.to_json().unwrap_or_default();
        assert_eq!(Model::from_json(&json).as_ref().ok(), Some(&m));
        let scorer = m.scorer();
        for pattern in [0, u64::MAX, 0x1111_1111_1111_1111, 0x0123_4567_89ab_cdef] {
            assert!(scorer.score(pattern).is_finite());
            let e = scorer.explain(&m, pattern);
            let sum: f64 = e.parts.iter().map(|p| p.bits).sum();
            assert!(
                (sum - e.score).abs() < 1e-6 * (1.0 + sum.abs()),
                "{sum} {}",
                e.score
            );
        }
    }
}

/// A Splink file: what is imported are settings that can be written and read.
pub fn import(bytes: &[u8]) {
    if let Ok(i) = splink::import(text(bytes)) {
        again(&i.settings);
    }
}

/// An index: what is read is written as the same bytes, and answers.
pub fn index(bytes: &[u8]) {
    if let Ok(mut i) = Index::read("index", bytes) {
        let mut again = Vec::new();
        assert!(i.write(&mut again).is_ok() && again == bytes);
        for record in 0..u32::try_from(i.len()).unwrap_or(0).min(3) {
            let id = i.id(record).to_owned();
            let _ = i.cluster(&id);
        }
    }
}

/// The log of a small index: whatever was applied, the index can be written and read.
pub fn log(bytes: &[u8]) {
    static SMALL: &[u8] = include_bytes!("../corpus/linkage/index/small");
    let Ok(mut i) = Index::read("index", SMALL) else {
        return;
    };
    let _ = i.replay("log", bytes);
    let mut out = Vec::new();
    assert!(i.write(&mut out).is_ok());
    assert!(Index::read("index", out.as_slice()).is_ok_and(|j| j.len() == i.len()));
}
