//! Lists that use cases need: duties for the ticker and for a person, a concern by its reference, a way back.

use domain::id::{DutyId, PostId, PractitionerId, StreamId};
use domain::time::Instant;

use super::Store;
use super::sql::{Row, Sql, SqlError, Val};

/// A duty whose time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DueDuty {
    pub(crate) id: DutyId,
    pub(crate) stream: StreamId,
    pub(crate) next_at: Instant,
}

/// A duty in a list, as its projection has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ListedDuty {
    pub(crate) id: DutyId,
    pub(crate) stream: StreamId,
    pub(crate) post: PostId,
    pub(crate) standing: Option<PostId>,
    pub(crate) ended: bool,
    pub(crate) offered: bool,
    /// Made because somebody else's duty waits for it.
    pub(crate) asked: bool,
}

/// A notice waiting to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct QueuedNotice {
    pub(crate) id: String,
    pub(crate) stream: StreamId,
    pub(crate) post: PostId,
}

/// A look at the words of a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    pub(crate) practitioner: PractitionerId,
    pub(crate) post: PostId,
    pub(crate) up_to: u32,
    pub(crate) at: Instant,
}

const LISTED: &str =
    "SELECT d.id, d.stream, d.post, d.standing, d.state, d.owed_to, d.kind FROM duty d WHERE ";

fn listed(row: &Row) -> Result<ListedDuty, SqlError> {
    let post = |at: usize, text: String| text.parse::<PostId>().map_err(|_| SqlError::Shape { column: at });
    Ok(ListedDuty {
        id: DutyId(row.fixed(0)?),
        stream: StreamId(row.fixed(1)?),
        post: post(2, row.text(2)?)?,
        standing: row.text_or_null(3)?.map(|text| post(3, text)).transpose()?,
        ended: row.text(4)? == "ended",
        offered: row.text_or_null(5)?.is_some(),
        asked: row.text(6)? == domain::view::ASKED,
    })
}

impl Store {
    /// Every look at the words of a stream, the earliest first.
    pub(crate) async fn looks_at(&self, stream: StreamId) -> Result<Vec<Look>, SqlError> {
        let sql = Sql::new("SELECT practitioner, post, up_to, at FROM shown WHERE stream = ").arg(stream);
        let rows = self.engine.query(sql.text(" ORDER BY at, id")).await?;
        let look = |row: &Row| {
            Ok(Look {
                practitioner: PractitionerId(row.fixed(0)?),
                post: row.text(1)?.parse().map_err(|_| SqlError::Shape { column: 1 })?,
                up_to: u32::try_from(row.int(2)?).map_err(|_| SqlError::Shape { column: 2 })?,
                at: row.time(3)?,
            })
        };
        rows.iter().map(look).collect()
    }

    /// Duties whose time has come, the longest waiting first, after `after`.
    pub(crate) async fn duties_due(
        &self,
        now: Instant,
        after: Option<(Instant, DutyId)>,
        most: u32,
    ) -> Result<Vec<DueDuty>, SqlError> {
        let (at, id) = after.unwrap_or((Instant(i64::MIN), DutyId([0; 16])));
        let sql = Sql::new("SELECT id, stream, next_at FROM duty WHERE next_at <= ").arg(now);
        let sql = sql
            .text(" AND (next_at > ")
            .arg(at)
            .text(" OR (next_at = ")
            .arg(at)
            .text(" AND id > ")
            .arg(id);
        let rows = self
            .engine
            .query(sql.text(")) ORDER BY next_at, id LIMIT ").arg(most))
            .await?;
        let due = |row: &Row| {
            Ok(DueDuty {
                id: DutyId(row.fixed(0)?),
                stream: StreamId(row.fixed(1)?),
                next_at: row.time(2)?,
            })
        };
        rows.iter().map(due).collect()
    }

    /// Open duties and their streams, by handle, after `after`.
    pub(crate) async fn open_duties(
        &self,
        after: DutyId,
        most: u32,
    ) -> Result<Vec<(DutyId, StreamId)>, SqlError> {
        let sql = Sql::new("SELECT id, stream FROM duty WHERE id > ").arg(after);
        let sql = sql.text(" AND ended_at IS NULL ORDER BY id LIMIT ").arg(most);
        let rows = self.engine.query(sql).await?;
        rows.iter()
            .map(|row| Ok((DutyId(row.fixed(0)?), StreamId(row.fixed(1)?))))
            .collect()
    }

