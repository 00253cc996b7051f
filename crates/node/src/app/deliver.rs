//! Notices by e-mail and other channels. They carry no personal data; a failure goes at once to the next channel.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use domain::id::{PostId, PractitionerId, StreamId};
use domain::record::{Actor, Draft, Kind};
use domain::view::{Notice, NoticeState, Practitioner};

use super::act::fold;
use super::{AppError, Node};
use crate::Inner;
use crate::assemble::{Stream, StreamKind, Work};
use crate::store::{Line, Submitted};
use crate::write::Batch;

/// A neutral message: how many things wait, and nothing about any of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The address.
    pub to: String,
    /// How many notices it stands for: due together, told together.
    pub count: u32,
}

/// Why a channel did not take a message.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the channel did not take it: {0}")]
pub struct NotDelivered(pub String);

/// What a channel returns.
pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), NotDelivered>> + Send + 'a>>;

/// A way out of the node: SMTP, a folder, a gateway. Sockets are elsewhere.
pub trait Channel: Send + Sync {
    /// `email`, `text` or `telephone`, as posts name it.
    fn name(&self) -> &str;
    /// Hands one message over.
    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a>;
}

/// What one round of deliveries did.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Delivered {
    /// Notices handed to a channel.
    pub sent: u32,
    /// Notices that no channel took.
    pub failed: u32,
}

impl Node {
    /// Sends what is queued on one channel, one message a post.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn deliver(&self, channel: &dyn Channel) -> Result<Delivered, AppError> {
        let node = &self.inner;
        let mut by_post: BTreeMap<PostId, Vec<(StreamId, String)>> = BTreeMap::new();
        for queued in node.store.notices_queued(channel.name(), 1_000).await? {
            by_post
                .entry(queued.post)
                .or_default()
                .push((queued.stream, queued.id));
        }
        let mut done = Delivered::default();
        for (post, notices) in by_post {
            let count = u32::try_from(notices.len()).unwrap_or(u32::MAX);
            let outcome = match node.address(&post, channel.name()).await? {
                Some(to) => channel.send(&Message { to, count }).await,
                None => Err(NotDelivered("nobody in the post has an address".into())),
            };
            let state = if outcome.is_ok() {
                NoticeState::Sent
            } else {
                NoticeState::Failed
            };
            for (stream, id) in notices {
                node.move_notice(stream, &id, state).await?;
            }
            match state {
                NoticeState::Sent => done.sent = done.sent.saturating_add(count),
                _ => done.failed = done.failed.saturating_add(count),
            }
        }
        metrics::counter!("daylight_notices_sent").increment(u64::from(done.sent));
        metrics::counter!("daylight_notices_failed").increment(u64::from(done.failed));
        Ok(done)
    }
}

impl Inner {
    /// Where whoever acts for a post is reached on a channel.
    async fn address(&self, post: &PostId, channel: &str) -> Result<Option<String>, AppError> {
        let chairs = self.chairs().await?;
        let Ok(sitting) = chairs.sitting(post, self.clock.now()) else {
            return Ok(None);
        };
        let entry = self.directory_entry(sitting.who).await?;
        let address = entry.text(if channel == "email" { "email" } else { "phone" });
        Ok((!address.is_empty()).then_some(address))
    }

    /// Writes a notice's new state; a failed one whose every channel failed climbs at the next tick.
    pub(crate) async fn move_notice(
        &self,
        stream: StreamId,
        id: &str,
        state: NoticeState,
    ) -> Result<(), AppError> {
        loop {
            let opened = self.load(stream).await?;
            let Some(draft) = self.moved_draft(&opened, id, state)? else {
                return Ok(());
            };
            let mut work = Work::on(opened);
            work.push(self.clock.now(), draft)?;
            let batch = Batch {
                line: Line::Ticker,
                ..Batch::of(work)
            };
            match self.write(batch).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// The record of a notice's new state; none when it is known already. A notice about somebody who is to be let in lies on
    /// that person's stream, and has no rung.
    fn moved_draft(&self, stream: &Stream, id: &str, state: NoticeState) -> Result<Option<Draft>, AppError> {
        let meant = |n: &&Notice| n.id == id && n.state < state;
        if stream.kind == StreamKind::Practitioner {
            let folded = Practitioner::fold(PractitionerId(stream.id.0), &stream.spines);
            let notice = folded.notices.iter().find(meant);
            return Ok(notice.map(|notice| moved(notice, state, None)));
        }
        let concern = fold(stream)?;
        let Some(notice) = concern.notices.iter().find(meant) else {
            return Ok(None);
        };
        Ok(Some(moved(notice, state, self.accept_by(&concern, notice)?)))
    }

    /// By when the rung told by a notice is to accept, were it told now.
    fn accept_by(
        &self,
        concern: &domain::view::Concern,
        notice: &Notice,
    ) -> Result<Option<domain::time::Instant>, AppError> {
        let duty = notice.duty.and_then(|id| concern.duty(id));
        let rung = duty.and_then(|d| {
            d.rungs
                .iter()
                .find(|r| r.number == notice.rung && r.stepped_over.is_none())
        });
        let Some(rung) = rung else { return Ok(None) };
        let (minutes, open) = rung.accept;
        let accept = match open {
            true => domain::ladder::Accept::OpenMinutes(minutes),
            false => domain::ladder::Accept::Minutes(minutes),
        };
        let hours = &self.seat(&notice.post)?.hours;
        Ok(accept.by(self.clock.now(), hours, self.hours_calendar()?)?)
    }
}

fn moved(notice: &Notice, state: NoticeState, accept_by: Option<domain::time::Instant>) -> Draft {
    let mut draft = Draft::new(Kind::Notice, Actor::Node)
        .post(notice.post.clone())
        .code("notice", notice.id.as_str())
        .code("rung", i64::from(notice.rung))
        .code("channel", notice.channel.as_str())
        .code("state", state.code());
    draft.duty = notice.duty;
    if state == NoticeState::Sent {
        draft.due = accept_by;
    }
    draft
}
