//! Statement text: the one place where SQL is put together.

use super::{EngineKind, Val};

/// Where a placeholder goes, until it is known for which engine; never in a statement's own text.
const HERE: char = '\u{1}';
/// Where a list goes, likewise.
const LIST: char = '\u{2}';

/// What one place of a statement takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Arg {
    One(Val),
    /// PostgreSQL only: all values of a list as one array.
    Many(Vec<Val>),
}

/// A statement and its values. Every piece of text is `&'static str` or a placeholder this type numbered itself.
///
/// The placeholders it numbers become `$1 … $n` for PostgreSQL and `?` for SQLite, which looks named ones up one by one:
/// a statement of two thousand would cost four million steps.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    args: Vec<Arg>,
    /// Whether `text` came with its own `$1 … $n`; the two kinds do not mix on SQLite.
    numbered: bool,
}

impl Sql {
    /// Begins with `text`, which holds no placeholder.
    pub(crate) fn new(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            args: Vec::new(),
            numbered: false,
        }
    }

    /// A whole statement with its values for `$1 … $n`.
    pub(crate) fn with<const N: usize>(text: &'static str, values: [Val; N]) -> Self {
        Self {
            text: text.to_owned(),
            args: values.map(Arg::One).into(),
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

    /// Adds ` IN (…)`, or on PostgreSQL ` = ANY($n)` with one array: a list of hundreds is then planned once, as the few
    /// index look-ups it is, whatever its length. Written out, it was planned anew for every length and compared
    /// with each row of a table that the planner still thought small. An empty list contains nothing.
    #[must_use]
    pub(crate) fn among(mut self, values: impl IntoIterator<Item = Val>) -> Self {
        self.text.push(LIST);
        self.args.push(Arg::Many(values.into_iter().collect()));
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
        self.args.push(Arg::One(value));
        if self.numbered {
            let _ = write!(self.text, "${}", self.args.len());
        } else {
            self.text.push(HERE);
        }
    }

    /// The text as `kind` reads it, and what its places take.
    pub(super) fn into_parts(self, kind: EngineKind) -> (String, Vec<Arg>) {
        if self.numbered {
            return (self.text, self.args);
        }
        let room = self.args.len().saturating_mul(4);
        let mut text = String::with_capacity(self.text.len().saturating_add(room));
        let mut bound = Vec::with_capacity(self.args.len());
        let mut args = self.args.into_iter();
        for letter in self.text.chars() {
            match letter {
                HERE | LIST => {
                    if let Some(arg) = args.next() {
                        place(&mut text, &mut bound, arg, kind);
                    }
                }
                other => text.push(other),
            }
        }
        (text, bound)
    }
}

/// Writes the place of one argument.
fn place(text: &mut String, bound: &mut Vec<Arg>, arg: Arg, kind: EngineKind) {
    use std::fmt::Write;
    let number = bound.len().saturating_add(1);
    match (arg, kind) {
        (Arg::Many(values), _) if values.is_empty() => text.push_str(" IN (NULL)"),
        (Arg::Many(values), EngineKind::Postgres) => {
            let _ = write!(text, " = ANY(${number})");
            bound.push(Arg::Many(values));
        }
        (Arg::Many(mut values), EngineKind::Sqlite) => {
            // Rounded up to a power of two by saying the last again, so that few different texts stay prepared.
            if let Some(last) = values.last().cloned() {
                values.resize(values.len().next_power_of_two(), last);
            }
            text.push_str(" IN (?");
            text.extend(std::iter::repeat_n(",?", values.len().saturating_sub(1)));
            text.push(')');
            bound.extend(values.into_iter().map(Arg::One));
        }
        (one, EngineKind::Postgres) => {
            let _ = write!(text, "${number}");
            bound.push(one);
        }
        (one, EngineKind::Sqlite) => {
            text.push('?');
            bound.push(one);
        }
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
        let list = [Val::I64(1), Val::I64(2), Val::I64(3)];
        let sql = Sql::new("SELECT 1 WHERE a = ")
            .arg(7_i64)
            .text(" AND b")
            .among(list.clone())
            .text(" AND c")
            .among([])
            .text(" LIMIT ")
            .arg(5_i64);
        let (text, args) = sql.clone().into_parts(EngineKind::Postgres);
        assert_eq!(
            text,
            "SELECT 1 WHERE a = $1 AND b = ANY($2) AND c IN (NULL) LIMIT $3"
        );
        assert_eq!(args.get(1), Some(&Arg::Many(list.into())));
        let (text, args) = sql.into_parts(EngineKind::Sqlite);
        assert_eq!(
            text,
            "SELECT 1 WHERE a = ? AND b IN (?,?,?,?) AND c IN (NULL) LIMIT ?"
        );
        let numbers = [7, 1, 2, 3, 3, 5].map(|number| Arg::One(Val::I64(number)));
        assert_eq!(args, numbers);
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
