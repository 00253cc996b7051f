//! Practitioners: who they are by handle, which posts they hold, and when they are away.

use std::sync::Arc;

use domain::id::{PostId, PractitionerId, StreamId};
use domain::ladder::{Away, Chairs, Held, Seat};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Ask, Practitioner};

use super::{AppError, Node};
use crate::assemble::{StreamKind, Work};
use crate::content::Content;
use crate::store::Submitted;
use crate::write::Batch;
use crate::{Inner, Staffing, random};

/// The most practitioners one read of all of them takes.
const MOST: u32 = 10_000;

/// Somebody to be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewPractitioner {
    /// Their name, as colleagues see it.
    pub name: String,
    /// Work e-mail, for notices. May be empty.
    pub email: String,
    /// Telephone, address, date of birth and workplace, for the staff directory's comparison (R9). May be empty.
    pub phone: String,
    /// Home address or postcode. May be empty.
    pub address: String,
    /// Date of birth, as far as known. May be empty.
    pub born: String,
    /// A registered social worker.
    pub registered: bool,
}

/// A practitioner, as an operator sees them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// By handle.
    pub id: PractitionerId,
    /// Their name.
    pub name: String,
    /// Posts they hold now.
    pub posts: Vec<PostId>,
    /// Away now.
    pub away: bool,
}

impl Node {
    /// Adds a practitioner and puts them into posts.
    ///
    /// # Errors
    /// When a post is not in the agency's file, or nothing could be written.
    pub async fn add_practitioner(
        &self,
        by: Option<&super::Acting>,
        new: &NewPractitioner,
        posts: &[PostId],
    ) -> Result<PractitionerId, AppError> {
        let node = &self.inner;
        let now = node.clock.now();
        let actor = by.map_or(Actor::Node, super::Acting::actor);
        if new.name.trim().is_empty() {
            return Err(AppError::invalid("name", "error-name-empty"));
        }
        for post in posts {
            node.seat(post)?;
        }
        let who = random::practitioner()?;
        let mut work = Work::on(node.begin_as(StreamId(who.0), StreamKind::Practitioner, 1)?);
        let draft = Draft::new(Kind::PractitionerAdded, actor.clone())
            .code("registered", new.registered)
            .with("name", new.name.trim())
            .with("email", new.email.trim())
            .with("phone", new.phone.trim())
            .with("address", new.address.trim())
            .with("born", new.born.trim());
        work.push(now, draft)?;
        for post in posts {
            work.push(now, Draft::new(Kind::PostTaken, actor.clone()).post(post.clone()))?;
        }
        node.write(Batch::of(work)).await?;
        Ok(who)
    }

    /// Puts a practitioner into a post from now until `until` (or for good).
    ///
    /// # Errors
    /// When there is no such practitioner or post.
    pub async fn take_post(
        &self,
        by: Option<&super::Acting>,
        who: PractitionerId,
        post: &PostId,
        until: Option<Instant>,
    ) -> Result<(), AppError> {
        self.inner.seat(post)?;
        let draft = |actor| {
            Draft::new(Kind::PostTaken, actor)
                .post(post.clone())
                .maybe("until", until)
        };
        self.inner.on_practitioner(by, who, draft).await
    }

    /// Ends a practitioner's tenure of a post, now. What the post has falls to its deputy in the same instant.
    ///
    /// # Errors
    /// When there is no such practitioner.
    pub async fn leave_post(
        &self,
        by: Option<&super::Acting>,
        who: PractitionerId,
        post: &PostId,
    ) -> Result<(), AppError> {
        let draft = |actor| Draft::new(Kind::PostLeft, actor).post(post.clone());
        self.inner.on_practitioner(by, who, draft).await
    }

    /// Marks a practitioner away from now until `until`.
    ///
    /// # Errors
    /// When there is no such practitioner.
    pub async fn mark_away(
        &self,
        by: Option<&super::Acting>,
        who: PractitionerId,
        until: Option<Instant>,
    ) -> Result<(), AppError> {
        self.inner
            .on_practitioner(by, who, |actor| {
                Draft::new(Kind::Away, actor).maybe("until", until)
            })
            .await
    }

