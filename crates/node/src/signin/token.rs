//! Bearer tokens: how a program speaks for a post.
//!
//! A token names one practitioner, one post and what it may do; it ends on a day. It opens no page and never becomes a
//! session; a session's cookie opens nothing of the API.

use domain::id::{PostId, PractitionerId, StreamId};
use domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::door::Token;
use super::{SignIn, SignInError};
use crate::store::signin::CredentialRow;

pub(super) const API: &str = "api";

/// What a token may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiScope {
    /// File reports and read back their receipts.
    Report,
    /// Read concerns and duties, as the post may.
    Read,
    /// Decide, answer, accept, as the post may.
    Act,
}

/// Whoever speaks with a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiCaller {
    /// On whose responsibility.
    pub practitioner: PractitionerId,
    /// In which post.
    pub post: PostId,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// The piece of work: one a token and day.
    pub work: StreamId,
}

#[derive(Serialize, Deserialize)]
struct Said {
    post: String,
    scopes: Vec<ApiScope>,
    ends: i64,
}

impl SignIn {
    /// Makes a token, shown once.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn api_token(
        &self,
        who: PractitionerId,
        post: &PostId,
        scopes: &[ApiScope],
        ends: Instant,
    ) -> Result<Token, SignInError> {
        let token = self.door().token()?;
        let said = Said {
            post: post.to_string(),
            scopes: scopes.to_vec(),
            ends: ends.micros(),
        };
        let plain = serde_json::to_vec(&said).map_err(|e| SignInError::Broken(e.to_string()))?;
        let row = CredentialRow {
            id: self.door().tag_of(API, &token).0,
            practitioner: who,
            kind: API.to_owned(),
            data: self.door().seal(API, &plain)?,
            made: self.now(),
            used: None,
            ended: None,
        };
        self.write(vec![row.put()], Vec::new()).await?;
        Ok(token)
    }

    /// Who speaks with this token, if it holds.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn api_caller(&self, token: &Token) -> Result<Option<ApiCaller>, SignInError> {
        let (now, tag) = (self.now(), self.door().tag_of(API, token));
        let row = self.0.store.credential(&tag.0).await?;
        let Some(row) = row.filter(|row| row.kind == API) else {
            return Ok(None);
        };
        let plain = self.door().open(API, &row.data)?;
        let said: Said = serde_json::from_slice(&plain).map_err(|e| SignInError::Broken(e.to_string()))?;
        let Some(post) = said.post.parse().ok().filter(|_| now.micros() < said.ends) else {
            return Ok(None);
        };
        let day = now.micros().div_euclid(86_400_000_000).to_be_bytes();
        let work = self.door().tag("api-work", &[tag.0.as_slice(), &day].concat());
        let mut id = [0; 16];
        id.iter_mut().zip(work.0).for_each(|(slot, byte)| *slot = byte);
        Ok(Some(ApiCaller {
            practitioner: row.practitioner,
            post,
            scopes: said.scopes,
            work: StreamId(id),
        }))
    }
}
