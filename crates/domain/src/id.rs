//! Names for things that stay the same while everything about them changes.
//!
//! Sixteen-byte ids are time-ordered when they are keys in the store and random when a person or another
//! agency can see them; which of the two is the maker's business (`node`), not this module's.

use std::fmt;
use std::str::FromStr;

/// Why text is not an id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum IdError {
    /// A sixteen-byte id is 32 hexadecimal digits.
    #[error("an id is 32 hexadecimal digits")]
    NotHex,
    /// Agency and post codes are short, lower-case and plain.
    #[error("a code has 1 to 40 characters: lower-case letters, digits and hyphens")]
    NotCode,
    /// A post's id names its agency.
    #[error("a post is written agency/post")]
    NotPost,
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn parse_hex(text: &str) -> Result<[u8; 16], IdError> {
    if text.len() != 32 {
        return Err(IdError::NotHex);
    }
    let mut out = [0_u8; 16];
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        match pair {
            [high, low] => {
                let (high, low) = (hex_digit(*high), hex_digit(*low));
                *slot = high.zip(low).map(|(h, l)| h << 4 | l).ok_or(IdError::NotHex)?;
            }
            _ => return Err(IdError::NotHex),
        }
    }
    Ok(out)
}

macro_rules! id16 {
    ($(#[$doc:meta] $name:ident;)+) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hex(text).map(Self)
            }
        }
    )+};
}

id16! {
    /// One stream of records: a concern, a sealed item, a practitioner, a piece of work, a hold, or one of the node's own affairs.
    StreamId;
    /// One record.
    RecordId;
    /// A child, adult, vehicle, phone, handle, device, place or organisation as mentioned in one concern.
    SubjectId;
    /// Something a post must do by a time.
    DutyId;
    /// A person who works here, whatever posts they hold. Never their name.
    PractitionerId;
}

fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// An agency's short code, such as `northmere`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AgencyId(String);

impl AgencyId {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AgencyId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        if is_code(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::NotCode)
        }
    }
}

impl fmt::Display for AgencyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A named responsibility, written `agency/post`, held by one practitioner at a time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PostId {
    text: String,
    slash: usize,
}

impl PostId {
    /// `agency/post`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The agency's code.
    pub fn agency(&self) -> &str {
        self.text.get(..self.slash).unwrap_or_default()
    }

    /// The post's code within its agency.
    pub fn post(&self) -> &str {
        self.text.get(self.slash.saturating_add(1)..).unwrap_or_default()
    }
}

impl FromStr for PostId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (agency, post) = text.split_once('/').ok_or(IdError::NotPost)?;
        if is_code(agency) && is_code(post) {
            Ok(Self {
                text: text.to_owned(),
                slash: agency.len(),
            })
        } else {
            Err(IdError::NotCode)
        }
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn ids_survive_being_written_and_read() {
        let id = StreamId([0xa5; 16]);
        assert_eq!(id.to_string().parse::<StreamId>(), Ok(id));
        assert_eq!("A5".repeat(16).parse::<StreamId>(), Err(IdError::NotHex));
    }

    #[test]
    fn a_post_names_its_agency() {
        let post: PostId = "northmere/hub-decision".parse().unwrap();
        assert_eq!((post.agency(), post.post()), ("northmere", "hub-decision"));
        assert_eq!("hub".parse::<PostId>(), Err(IdError::NotPost));
        assert_eq!("North/hub".parse::<PostId>(), Err(IdError::NotCode));
    }
}
