//! Identifiers on the wire. All are fixed-width and opaque; none carries a name. Section "Names" of the specification.

use crate::wire::{Malformed, Reader, Wire};
use core::fmt;

macro_rules! opaque {
    ($(#[$m:meta])* $name:ident, $len:literal) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                for byte in self.0.iter().take(4) {
                    write!(f, "{byte:02x}")?;
                }
                write!(f, "…)")
            }
        }

        impl Wire for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.0);
            }
            fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(Self(input.array()?))
            }
        }
    };
}

opaque!(
    /// Anyone who signs an envelope: an agency's node, a key-holder, the exchange, a witness, the overseer.
    PartyId, 16
);
opaque!(
    /// Who is told: an agency's safeguarding desk, a custodian desk or a shield desk.
    DeskId, 16
);
opaque!(
    /// One sharing agreement in force. Rows meet only within a scope.
    ScopeId, 16
);
opaque!(
    /// A subject as its holder names it to others: 16 random bytes, the same for all keys and epochs.
    Handle, 16
);
opaque!(
    /// A row in the index: random, and new at every seal.
    RowId, 16
);
opaque!(
    /// The pseudorandom name of one match-key value in one scope and epoch.
    Token, 16
);
opaque!(
    /// One message. A repeat of the same bytes is idempotent; other bytes under the same id are evidence.
    MessageId, 16
);
opaque!(
    /// One pair of rows that met: the hash of the two row ids in order.
    HitId, 32
);
opaque!(
    /// A SHA-256 digest.
    Digest, 32
);
opaque!(
    /// An Ed25519 public key.
    PublicKey, 32
);
opaque!(
    /// An Ed25519 signature.
    Signature, 64
);

/// The number of an epoch. A new one begins yearly, or at once on compromise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

impl Wire for Epoch {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(u32::read(input)?))
    }
}

/// Microseconds since 1970-01-01 UTC. Always an argument, never read from a clock here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// One second.
    pub const SECOND: i64 = 1_000_000;
    /// One hour.
    pub const HOUR: i64 = 3_600 * Self::SECOND;
    /// One day.
    pub const DAY: i64 = 24 * Self::HOUR;

    /// The day it falls on, UTC, as days since 1970; 0 for any day before.
    pub fn day(self) -> u32 {
        u32::try_from(self.0.div_euclid(Self::DAY)).unwrap_or(0)
    }
    /// This time plus a number of microseconds, saturating.
    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
    /// Microseconds from `earlier` to this time, saturating; negative if `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Wire for Micros {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(i64::read(input)?))
    }
}

impl HitId {
    /// The id of the hit between two rows, the same whichever came first.
    pub fn of(a: RowId, b: RowId) -> Self {
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        Digest::of(&[b"dlx/hit", &low.0, &high.0]).into()
    }
}

impl From<Digest> for HitId {
    fn from(digest: Digest) -> Self {
        Self(digest.0)
    }
}

impl Digest {
    /// SHA-256 over the parts, one after another. Callers start with a context string and use fixed-width parts.
    pub fn of(parts: &[&[u8]]) -> Self {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}
