//! What must hold for any bytes a browser, or anybody else on the machine, sends to the review page of `link label`.
//!
//! Plain functions over bytes. `crates/link/tests/it/fuzz.rs` drives them on stable Rust from the committed corpus;
//! `fuzz_targets/` hands them to cargo-fuzz where a nightly compiler exists.

use link::page::{self, LONGEST};

/// A function over bytes.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus folder.
pub const TARGETS: [(&str, Target); 1] = [("request", request)];

/// A request is bounded, is what the bytes say and no more, does not change when more bytes arrive, and what it names cannot
/// leave the answer's head.
pub fn request(bytes: &[u8]) {
    let read = page::request(bytes);
    let more = [bytes, b"answer=end"].concat();
    match &read {
        Ok(None) => assert!(bytes.len() <= 2 * LONGEST + 4, "never said to be too long"),
        Err(_) => assert!(page::request(&more).is_err(), "refused, then taken"),
        Ok(Some(r)) => {
            assert_eq!(
                page::request(&more).as_ref(),
                Ok(&read.clone().unwrap_or_default())
            );
            assert!(r.body.len() <= LONGEST && r.path.len() + r.host.len() <= bytes.len());
            assert!(!r.path.contains(['\r', '\n', ' ']) && !r.host.contains(['\r', '\n']));
            let whole = [r.path.as_bytes(), r.host.as_bytes(), r.body.as_bytes()];
            assert!(whole.iter().all(|part| within(part, bytes)));
            for name in ["answer", "pair"] {
                if let Some(value) = page::field(&r.body, name) {
                    assert!(!value.contains('&') && r.body.contains(&format!("{name}={value}")));
                }
            }
            assert_eq!(page::see(&r.path).matches("\r\n").count(), 5);
        }
    }
}

fn within(part: &[u8], bytes: &[u8]) -> bool {
    part.is_empty() || bytes.windows(part.len()).any(|w| w == part)
}
