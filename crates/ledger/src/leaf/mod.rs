//! The one byte form of a record: the issuer-signed part of an SD-JWT (RFC 9901).
//!
//! Every field is a salted digest; none of it can be read from the log. The digests are padded with
//! decoys to 16, 32 or 64 and sorted, so that the log does not tell how many fields a record has.
//! A field is shown later by its *disclosure*: salt, name and value, whose digest is in the leaf.
//! `docs/spec/record.md` gives the bytes. Nothing else in this project writes a record's JSON.

mod disclosure;
mod issue;
mod parse;
mod presentation;
mod time;

pub use disclosure::Disclosure;
pub use issue::{Issuer, Record, Unsigned};
pub use parse::Leaf;
pub use presentation::Presentation;

use thiserror::Error;

/// Version of the byte form; stands in the clear in every leaf as `"v"`.
pub const VERSION: u32 = 1;

/// The most fields a record may have.
pub const MAX_FIELDS: usize = 64;

/// The most bytes all fields of a record may take together, written as JSON.
pub const MAX_CONTENT: usize = 64 * 1024;

/// The longest field name, in bytes.
pub const MAX_NAME: usize = 64;

/// Bytes of salt for each field.
pub const SALT: usize = 16;

/// Characters in a digest: SHA-256 in URL-safe base64 without padding.
const DIGEST: usize = 43;

/// A field's value. Whole numbers and times are 64-bit; times are microseconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A moment, in microseconds since 1970-01-01T00:00:00Z, from the year 1 to the year 9999.
    Time(i64),
    /// A list of texts.
    List(Vec<String>),
}

impl std::fmt::Display for Value {
    /// For people to read: text as it is, times in RFC 3339, lists with commas between.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Int(number) => write!(f, "{number}"),
            Value::Bool(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Value::Time(micros) => match time::to_text(*micros) {
                Some(text) => f.write_str(&text),
                None => write!(f, "{micros} microseconds from 1970"),
            },
            Value::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

/// A field to be recorded: its name, its value and 16 bytes of fresh randomness.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// 1 to 64 printable ASCII characters, no quote or backslash.
    pub name: &'a str,
    /// The value.
    pub value: &'a Value,
    /// Fresh and random for each field; whoever knows it can test guesses of the value.
    pub salt: [u8; SALT],
}

/// Why a record could not be made or read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LeafError {
    /// No field, or more than [`MAX_FIELDS`].
    #[error("a record holds from 1 to 64 fields, not {0}")]
    FieldCount(usize),
    /// The fields together are longer than [`MAX_CONTENT`].
    #[error("the record's fields take {0} bytes; a record holds at most 65,536")]
    TooLong(usize),
    /// A field name is empty, too long, has characters beyond printable ASCII, or is reserved by the format.
    #[error("a field name is empty, too long, reserved or not plain ASCII")]
    Name,
    /// Two fields have one name.
    #[error("two fields of the record have the same name")]
    NameTwice,
    /// A moment outside the years 1 to 9999.
    #[error("a time in the record lies outside the years 1 to 9999")]
    Time,
    /// Two fields share a salt, or a salt was used as another field's.
    #[error("two fields of the record were given the same salt")]
    SaltTwice,
    /// The signing key is not one that may sign records.
    #[error("this key cannot sign records")]
    Key,
    /// The bytes are not a record of this version.
    #[error("this is not a record in the form this software knows")]
    Form,
    /// A disclosure cannot be read.
    #[error("a disclosed field cannot be read")]
    Disclosure,
    /// A disclosure is not of this record.
    #[error("a disclosed field is not part of this record")]
    NotOfThisRecord,
    /// The same field is disclosed twice.
    #[error("a field is disclosed twice")]
    DisclosedTwice,
    /// Signed by another key than the one given.
    #[error("the record names another key than the one it was checked with")]
    OtherKey,
    /// The issuer's signature does not hold.
    #[error("the signature on the record does not hold")]
    Signature,
}

/// Names the format itself uses, or that software reading JSON web tokens acts on.
const RESERVED: [&str; 10] = [
    "_sd", "_sd_alg", "...", "iss", "v", "cls", "exp", "nbf", "aud", "cnf",
];

fn is_field_name(name: &str) -> bool {
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    plain && (1..=MAX_NAME).contains(&name.len()) && !RESERVED.contains(&name)
}

/// Texts that stand in the clear in the leaf: issuer and key id.
fn is_plain(text: &str) -> bool {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    plain && (1..=255).contains(&text.len())
}

/// How many digests a record of `fields` fields carries.
const fn padded(fields: usize) -> usize {
    if fields <= 16 {
        16
    } else if fields <= 32 {
        32
    } else {
        64
    }
}
