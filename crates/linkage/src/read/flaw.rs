//! Why a row cannot be used, and the account of rows that were left out because somebody chose so.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// More or fewer fields than the header.
    FieldCount,
    /// A quoted field that never ends, or text after its end.
    Quotes,
    /// A field longer than is allowed.
    TooLong,
    /// Bytes that are no text in the encoding of the file.
    Encoding,
    /// No identifier.
    NoIdentifier,
    /// An identifier that an earlier row of the file has.
    RepeatedIdentifier,
}

impl Flaw {
    /// In words, after a count of rows.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::FieldCount => "with more or fewer fields than the header",
            Self::Quotes => "with quotes that do not pair",
            Self::TooLong => "with a field that is too long",
            Self::Encoding => "with bytes that are no text",
            Self::NoIdentifier => "without an identifier",
            Self::RepeatedIdentifier => "with an identifier that an earlier row has",
        }
    }
}

/// One row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, where one is to blame.
    pub column: Option<String>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// Rows that were left out: how many for each reason, and where the first ones were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skips {
    /// Rows by reason.
    pub rows: BTreeMap<Flaw, u64>,
    /// The first of them.
    pub first: Vec<Skip>,
}

/// How many places are kept.
pub(super) const PLACES: usize = 20;

impl Skips {
    /// Rows left out in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Counts rows.
    pub(super) fn count(&mut self, flaw: Flaw, rows: u64) {
        *self.rows.entry(flaw).or_default() += rows;
    }

    /// Keeps a place, while there are few.
    pub(super) fn place(&mut self, skip: Skip) {
        if self.first.len() < PLACES {
            self.first.push(skip);
        }
    }

    /// One sentence per reason.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        self.rows
            .iter()
            .map(|(flaw, n)| {
                let rows = if *n == 1 { "row" } else { "rows" };
                format!("{n} {rows} {} left out", flaw.words())
            })
            .collect()
    }
}
