//! The tables whose rows a command may put, replace or remove, and how each is written.
//!
//! A row is its key and the rest, in the order written here. Projections can be dropped and rebuilt from records; desk
//! tables are what is not record. The log's own tables are not here: only a batch writes them.

use super::sql::Val;

/// What a table is to the node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    /// Folded from records; [`super::Store::replace_projections`] rebuilds it.
    Projection,
    /// Not record: credentials, sessions, drafts, cursors.
    Desk,
}

/// A table as text: everything a statement on it needs, made when the program was.
#[derive(Debug)]
pub(crate) struct Spec {
    /// Its name.
    pub(crate) name: &'static str,
    /// Projection or desk.
    pub(crate) sort: Sort,
    /// How many columns the key has.
    pub(crate) keys: usize,
    /// How many columns follow the key.
    pub(crate) rest: usize,
    /// `INSERT INTO t (k…, c…) `.
    pub(crate) insert: &'static str,
    /// What follows the rows, so that a row with the same key is replaced.
    pub(crate) replace: &'static str,
    /// `DELETE FROM t WHERE (k…) IN (`.
    pub(crate) delete: &'static str,
    /// `SELECT k…, c… FROM t`.
    pub(crate) select: &'static str,
    /// ` WHERE (k…) IN `.
    pub(crate) by_key: &'static str,
    /// ` ORDER BY k…`.
    pub(crate) ordered: &'static str,
    /// `DELETE FROM t`.
    pub(crate) empty: &'static str,
}

macro_rules! columns {
    ($first:tt $(, $more:tt)*) => { concat!(stringify!($first) $(, ", ", stringify!($more))*) };
}

macro_rules! replace {
    ($keys:expr;) => { concat!(" ON CONFLICT (", $keys, ") DO NOTHING") };
    ($keys:expr; $first:tt $(, $more:tt)*) => {
        concat!(
            " ON CONFLICT (", $keys, ") DO UPDATE SET ", stringify!($first), " = excluded.", stringify!($first)
            $(, ", ", stringify!($more), " = excluded.", stringify!($more))*
        )
    };
}

macro_rules! tables {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal $sort:ident ($($key:tt),+) ($($col:tt),*);)+) => {
        /// A table a command may write, in the order in which a batch writes them.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub(crate) enum Table { $($(#[$doc])+ $variant,)+ }

        impl Table {
            /// Every table, in the order in which a batch writes them.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The table as text.
            pub(crate) const fn spec(self) -> &'static Spec {
                match self {
                    $(Self::$variant => &const { Spec {
                        name: $name,
                        sort: Sort::$sort,
                        keys: [$(stringify!($key)),+].len(),
                        rest: { const REST: &[&str] = &[$(stringify!($col)),*]; REST.len() },
                        insert: concat!("INSERT INTO ", $name, " (", columns!($($key),+ $(, $col)*), ") "),
                        replace: replace!(columns!($($key),+); $($col),*),
                        delete: concat!("DELETE FROM ", $name, " WHERE (", columns!($($key),+), ") IN ("),
                        select: concat!("SELECT ", columns!($($key),+ $(, $col)*), " FROM ", $name),
                        by_key: concat!(" WHERE (", columns!($($key),+), ") IN "),
                        ordered: concat!(" ORDER BY ", columns!($($key),+)),
                        empty: concat!("DELETE FROM ", $name),
                    } },)+
                }
            }
        }
    };
}

