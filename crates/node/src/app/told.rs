//! Sent against delivered: whether what this node tells its posts arrives.

use domain::policy::{Action, Item, Relation, Relations, Tier, What};

use super::start::AFFAIRS;
use super::{Acting, AppError, Node};
use crate::Inner;

/// How many notices stand where, by their last change in the last 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Told {
    /// Waiting to be sent.
    pub waiting: u64,
    /// Sent, and nothing heard since.
    pub sent: u64,
    /// Delivered, opened or accepted.
    pub delivered: u64,
    /// Not sent, after every try.
    pub failed: u64,
}

impl Node {
    /// The figures, for those who may see how the node is; nothing for anybody else.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn told(&self, acting: &Acting) -> Result<Option<Told>, AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        let mut what = What::new(Item::Health, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        match node.permit(&who, Action::Read, &what, None) {
            Ok(_permit) => node.told_counts().await.map(Some),
            Err(AppError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The figures, for the operator's metrics.
    pub(crate) async fn told_for_metrics(&self) -> Result<Told, AppError> {
        self.inner.told_counts().await
    }
}

impl Inner {
    async fn told_counts(&self) -> Result<Told, AppError> {
        let since = self.clock.now().plus_minutes(-24 * 60);
        let mut told = Told::default();
        for (state, count) in self.store.notice_counts(since).await? {
            let place = match state.as_str() {
                "queued" => &mut told.waiting,
                "sent" => &mut told.sent,
                "failed" => &mut told.failed,
                _ => &mut told.delivered,
            };
            *place = place.saturating_add(count);
        }
        Ok(told)
    }
}
