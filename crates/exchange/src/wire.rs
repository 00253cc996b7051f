//! The one byte form: fixed order, big-endian, length-prefixed, no optional fields, trailing bytes refused.
//! Every value has exactly one encoding, so equal bytes and equal values are the same thing.

use core::fmt;

/// Longest byte string, text or list body accepted anywhere, in bytes. Larger is refused before it is allocated.
pub const LONGEST: usize = 4 << 20;

/// Why bytes are not a value. Carries no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end inside a field.
    #[error("truncated")]
    Truncated,
    /// Bytes follow the last field.
    #[error("trailing bytes")]
    Trailing,
    /// A length is over its limit.
    #[error("too long")]
    TooLong,
    /// A code is not one of those defined.
    #[error("unknown code")]
    UnknownCode,
    /// Text is not UTF-8.
    #[error("text is not utf-8")]
    NotText,
    /// A value is encoded in another form than its one form.
    #[error("not canonical")]
    NotCanonical,
}

/// A position in bytes being read.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({} left)", self.rest.len())
    }
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or(Malformed::Truncated)?;
        self.rest = tail;
        Ok(head)
    }
    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed::Truncated)
    }
    /// A `u32` length, at most [`LONGEST`] and at most what is left.
    pub fn length(&mut self) -> Result<usize, Malformed> {
        let n = usize::try_from(u32::read(self)?).map_err(|_| Malformed::TooLong)?;
        match n {
            n if n > LONGEST => Err(Malformed::TooLong),
            n if n > self.rest.len() => Err(Malformed::Truncated),
            n => Ok(n),
        }
    }
    /// Refuses anything left over.
    pub fn finish(self) -> Result<(), Malformed> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed::Trailing)
        }
    }
}

/// A value with one byte form.
pub trait Wire: Sized {
    /// Appends the byte form.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads one value, leaving what follows it.
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// The byte form of a value.
pub fn encode<T: Wire>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

/// The value of a byte form; the whole of `bytes` must be used.
pub fn decode<T: Wire>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl Wire for $t {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
                Ok(Self::from_be_bytes(input.array()?))
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, i64);

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::read(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed::NotCanonical),
        }
    }
}

impl<const N: usize> Wire for [u8; N] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        input.array()
    }
}

/// A byte string with a `u32` length before it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Wire for Blob {
    fn write(&self, out: &mut Vec<u8>) {
        length(self.0.len()).write(out);
        out.extend_from_slice(&self.0);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let n = input.length()?;
        Ok(Self(input.take(n)?.to_vec()))
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        length(self.len()).write(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let n = input.length()?;
        let text = core::str::from_utf8(input.take(n)?).map_err(|_| Malformed::NotText)?;
        Ok(text.to_owned())
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        length(self.len()).write(out);
        for item in self {
            item.write(out);
        }
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        // every element takes at least one byte, so a count above what is left is refused before allocation
        let n = input.length()?;
        let mut items = Self::with_capacity(n.min(4096));
        for _ in 0..n {
            items.push(T::read(input)?);
        }
        Ok(items)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((A::read(input)?, B::read(input)?))
    }
}

/// A length as it is written. Nothing longer than `u32::MAX` is ever built: encoders are bounded by [`LONGEST`].
fn length(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Declares a struct whose byte form is its fields in order. One declared `private` shows nothing of itself in logs.
macro_rules! wire_struct {
    (private $(#[$m:meta])* pub struct $name:ident { $($fields:tt)* }) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
        $crate::wire::wire_struct!(@form $(#[$m])* #[derive(Clone, PartialEq, Eq)] pub struct $name { $($fields)* });
    };
    ($(#[$m:meta])* pub struct $name:ident { $($fields:tt)* }) => {
        $crate::wire::wire_struct!(@form $(#[$m])* #[derive(Clone, Debug, PartialEq, Eq)] pub struct $name { $($fields)* });
    };
    (@form $(#[$m:meta])* pub struct $name:ident { $( $(#[$fm:meta])* pub $field:ident : $t:ty ),* $(,)? }) => {
        $(#[$m])*
        pub struct $name { $( $(#[$fm])* pub $field: $t ),* }

        impl $crate::wire::Wire for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $( $crate::wire::Wire::write(&self.$field, out); )*
            }
            fn read(input: &mut $crate::wire::Reader<'_>) -> Result<Self, $crate::wire::Malformed> {
                Ok(Self { $( $field: $crate::wire::Wire::read(input)? ),* })
            }
        }
    };
}
pub(crate) use wire_struct;

/// Declares a set of one-byte codes.
macro_rules! wire_code {
    ($(#[$m:meta])* pub enum $name:ident { $( $(#[$vm:meta])* $variant:ident = $code:literal ),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$vm])* $variant = $code ),* }

        impl $name {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];
            /// The code as written.
            pub fn code(self) -> u8 {
                self as u8
            }
        }

        impl $crate::wire::Wire for $name {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }
            fn read(input: &mut $crate::wire::Reader<'_>) -> Result<Self, $crate::wire::Malformed> {
                match <u8 as $crate::wire::Wire>::read(input)? {
                    $( $code => Ok(Self::$variant), )*
                    _ => Err($crate::wire::Malformed::UnknownCode),
                }
            }
        }
    };
}
pub(crate) use wire_code;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    wire_struct! {
        /// A value of every shape.
        pub struct Sample {
            /// number
            pub a: u16,
            /// list
            pub b: Vec<u32>,
            /// text
            pub c: String,
        }
    }

    #[test]
    fn one_form_and_no_other() {
        let value = Sample {
            a: 7,
            b: vec![1, 2],
            c: "ok".to_owned(),
        };
        let bytes = encode(&value);
        assert_eq!(
            bytes,
            [0, 7, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, b'o', b'k']
        );
        assert_eq!(decode::<Sample>(&bytes), Ok(value));
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(decode::<Sample>(&longer), Err(Malformed::Trailing));
        assert_eq!(
            decode::<Sample>(&bytes[..bytes.len() - 1]),
            Err(Malformed::Truncated)
        );
    }

    #[test]
    fn a_huge_count_is_refused_before_it_is_allocated() {
        assert_eq!(
            decode::<Vec<u32>>(&[0xff, 0xff, 0xff, 0xff]),
            Err(Malformed::TooLong)
        );
        assert_eq!(decode::<Vec<u32>>(&[0, 0, 1, 0]), Err(Malformed::Truncated));
    }
}
