//! How a post was told. "Told" is never assumed.

use crate::id::{DutyId, PostId};
use crate::record::Spine;
use crate::time::Instant;

/// What has become of a notice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoticeState {
    /// Waiting to be sent.
    Queued,
    /// Handed to the channel.
    Sent,
    /// The channel says it arrived.
    Delivered,
    /// Opened by a person. Opening discharges nothing.
    Opened,
    /// A person took the duty on.
    Accepted,
    /// The channel could not deliver it.
    Failed,
}

impl NoticeState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Queued,
        Self::Sent,
        Self::Delivered,
        Self::Opened,
        Self::Accepted,
        Self::Failed,
    ];

    /// The code written into records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Opened => "opened",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }
}

/// A notice to a post about a duty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Its handle, the same through all its states.
    pub id: String,
    /// The duty it is about, if any.
    pub duty: Option<DutyId>,
    /// The rung of the ladder it told, 0 for the owner.
    pub rung: u32,
    /// The post told.
    pub post: PostId,
    /// `screen`, `email`, `text` or `telephone`.
    pub channel: String,
    /// What has become of it.
    pub state: NoticeState,
    /// When it was queued.
    pub queued: Instant,
    /// When it was first sent, if it was.
    pub sent: Option<Instant>,
    /// When its state last changed.
    pub changed: Instant,
}

impl Notice {
    /// Takes a notice's record into those known; gives the state it is in now, or `None` when the record lacks a part.
    pub(super) fn take(notices: &mut Vec<Self>, spine: &Spine) -> Option<NoticeState> {
        let id = spine.text("notice")?;
        let state = NoticeState::from_code(spine.text("state")?)?;
        match notices.iter_mut().find(|n| n.id == id) {
            Some(known) => {
                known.state = state;
                known.changed = spine.recorded;
                if state == NoticeState::Sent {
                    known.sent.get_or_insert(spine.recorded);
                }
            }
            None => notices.push(Self {
                id: id.to_owned(),
                duty: spine.duty,
                rung: u32::try_from(spine.int("rung").unwrap_or(0)).ok()?,
                post: spine.post()?.clone(),
                channel: spine.text("channel").unwrap_or("screen").to_owned(),
                state,
                queued: spine.recorded,
                sent: (state == NoticeState::Sent).then_some(spine.recorded),
                changed: spine.recorded,
            }),
        }
        Some(state)
    }
}