    /// Duties of streams that these principals may know of and none of them is barred from: those of `posts`, and what
    /// others were asked on concerns that `posts` have; open or ended since `since`, by when they are due.
    pub(crate) async fn duties_in_scope(
        &self,
        principals: &[String],
        posts: &[PostId],
        since: Instant,
        most: u32,
    ) -> Result<Vec<ListedDuty>, SqlError> {
        let values = || posts.iter().map(Val::from);
        let sql = Sql::new(LISTED)
            .text("(d.post")
            .among(values())
            .text(" OR d.standing")
            .among(values())
            .text(" OR (d.kind = ")
            .arg(domain::view::ASKED)
            .text(" AND d.stream IN (SELECT stream FROM concern WHERE owner_post")
            .among(values())
            .text("))");
        let sql = in_scope(sql.text(")"), " AND d.stream", principals);
        let sql = sql.text(" AND (d.ended_at IS NULL OR d.ended_at >= ").arg(since);
        let rows = self
            .engine
            .query(sql.text(") ORDER BY d.due, d.id LIMIT ").arg(most))
            .await?;
        rows.iter().map(listed).collect()
    }

    /// Concerns that these principals may know of and none of them is barred from, told within `told` if that narrows
    /// them: stream and last entry's time, the newest first, after `after`.
    pub(crate) async fn concerns_in_scope(
        &self,
        principals: &[String],
        told: Option<(Instant, Instant)>,
        after: Option<(Instant, StreamId)>,
        most: u32,
    ) -> Result<Vec<(StreamId, Instant)>, SqlError> {
        let (from, to) = told.unwrap_or((Instant(i64::MIN), Instant(i64::MAX)));
        let (at, stream) = after.unwrap_or((Instant(i64::MAX), StreamId([0xff; 16])));
        let sql = Sql::new("SELECT c.stream, c.recorded_last FROM concern c WHERE c.told >= ").arg(from);
        let sql = sql
            .text(" AND c.told < ")
            .arg(to)
            .text(" AND (c.recorded_last < ")
            .arg(at)
            .text(" OR (c.recorded_last = ")
            .arg(at)
            .text(" AND c.stream < ")
            .arg(stream);
        let sql = in_scope(sql.text("))"), " AND c.stream", principals);
        let sql = sql
            .text(" ORDER BY c.recorded_last DESC, c.stream DESC LIMIT ")
            .arg(most);
        let rows = self.engine.query(sql).await?;
        rows.iter()
            .map(|row| Ok((StreamId(row.fixed(0)?), row.time(1)?)))
            .collect()
    }

    /// The stream of the concern with this reference.
    pub(crate) async fn concern_by_reference(&self, reference: &str) -> Result<Option<StreamId>, SqlError> {
        let sql = Sql::new("SELECT stream FROM concern WHERE reference = ").arg(reference);
        self.engine
            .query_one(sql)
            .await?
            .map(|row| Ok(StreamId(row.fixed(0)?)))
            .transpose()
    }

    /// How many other concerns told since `since` have a subject of the same sort under every one of this subject's
    /// terms, of tier `highest` or less: a restricted concern must not show in what another is asked. Exact, on keyed
    /// terms; nothing is opened.
    pub(crate) async fn concerns_sharing_terms(
        &self,
        stream: StreamId,
        subject: domain::id::SubjectId,
        since: Instant,
        highest: u8,
    ) -> Result<u32, SqlError> {
        let sql = Sql::new(
            "SELECT COUNT(*) FROM (SELECT o.stream FROM term m JOIN term o ON o.term = m.term ",
        )
        .text("JOIN concern c ON c.stream = o.stream JOIN subject s ON s.id = o.subject ")
        .text("JOIN subject t ON t.id = m.subject AND t.type = s.type WHERE m.stream = ")
        .arg(stream)
        .text(" AND m.subject = ")
        .arg(subject)
        .text(" AND o.stream <> ")
        .arg(stream)
        .text(" AND c.told >= ")
        .arg(since)
        .text(" AND c.tier <= ")
        .arg(highest)
        .text(" GROUP BY o.stream, o.subject HAVING COUNT(*) = (SELECT COUNT(*) FROM term WHERE stream = ")
        .arg(stream)
        .text(" AND subject = ")
        .arg(subject)
        .text(")) AS found");
        self.engine
            .query_one(sql)
            .await?
            .map_or(Ok(0), |row| row.count(0))
    }

    /// The newest size that a witness has signed.
    pub(crate) async fn cosigned_size(&self) -> Result<Option<u64>, SqlError> {
        let row = self
            .engine
            .query_one(Sql::new("SELECT MAX(size) FROM cosignature"))
            .await?;
        Ok(row
            .map(|row| row.int_or_null(0))
            .transpose()?
            .flatten()
            .and_then(|size| u64::try_from(size).ok()))
    }

