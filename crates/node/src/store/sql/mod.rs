//! One thin layer over two engines: values, rows, statement text, transactions.
//!
//! A statement is one text with `$1 … $n` that both SQLite and PostgreSQL read. Text is put together in one place,
//! [`Sql`], out of `&'static str` pieces and numbered placeholders only, so no value can ever become text. Types are
//! those both engines have: 64-bit whole numbers, text, bytes, booleans.

mod engine;
mod error;
mod put;
mod text;

pub(crate) use engine::{Engine, EngineKind, Tx};
pub(crate) use error::{Fate, SqlError, retrying};
pub(crate) use text::{Sql, pieces};

/// A value bound to a statement or read from a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Val {
    /// No value. Takes whatever type the column has.
    Null,
    /// A whole number, also times (microseconds UTC) and log indices.
    I64(i64),
    /// Text.
    Text(String),
    /// Bytes: ids, hashes, sealed content.
    Bytes(Vec<u8>),
    /// True or false. SQLite keeps it as 0 or 1 and reads back [`Val::I64`]; [`Row::flag`] takes either.
    Bool(bool),
}

macro_rules! val_from {
    ($($from:ty => |$it:ident| $make:expr;)+) => {$(
        impl From<$from> for Val { fn from($it: $from) -> Self { $make } }
    )+};
}

val_from! {
    i64 => |it| Self::I64(it);
    u32 => |it| Self::I64(i64::from(it));
    u8 => |it| Self::I64(i64::from(it));
    u64 => |it| Self::I64(i64::try_from(it).unwrap_or(i64::MAX));
    bool => |it| Self::Bool(it);
    &str => |it| Self::Text(it.to_owned());
    String => |it| Self::Text(it);
    &[u8] => |it| Self::Bytes(it.to_vec());
    Vec<u8> => |it| Self::Bytes(it);
    [u8; 16] => |it| Self::Bytes(it.to_vec());
    [u8; 32] => |it| Self::Bytes(it.to_vec());
    domain::id::StreamId => |it| Self::Bytes(it.0.to_vec());
    domain::id::RecordId => |it| Self::Bytes(it.0.to_vec());
    domain::id::SubjectId => |it| Self::Bytes(it.0.to_vec());
    domain::id::DutyId => |it| Self::Bytes(it.0.to_vec());
    domain::id::PractitionerId => |it| Self::Bytes(it.0.to_vec());
    &domain::id::PostId => |it| Self::Text(it.as_str().to_owned());
    domain::time::Instant => |it| Self::I64(it.0);
}

impl<T: Into<Self>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer, columns in the order of the `SELECT`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row(pub(crate) Vec<Val>);

impl Row {
    fn shape<T>(column: usize, found: Option<T>) -> Result<T, SqlError> {
        found.ok_or(SqlError::Shape { column })
    }

    /// The value of column `at`.
    pub(crate) fn val(&self, at: usize) -> Result<&Val, SqlError> {
        Self::shape(at, self.0.get(at))
    }

    /// A whole number.
    pub(crate) fn int(&self, at: usize) -> Result<i64, SqlError> {
        Self::shape(at, self.int_or_null(at)?)
    }

    /// A whole number, if there is one.
    pub(crate) fn int_or_null(&self, at: usize) -> Result<Option<i64>, SqlError> {
        match self.val(at)? {
            Val::I64(number) => Ok(Some(*number)),
            Val::Bool(truth) => Ok(Some(i64::from(*truth))),
            Val::Null => Ok(None),
            _ => Err(SqlError::Shape { column: at }),
        }
    }

    /// A whole number that is never negative: a size or an index.
    pub(crate) fn size(&self, at: usize) -> Result<u64, SqlError> {
        u64::try_from(self.int(at)?).map_err(|_| SqlError::Shape { column: at })
    }

    /// A count within one stream.
    pub(crate) fn count(&self, at: usize) -> Result<u32, SqlError> {
        u32::try_from(self.int(at)?).map_err(|_| SqlError::Shape { column: at })
    }

    /// A time.
    pub(crate) fn time(&self, at: usize) -> Result<domain::time::Instant, SqlError> {
        self.int(at).map(domain::time::Instant)
    }

    /// A time, if there is one.
    pub(crate) fn time_or_null(&self, at: usize) -> Result<Option<domain::time::Instant>, SqlError> {
        Ok(self.int_or_null(at)?.map(domain::time::Instant))
    }

    /// True or false.
    pub(crate) fn flag(&self, at: usize) -> Result<bool, SqlError> {
        Ok(self.int(at)? != 0)
    }

    /// Text.
    pub(crate) fn text(&self, at: usize) -> Result<String, SqlError> {
        Self::shape(at, self.text_or_null(at)?)
    }

    /// Text, if there is any.
    pub(crate) fn text_or_null(&self, at: usize) -> Result<Option<String>, SqlError> {
        match self.val(at)? {
            Val::Text(text) => Ok(Some(text.clone())),
            Val::Null => Ok(None),
            _ => Err(SqlError::Shape { column: at }),
        }
    }

    /// Bytes.
    pub(crate) fn bytes(&self, at: usize) -> Result<Vec<u8>, SqlError> {
        Self::shape(at, self.bytes_or_null(at)?)
    }

    /// Bytes, if there are any.
    pub(crate) fn bytes_or_null(&self, at: usize) -> Result<Option<Vec<u8>>, SqlError> {
        match self.val(at)? {
            Val::Bytes(bytes) => Ok(Some(bytes.clone())),
            Val::Null => Ok(None),
            _ => Err(SqlError::Shape { column: at }),
        }
    }

    /// Bytes of a known length: an id or a hash.
    pub(crate) fn fixed<const N: usize>(&self, at: usize) -> Result<[u8; N], SqlError> {
        Self::shape(at, self.fixed_or_null(at)?)
    }

    /// Bytes of a known length, if there are any.
    pub(crate) fn fixed_or_null<const N: usize>(&self, at: usize) -> Result<Option<[u8; N]>, SqlError> {
        match self.val(at)? {
            Val::Bytes(bytes) => {
                let fixed = <[u8; N]>::try_from(bytes.as_slice());
                fixed.map(Some).map_err(|_| SqlError::Shape { column: at })
            }
            Val::Null => Ok(None),
            _ => Err(SqlError::Shape { column: at }),
        }
    }
}
