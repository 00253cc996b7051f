//! Checking a receipt or exhibit that anybody brings, against keys given apart from it. Nothing is looked up: the answer
//! is the same for a record of this node and of any other, and says nothing of what is in the store.

use domain::record::Value;
use ledger::exhibit::{Exhibit, ExhibitError, Verified};
use ledger::policy::Policy;

/// What came of checking a file.
#[derive(Clone, PartialEq, Debug)]
pub enum Checked {
    /// It has not been changed: each entry it proves.
    Holds(Vec<Proven>),
    /// It does not match: something in it was changed, or it was not made by the record whose keys these are.
    Mismatch,
    /// It cannot be told with these keys, or it is not a whole receipt.
    CannotTell,
    /// The keys are not a policy file.
    NoKeys,
}

/// One entry that a file proves.
#[derive(Clone, PartialEq, Debug)]
pub struct Proven {
    /// Its place in the log.
    pub index: u64,
    /// The log's origin.
    pub log: String,
    /// Who recorded it, as it says.
    pub issuer: String,
    /// Whether their signature was checked with a key given apart.
    pub issuer_checked: bool,
    /// The key that signed the head of the log.
    pub signed_by: String,
    /// Witnesses with a key given apart that signed it, and when (seconds since 1970).
    pub witnessed: Vec<(String, u64)>,
    /// What it shows of the record: name and value.
    pub shown: Vec<(String, Value)>,
}

/// Checks a file against the keys in a policy file.
#[must_use]
pub fn check(file: &[u8], keys: &[u8]) -> Checked {
    let Ok(policy) = Policy::parse(keys) else {
        return Checked::NoKeys;
    };
    let refused = |error: &ExhibitError| {
        if error.is_mismatch() {
            Checked::Mismatch
        } else {
            Checked::CannotTell
        }
    };
    // What cannot be read may only have been copied in part: that is no sign of a change.
    let Ok(exhibits) = Exhibit::parse_all(file) else {
        return Checked::CannotTell;
    };
    let mut entries = Vec::new();
    for exhibit in &exhibits {
        match exhibit.verify(&policy) {
            Ok(verified) => entries.push(proven(exhibit, &verified)),
            Err(error) => return refused(&error),
        }
    }
    Checked::Holds(entries)
}

fn proven(exhibit: &Exhibit, verified: &Verified) -> Proven {
    let (leaf, proof) = (exhibit.presentation().leaf(), exhibit.proof());
    let fields = exhibit.presentation().shown();
    Proven {
        index: proof.index,
        log: proof.checkpoint.checkpoint().origin.to_string(),
        issuer: leaf.issuer().to_string(),
        issuer_checked: verified.issuer_checked,
        signed_by: verified.judged.log.name().to_owned(),
        witnessed: verified.judged.witnessed.clone(),
        shown: fields
            .iter()
            .map(|field| (field.name().to_owned(), value(field.value())))
            .collect(),
    }
}

fn value(value: &ledger::leaf::Value) -> Value {
    use ledger::leaf::Value as L;
    match value {
        L::Text(text) => Value::Text(text.clone()),
        L::Int(number) => Value::Int(*number),
        L::Bool(truth) => Value::Bool(*truth),
        L::Time(micros) => Value::Time(domain::time::Instant(*micros)),
        L::List(items) => Value::List(items.clone()),
    }
}