tables! {
    /// One row a concern.
    Concern = "concern" Projection (stream)
        (reference, tier, owner_post, team, told, recorded_last, state, urgent, length, route, category, reporter_stream);
    /// One row a duty.
    Duty = "duty" Projection (id)
        (stream, subject, kind, rule, post, practitioner, standing, told, due, provisional, state, rung, next_at,
         child_facing, owed_to, accepted_at, ended_at, lapsed_at);
    /// One row a subject.
    Subject = "subject" Projection (id) (stream, type, role, state);
    /// Who may know that a stream exists.
    Audience = "audience" Projection (principal, stream) (barred);
    /// Keyed search terms.
    Term = "term" Projection (term, stream, subject) ();
    /// How a post is told.
    Notice = "notice" Projection (id)
        (duty, rung, stream, post, practitioner, channel, state, at, tries, next_at);
    /// Who held which post.
    Holding = "holding" Projection (practitioner, post, from_at) (until_at);
    /// Who was shown the words of a stream, up to which entry.
    Shown = "shown" Projection (id) (stream, practitioner, post, up_to, at);
    /// How far each reader of the log has come.
    Cursor = "cursor" Desk (name) (idx);
    /// A way of signing in.
    Credential = "credential" Desk (id) (practitioner, kind, data, made_at, used_at, ended_at);
    /// A session.
    Session = "session" Desk (token_hash) (practitioner, made_at, seen_at, ends_at, data);
    /// A one-time invitation.
    Invitation = "invitation" Desk (token_hash) (practitioner, made_at, ends_at, used_at);
    /// What was begun and not finished: a passkey's challenge, a code's secret.
    Draft = "draft" Desk (id) (owner, at, ends_at, sealed);
    /// What was typed and not sent.
    Unsent = "unsent" Desk (id) (owner, at, ends_at, sealed);
    /// How somebody who reported finds the way back.
    WayBack = "way_back" Desk (code)
        (word_hash, reporter_stream, concern_stream, off, tries, next_try_at);
    /// How much a source has used up.
    RateLimit = "rate_limit" Desk (key) (full_at, count);
    /// Requests carried out: written through [`super::Command::idempotency`]; here so that old ones can be removed.
    Idempotency = "idempotency" Desk (key) (at, answer);
}

/// One row put (replacing any with the same key) or removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Change {
    /// The table.
    pub(crate) table: Table,
    /// The key's columns, in the order of [`Table`].
    pub(crate) key: Vec<Val>,
    /// The other columns, in the order of [`Table`]; `None` removes the row.
    pub(crate) row: Option<Vec<Val>>,
}

impl Change {
    /// Puts a row.
    pub(crate) fn put(table: Table, key: impl Into<Vec<Val>>, row: impl Into<Vec<Val>>) -> Self {
        Self {
            table,
            key: key.into(),
            row: Some(row.into()),
        }
    }

    /// Removes a row.
    pub(crate) fn remove(table: Table, key: impl Into<Vec<Val>>) -> Self {
        Self {
            table,
            key: key.into(),
            row: None,
        }
    }

    /// Whether the columns are as many as the table has.
    pub(crate) fn fits(&self) -> bool {
        let spec = self.table.spec();
        self.key.len() == spec.keys && self.row.as_ref().is_none_or(|row| row.len() == spec.rest)
    }
}

/// The changes that turn the rows `old` into the rows `new`: what a fold's projections were and what they are now.
///
/// Both are puts; a row in `old` alone is removed, a row that is the same in both is left alone.
pub(crate) fn difference(old: &[Change], new: &[Change]) -> Vec<Change> {
    use std::collections::BTreeMap;
    let before: BTreeMap<_, _> = old.iter().map(|c| ((c.table, &c.key), &c.row)).collect();
    let after: BTreeMap<_, _> = new.iter().map(|c| ((c.table, &c.key), &c.row)).collect();
    let gone = before.keys().filter(|at| !after.contains_key(*at));
    let removed = gone.map(|(table, key)| Change::remove(*table, (*key).clone()));
    let put = after.iter().filter(|(at, row)| before.get(*at) != Some(*row));
    let put = put.map(|((table, key), row)| Change {
        table: *table,
        key: (*key).clone(),
        row: (*row).clone(),
    });
    removed.chain(put).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_every_column_once() {
        let spec = Table::Audience.spec();
        assert_eq!(spec.insert, "INSERT INTO audience (principal, stream, barred) ");
        assert_eq!(
            spec.replace,
            " ON CONFLICT (principal, stream) DO UPDATE SET barred = excluded.barred"
        );
        assert_eq!((spec.keys, spec.rest), (2, 1));
        assert_eq!(
            Table::Term.spec().replace,
            " ON CONFLICT (term, stream, subject) DO NOTHING"
        );
        assert_eq!(
            Table::Subject.spec().select,
            "SELECT id, stream, type, role, state FROM subject"
        );
    }

    #[test]
    fn the_difference_of_two_folds_is_only_what_changed() {
        let row = |key: i64, value: &str| Change::put(Table::Cursor, [Val::I64(key)], [Val::from(value)]);
        let old = [row(1, "a"), row(2, "b"), row(3, "c")];
        let new = [row(1, "a"), row(2, "B"), row(4, "d")];
        assert_eq!(
            difference(&old, &new),
            [
                Change::remove(Table::Cursor, [Val::I64(3)]),
                row(2, "B"),
                row(4, "d")
            ]
        );
        assert!(difference(&old, &old).is_empty());
    }
}