    /// Which witnesses have signed a head over the entry at `index`, and when each first did.
    pub(crate) async fn cosigned_since(&self, index: u64) -> Result<Vec<(String, Instant)>, SqlError> {
        let sql = Sql::new("SELECT witness, MIN(at) FROM cosignature WHERE size > ").arg(index);
        let rows = self
            .engine
            .query(sql.text(" GROUP BY witness ORDER BY witness"))
            .await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.time(1)?))).collect()
    }

    /// When the ticker has something to do next, after `after`.
    pub(crate) async fn next_due(&self, after: Instant) -> Result<Option<Instant>, SqlError> {
        let sql = Sql::new("SELECT MIN(next_at) FROM duty WHERE next_at > ").arg(after);
        let row = self.engine.query_one(sql).await?;
        Ok(row.map(|row| row.time_or_null(0)).transpose()?.flatten())
    }

    /// How many streams of a kind there are and how many records they hold: what changes when any of them does.
    pub(crate) async fn stamp(&self, kind: &'static str) -> Result<(i64, i64), SqlError> {
        let sql =
            Sql::new("SELECT COUNT(*), CAST(COALESCE(SUM(length), 0) AS bigint) FROM stream WHERE kind = ")
                .arg(kind);
        let row = self.engine.query_one(sql).await?;
        // PostgreSQL sums bigints as numeric; both are counted as 64-bit here.
        row.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
    }

    /// How far a reader has come, if it was ever written down.
    pub(crate) async fn cursor(&self, name: &str) -> Result<Option<i64>, SqlError> {
        let sql = Sql::new("SELECT idx FROM cursor WHERE name = ").arg(name);
        self.engine
            .query_one(sql)
            .await?
            .map(|row| row.int(0))
            .transpose()
    }

    /// Notices waiting on a channel, the longest waiting first.
    pub(crate) async fn notices_queued(
        &self,
        channel: &str,
        most: u32,
    ) -> Result<Vec<QueuedNotice>, SqlError> {
        let sql = Sql::new("SELECT id, stream, post FROM notice WHERE next_at IS NOT NULL AND channel = ")
            .arg(channel);
        let rows = self
            .engine
            .query(sql.text(" ORDER BY next_at, id LIMIT ").arg(most))
            .await?;
        let queued = |row: &Row| {
            let post = row.text(2)?.parse().map_err(|_| SqlError::Shape { column: 2 })?;
            let id = String::from_utf8(row.bytes(0)?).map_err(|_| SqlError::Shape { column: 0 })?;
            Ok(QueuedNotice {
                id,
                stream: StreamId(row.fixed(1)?),
                post,
            })
        };
        rows.iter().map(queued).collect()
    }

    /// How many notices changed to each state since `since`.
    pub(crate) async fn notice_counts(&self, since: Instant) -> Result<Vec<(String, u64)>, SqlError> {
        let sql = Sql::new("SELECT state, COUNT(*) FROM notice WHERE at >= ").arg(since);
        let rows = self
            .engine
            .query(sql.text(" GROUP BY state ORDER BY state"))
            .await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.size(1)?))).collect()
    }

    /// Changes that take a subject's search terms away.
    pub(crate) async fn terms_of(
        &self,
        stream: StreamId,
        subject: domain::id::SubjectId,
    ) -> Result<Vec<super::Change>, SqlError> {
        let sql = Sql::new("SELECT term FROM term WHERE stream = ")
            .arg(stream)
            .text(" AND subject = ")
            .arg(subject);
        let rows = self.engine.query(sql).await?;
        let gone = |row: &Row| {
            let key = [Val::from(row.bytes(0)?), stream.into(), subject.into()];
            Ok(super::Change::remove(super::Table::Term, key))
        };
        rows.iter().map(gone).collect()
    }

    /// Every row of every projection, by table and key.
    pub(crate) async fn projection_rows(&self) -> Result<Vec<super::Change>, SqlError> {
        let mut out = Vec::new();
        for table in super::Table::ALL
            .iter()
            .filter(|t| t.spec().sort == super::Sort::Projection)
        {
            let spec = table.spec();
            for row in self
                .engine
                .query(Sql::new(spec.select).text(spec.ordered))
                .await?
            {
                let (key, rest) = row
                    .0
                    .split_at_checked(spec.keys)
                    .ok_or(SqlError::Shape { column: spec.keys })?;
                out.push(super::Change::put(*table, key, rest));
            }
        }
        Ok(out)
    }

    /// What is kept of a way back, by its code's key.
    pub(crate) async fn way_back(&self, key: &[u8]) -> Result<Option<Vec<Val>>, SqlError> {
        let sql = "SELECT word_hash, reporter_stream, concern_stream, off, tries, next_try_at FROM way_back WHERE code = ";
        Ok(self
            .engine
            .query_one(Sql::new(sql).arg(key))
            .await?
            .map(|row| row.0))
    }
}

/// Narrows to streams that the principals may know of: some row lets one of them in and no row bars one of them.
fn in_scope(sql: Sql, stream: &'static str, principals: &[String]) -> Sql {
    let values = || principals.iter().map(|p| Val::from(p.as_str()));
    sql.text(stream)
        .text(" IN (SELECT stream FROM audience WHERE barred = ")
        .arg(false)
        .text(" AND principal")
        .among(values())
        .text(")")
        .text(stream)
        .text(" NOT IN (SELECT stream FROM audience WHERE barred = ")
        .arg(true)
        .text(" AND principal")
        .among(values())
        .text(")")
}
