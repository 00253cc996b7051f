//! A request that happens once, however often it is sent: its key and what it made are written in the same write.

use domain::id::RecordId;

use super::{AppError, Node};
use crate::assemble::Work;
use crate::store::Idempotency;

/// A request: the key its sender chose, and a hash of what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Request {
    key: [u8; 32],
    asked: [u8; 32],
}

/// What has become of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// Nothing: it is new.
    Never,
    /// It was carried out, and made this record first.
    Made(RecordId),
    /// Its key was used for something else.
    Another,
}

impl Node {
    /// This node, for one request: its next act is written together with `key`. `asked` tells this request from another
    /// that is sent under the same key.
    #[must_use]
    pub fn once(&self, key: [u8; 32], asked: [u8; 32]) -> Self {
        Self {
            once: Some(Request { key, asked }),
            ..self.clone()
        }
    }

    /// What has become of the request that this node is for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn before(&self) -> Result<Before, AppError> {
        let Some(request) = self.once else {
            return Ok(Before::Never);
        };
        let Some(answer) = self.inner.store.answer(&request.key).await? else {
            return Ok(Before::Never);
        };
        let said = std::str::from_utf8(&answer)
            .ok()
            .and_then(|text| text.split_once(' '));
        Ok(match said {
            Some((asked, made)) if asked == domain::record::hex(&request.asked) => {
                made.parse().map_or(Before::Another, Before::Made)
            }
            _ => Before::Another,
        })
    }

    /// Whether the report filed under this request's key is the one that is asked for now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_same_report(&self) -> Result<bool, AppError> {
        let Some(request) = self.once else {
            return Ok(true);
        };
        let answer = self.inner.store.answer(&request.key).await?;
        let asked = self.once_asked();
        Ok(answer.is_some_and(|answer| answer.ends_with(asked.as_bytes())))
    }

    /// The hash of what is asked, as it is written; empty when this node is for no request.
    pub(super) fn once_asked(&self) -> String {
        self.once
            .map(|request| domain::record::hex(&request.asked))
            .unwrap_or_default()
    }

    /// What is to be written with an act, so that it is not carried out twice.
    pub(super) fn once_row(&self, work: &Work) -> Option<Idempotency> {
        let request = self.once?;
        let (made, _) = work.drafts.first()?;
        Some(Idempotency {
            key: request.key.to_vec(),
            at: self.now(),
            answer: format!("{} {made}", domain::record::hex(&request.asked)).into_bytes(),
        })
    }
}
