//! Statement text: the one place where SQL is put together.

use super::{EngineKind, Val};

/// Where a placeholder goes, until it is known for which engine; never in a statement's own text.
const HERE: char = '\u{1}';

/// A statement and its values. Every piece of text is `&'static str` or a placeholder this type numbered itself.
///
/// The placeholders it numbers become `$1 … $n` for PostgreSQL and `?` for SQLite, which looks named ones up one by one:
/// a statement of two thousand would cost four million steps.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Val>,
    /// Whether `text` came with its own `$1 … $n`; the two kinds do not mix on SQLite.
    numbered: bool,
}

impl Sql {
    /// Begins with `text`, which holds no placeholder.
    pub(crate) fn new(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
            numbered: false,
        }
    }

    /// A whole statement with its values for `$1 … $n`.
    pub(crate) fn with<const N: usize>(text: &'static str, values: [Val; N]) -> Self {
        Self {
            text: text.to_owned(),
            values: values.into(),
            numbered: true,
        }
    }

    /// Adds text.
    #[must_use]
    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds several pieces of text with `between` between them.
    #[must_use]
    pub(crate) fn joined(
        mut self,
        pieces: impl IntoIterator<Item = &'static str>,
        between: &'static str,
    ) -> Self {
        for (n, piece) in pieces.into_iter().enumerate() {
            if n > 0 {
                self.text.push_str(between);
            }
            self.text.push_str(piece);
        }
        self
    }

    /// Adds the next placeholder.
    #[must_use]
    pub(crate) fn arg(mut self, value: impl Into<Val>) -> Self {
        self.push(value.into());
        self
    }

    /// Adds `($4, $5, …)`. The count is rounded up to a power of two by saying the last value again, so that the
    /// engine sees few different texts; an empty list becomes `(NULL)`, which contains nothing.
    #[must_use]
    pub(crate) fn list(mut self, values: impl IntoIterator<Item = Val>) -> Self {
        let mut values: Vec<Val> = values.into_iter().collect();
        let Some(last) = values.last().cloned() else {
            self.text.push_str("(NULL)");
            return self;
        };
        values.resize(values.len().next_power_of_two(), last);
        self.text.push('(');
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.text.push(',');
            }
            self.push(value);
        }
        self.text.push(')');
        self
    }

    /// Adds `($4,$5),($6,$7),…`: one parenthesis a row.
    #[must_use]
    pub(crate) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Val>>) -> Self {
        for (n, row) in rows.into_iter().enumerate() {
            self.text.push_str(if n > 0 { ",(" } else { "(" });
            for (m, value) in row.into_iter().enumerate() {
                if m > 0 {
                    self.text.push(',');
                }
                self.push(value);
            }
            self.text.push(')');
        }
        self
    }

    fn push(&mut self, value: Val) {
        use std::fmt::Write;
        self.values.push(value);
        if self.numbered {
            let _ = write!(self.text, "${}", self.values.len());
        } else {
            self.text.push(HERE);
        }
    }

    /// The text as `kind` reads it, and the values.
    pub(super) fn into_parts(self, kind: EngineKind) -> (String, Vec<Val>) {
        use std::fmt::Write;
        if self.numbered {
            return (self.text, self.values);
        }
        if kind == EngineKind::Sqlite {
            return (self.text.replace(HERE, "?"), self.values);
        }
        let mut text = String::with_capacity(
            self.text
                .len()
                .saturating_add(self.values.len().saturating_mul(4)),
        );
        let mut pieces = self.text.split(HERE);
        text.push_str(pieces.next().unwrap_or_default());
        for (piece, number) in pieces.zip(1_u32..) {
            let _ = write!(text, "${number}{piece}");
        }
        (text, self.values)
    }
}

/// Splits `rows` into pieces whose sizes are 256, 64, 16, 4 and 1, largest first, so that multi-row statements have
/// few different texts and stay prepared, and none passes an engine's limit on placeholders.
pub(crate) fn pieces<T>(mut rows: Vec<T>) -> Vec<Vec<T>> {
    let mut out = Vec::new();
    for size in [256, 64, 16, 4, 1] {
        while rows.len() >= size {
            let rest = rows.split_off(size);
            out.push(rows);
            rows = rest;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn placeholders_are_numbered_across_pieces() {
        let sql = Sql::new("SELECT 1 WHERE a = ")
            .arg(7_i64)
            .text(" AND b IN ")
            .list([Val::I64(1), Val::I64(2), Val::I64(3)])
            .text(" AND c IN ")
            .list([]);
        let (text, values) = sql.clone().into_parts(EngineKind::Postgres);
        assert_eq!(
            text,
            "SELECT 1 WHERE a = $1 AND b IN ($2,$3,$4,$5) AND c IN (NULL)"
        );
        assert_eq!(values.last(), Some(&Val::I64(3)));
        let (text, _) = sql.into_parts(EngineKind::Sqlite);
        assert_eq!(text, "SELECT 1 WHERE a = ? AND b IN (?,?,?,?) AND c IN (NULL)");
        let own = Sql::with("SELECT $2, $1", [Val::Null, Val::Null])
            .text(" LIMIT ")
            .arg(1_i64);
        assert_eq!(own.into_parts(EngineKind::Sqlite).0, "SELECT $2, $1 LIMIT $3");
    }

    #[test]
    fn pieces_keep_every_row_in_order_and_have_few_sizes() {
        let pieces = pieces((0..345).collect());
        let sizes: Vec<usize> = pieces.iter().map(Vec::len).collect();
        assert_eq!(sizes, [256, 64, 16, 4, 4, 1]);
        assert_eq!(pieces.concat(), (0..345).collect::<Vec<_>>());
    }
}