    /// Everybody, with the posts they hold now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people(&self) -> Result<Vec<Person>, AppError> {
        let now = self.inner.clock.now();
        let mut out = Vec::new();
        for practitioner in self.inner.practitioners().await? {
            let holds = |h: &&domain::view::Holding| h.from <= now && h.until.is_none_or(|until| until > now);
            let posts = practitioner
                .holdings
                .iter()
                .filter(holds)
                .map(|h| h.post.clone())
                .collect();
            let away = practitioner
                .away
                .iter()
                .any(|(from, to)| *from <= now && to.is_none_or(|to| to > now));
            let name = self.inner.name_of(practitioner.id).await?;
            out.push(Person {
                id: practitioner.id,
                name,
                posts,
                away,
            });
        }
        Ok(out)
    }

    /// The posts a practitioner holds now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn posts_of(&self, who: PractitionerId) -> Result<Vec<PostId>, AppError> {
        Ok(self.inner.chairs().await?.posts_of(who, self.inner.clock.now()))
    }

    /// A practitioner's name, for pages that name colleagues.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn name_of(&self, who: PractitionerId) -> Result<String, AppError> {
        self.inner.name_of(who).await
    }
}

impl Inner {
    async fn on_practitioner(
        &self,
        by: Option<&super::Acting>,
        who: PractitionerId,
        draft: impl Fn(Actor) -> Draft,
    ) -> Result<(), AppError> {
        loop {
            let stream = self.load(StreamId(who.0)).await?;
            if stream.kind != StreamKind::Practitioner {
                return Err(AppError::NotFound);
            }
            let mut work = Work::on(stream);
            work.push(
                self.clock.now(),
                draft(by.map_or(Actor::Node, super::Acting::actor)),
            )?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Every practitioner's stream, folded.
    pub(crate) async fn practitioners(&self) -> Result<Vec<Practitioner>, AppError> {
        let rows = self
            .store
            .streams_of_kind(StreamKind::Practitioner.code(), None, MOST)
            .await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let records = self.store.records(row.id, 0).await?;
            let spines = records
                .iter()
                .map(|r| crate::spine::decode(&r.spine))
                .collect::<Result<Vec<_>, _>>()?;
            out.push(Practitioner::fold(PractitionerId(row.id.0), &spines));
        }
        Ok(out)
    }

    /// Who sits where: posts from the agency's file, holders and absences from the record.
    pub(crate) async fn chairs(&self) -> Result<Arc<Chairs>, AppError> {
        Ok(Arc::clone(&self.staffing().await?.chairs))
    }

    /// What every practitioner's record says together.
    ///
    /// Kept between calls only together with how many such records there were: any process may have written another.
    pub(crate) async fn staffing(&self) -> Result<Arc<Staffing>, AppError> {
        let stamp = self.store.stamp(StreamKind::Practitioner.code()).await?;
        let known = self
            .staffing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone();
        if let Some((_, staffing)) = known.filter(|(at, _)| *at == stamp) {
            return Ok(staffing);
        }
        let staffing = Arc::new(self.read_staffing().await?);
        *self
            .staffing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some((stamp, Arc::clone(&staffing)));
        Ok(staffing)
    }

    async fn read_staffing(&self) -> Result<Staffing, AppError> {
        let seats: Vec<Seat> = self.seats();
        let (mut held, mut away, mut asks) = (Vec::new(), Vec::new(), Vec::new());
        for practitioner in self.practitioners().await? {
            let who = practitioner.id;
            held.extend(practitioner.holdings.into_iter().map(|h| Held {
                post: h.post,
                who: h.practitioner,
                from: h.from,
                to: h.until,
            }));
            away.extend(
                practitioner
                    .away
                    .into_iter()
                    .map(|(from, to)| Away { who, from, to }),
            );
            let open = practitioner.asks.into_iter().filter(Ask::is_open);
            asks.extend(open.map(|ask| (who, ask)));
        }
        Ok(Staffing {
            chairs: Arc::new(Chairs::new(seats, held, away)),
            asks,
        })
    }

    /// A practitioner's first record, opened: name, e-mail and what the staff directory compares.
    pub(crate) async fn directory_entry(&self, who: PractitionerId) -> Result<Content, AppError> {
        let stream = self.load(StreamId(who.0)).await?;
        let opened = self.open_stream(&stream).await?;
        opened.into_values().next().ok_or(AppError::NotFound)
    }

    /// A practitioner's name; what is known of colleagues stays in memory, never in a table.
    pub(crate) async fn name_of(&self, who: PractitionerId) -> Result<String, AppError> {
        let known = self
            .names
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&who)
            .cloned();
        if let Some(name) = known {
            return Ok(name);
        }
        let name = self.directory_entry(who).await?.text("name");
        self.names
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(who, name.clone());
        Ok(name)
    }
}
