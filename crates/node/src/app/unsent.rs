//! What was typed and not sent: kept for somebody with an account as they post it, for a member of the public only when
//! they ask. Not record: nobody has reported it yet. It ends by itself, and when it is sent.
//!
//! Nobody but its writer meets it: an account finds its own and no other's; a code finds what it was shown for. A code
//! that is wrong, used or ended is one answer after the same work.

use domain::id::PractitionerId;
use domain::time::Instant;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Acting, AppError, Node};
use crate::Inner;
use crate::signin::door::{Door, Token};
use crate::store::unsent::UnsentRow;
use crate::store::{Change, Expect};
use crate::unsent::{self, Whose};
use crate::vault;

/// How long what somebody with an account typed is kept, in minutes: two weeks, so that a week's leave loses nothing and
/// a forgotten form does not become a file of its own.
const ACCOUNT: i64 = 14 * 24 * 60;
/// How long what a member of the public asked to keep is kept, in minutes (practice.md R1).
const ASKED: i64 = 24 * 60;
/// The most forms kept for one account; the one longest untouched makes room.
const MOST: usize = 50;
/// The most kept for an account whose session had ended: as many tabs as somebody works in.
const MOST_ENDED: usize = 5;
/// The most that members of the public may have asked to keep at once: a county has a few hundred reports a day.
const MOST_ASKED: i64 = 1_000;
/// The most bytes one may hold: what a page takes.
const LARGEST: usize = 256 * 1024;

/// A form that was typed and not sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsent {
    /// By which its writer finds it again. Of no use to anybody else.
    pub id: String,
    /// The address it was posted to.
    pub place: String,
    /// What tells it from another form of the same page; empty where there is one.
    pub key: String,
    /// Its fields, as posted.
    pub fields: Vec<(String, String)>,
    /// When it was last kept.
    pub at: Instant,
    /// When it ends.
    pub ends: Instant,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Said {
    place: String,
    key: String,
    fields: Vec<(String, String)>,
}

impl Node {
    /// Keeps a form as posted, over what was kept of it before.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is too large; when the store cannot be written.
    pub async fn keep_unsent(
        &self,
        who: PractitionerId,
        place: &str,
        key: &str,
        fields: &[(String, String)],
    ) -> Result<(), AppError> {
        let node = &self.inner;
        let plain = said(place, key, fields)?;
        let row = node.unsent_row(Whose::Account(who), place, key, &plain)?;
        node.put_unsent(row, MOST).await
    }

    /// Keeps a form that was posted after its session had ended: it opens only for the same account, signing in again in
    /// the browser that holds the ended session's token.
    ///
    /// # Errors
    /// As [`Node::keep_unsent`].
    pub async fn hold_unsent(
        &self,
        who: PractitionerId,
        ended: &Token,
        place: &str,
        key: &str,
        fields: &[(String, String)],
    ) -> Result<(), AppError> {
        let node = &self.inner;
        let door = Door::of(&node.keys());
        let inner = door.seal_with(ended, "unsent-ended", &said(place, key, fields)?);
        let inner = inner.map_err(|e| AppError::Broken(e.to_string()))?;
        let row = node.unsent_row(Whose::Ended(who), place, key, &inner)?;
        node.put_unsent(row, MOST_ENDED).await
    }

    /// Takes over what was posted in this browser after the session with this token had ended, now that the same account
    /// has signed in. What opens with another token stays where it is, and ends by itself.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn claim_unsent(&self, who: PractitionerId, ended: &Token) -> Result<Vec<Unsent>, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        let door = Door::of(&node.keys());
        let owner = Whose::Ended(who).tag(&node.keys());
        let held = node.store.unsent_of(&owner, now).await?;
        let mut claimed = Vec::new();
        for row in held {
            let Some(inner) = node.open_unsent(&row) else {
                continue;
            };
            let Ok(plain) = door.open_with(ended, "unsent-ended", &inner) else {
                continue;
            };
            let Ok(said) = serde_json::from_slice::<Said>(&plain) else {
                continue;
            };
            let own = node.unsent_row(Whose::Account(who), &said.place, &said.key, &plain)?;
            claimed.push(listed(&own, said));
            node.write_unsent(vec![row.remove(), own.put()], Vec::new())
                .await?;
        }
        Ok(claimed)
    }

    /// Everything of somebody's that was typed and not sent, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unsent(&self, who: PractitionerId) -> Result<Vec<Unsent>, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        let owner = Whose::Account(who).tag(&node.keys());
        let rows = node.store.unsent_of(&owner, now).await?;
        Ok(rows.iter().filter_map(|row| node.read_unsent(row)).collect())
    }

    /// What somebody typed on one page and has not sent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unsent_at(
        &self,
        who: PractitionerId,
        place: &str,
        key: &str,
    ) -> Result<Option<Unsent>, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        let id = unsent::id(&node.keys(), Whose::Account(who), place, key);
        let row = node.store.unsent(&id, now).await?;
        Ok(row.as_ref().and_then(|row| node.read_unsent(row)))
    }

    /// Whether somebody may know of a concern that their own unsent words are about: what they may know of no longer is
    /// not named to them. Nothing of it is opened.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn may_know(&self, acting: &Acting, reference: &str) -> Result<bool, AppError> {
        let who = self.inner.who(acting).await?;
        match self.inner.concern_by_reference(&who, reference).await {
            Ok(_) => Ok(true),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// One of somebody's own, by its id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there, or not theirs.
    pub async fn unsent_by_id(&self, who: PractitionerId, id: &str) -> Result<Unsent, AppError> {
        let own = self.unsent(who).await?;
        own.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound)
    }

    /// Throws away what was kept of a page: it was sent, or is not wanted. What is not there is gone already.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn drop_unsent(&self, who: PractitionerId, place: &str, key: &str) -> Result<(), AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        let id = unsent::id(&node.keys(), Whose::Account(who), place, key);
        match node.store.unsent(&id, now).await? {
            Some(row) => node.write_unsent(vec![row.remove()], Vec::new()).await.map(drop),
            None => Ok(()),
        }
    }

    /// Keeps what a member of the public has said so far, because they asked, and gives the code that opens it: to be
    /// shown once. Nothing else opens it, here or anywhere.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when too much is kept already; [`AppError::Invalid`] when it is too large.
    pub async fn keep_for_code(&self, said: &[u8]) -> Result<Zeroizing<String>, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        if said.len() > LARGEST {
            return Err(AppError::invalid("words", "error-words-long"));
        }
        let owner = Whose::Asked.tag(&node.keys());
        if node.store.count_unsent(&owner).await? >= MOST_ASKED {
            return Err(AppError::TooMany {
                again: now.plus_minutes(60),
            });
        }
        let code = unsent::code()?;
        let opens = self.opened_by(&code).await?;
        let inner = vault::seal_under(&opens.key, "unsent-asked", said)?;
        let row = UnsentRow {
            owner,
            at: now,
            ends: now.plus_minutes(ASKED),
            sealed: vault::seal_unsent(&node.keys(), &opens.id, &inner)?,
            id: opens.id,
        };
        node.write_unsent(vec![row.put()], Vec::new()).await?;
        Ok(code)
    }

    /// Gives back what a code was shown for, once: after this the code opens nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a code that is wrong, used or ended, alike and after the same work.
    pub async fn take_by_code(&self, code: &str) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        let opens = self.opened_by(code).await?;
        let row = node
            .store
            .unsent(&opens.id, now)
            .await?
            .ok_or(AppError::NotFound)?;
        let inner = node.open_unsent(&row).ok_or(AppError::NotFound)?;
        let plain = vault::open_under(&opens.key, "unsent-asked", &inner).map_err(|_| AppError::NotFound)?;
        let plain = Zeroizing::new(plain);
        // Two who type it at once: one of them has it.
        match node
            .write_unsent(vec![row.remove()], vec![row.unchanged()])
            .await?
        {
            true => Ok(plain),
            false => Err(AppError::NotFound),
        }
    }

    /// Throws away what a code was shown for. Answers the same, after the same work, whether or not there was anything.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn drop_by_code(&self, code: &str) -> Result<(), AppError> {
        match self.take_by_code(code).await {
            Ok(_) | Err(AppError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes what has ended.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn end_unsent(&self) -> Result<u64, AppError> {
        let (node, now) = (&self.inner, self.inner.clock.now());
        match node.store.unsent_has_ended(now).await? {
            true => Ok(node.store.sweep_unsent(now).await?),
            false => Ok(0),
        }
    }

    /// What a code opens. The slow hash runs aside, so that it holds up nobody.
    async fn opened_by(&self, code: &str) -> Result<unsent::Opens, AppError> {
        let (keys, code) = (self.inner.keys().clone(), Zeroizing::new(code.to_owned()));
        let done = tokio::task::spawn_blocking(move || unsent::opens(&keys, &code)).await;
        done.map_err(|e| AppError::Broken(e.to_string()))?
    }
}

fn said(place: &str, key: &str, fields: &[(String, String)]) -> Result<Zeroizing<Vec<u8>>, AppError> {
    let said = Said {
        place: place.to_owned(),
        key: key.to_owned(),
        fields: fields.to_vec(),
    };
    let plain = serde_json::to_vec(&said).map_err(|e| AppError::Broken(e.to_string()))?;
    if plain.len() > LARGEST.saturating_mul(2) {
        return Err(AppError::invalid("words", "error-words-long"));
    }
    Ok(Zeroizing::new(plain))
}

fn listed(row: &UnsentRow, said: Said) -> Unsent {
    Unsent {
        id: domain::record::hex(row.id.get(..16).unwrap_or_default()),
        place: said.place,
        key: said.key,
        fields: said.fields,
        at: row.at,
        ends: row.ends,
    }
}

impl Inner {
    fn unsent_row(&self, whose: Whose, place: &str, key: &str, plain: &[u8]) -> Result<UnsentRow, AppError> {
        let (keys, now) = (self.keys(), self.clock.now());
        let id = unsent::id(&keys, whose, place, key);
        Ok(UnsentRow {
            owner: whose.tag(&keys),
            at: now,
            ends: now.plus_minutes(ACCOUNT),
            sealed: vault::seal_unsent(&keys, &id, plain)?,
            id,
        })
    }

    /// Puts a row; what is longest untouched beyond `most` makes room.
    async fn put_unsent(&self, row: UnsentRow, most: usize) -> Result<(), AppError> {
        let all = self.store.unsent_of(&row.owner, row.at).await?;
        let others = all.iter().filter(|one| one.id != row.id);
        let mut changes: Vec<Change> = others
            .skip(most.saturating_sub(1))
            .map(UnsentRow::remove)
            .collect();
        changes.push(row.put());
        self.write_unsent(changes, Vec::new()).await.map(drop)
    }

    async fn write_unsent(&self, changes: Vec<Change>, expects: Vec<Expect>) -> Result<bool, AppError> {
        Ok(self.store.write_desk(changes, expects).await?)
    }

    /// What a row holds, if its epoch's key is here still. Another process may have begun the epoch since keys were read.
    fn open_unsent(&self, row: &UnsentRow) -> Option<Zeroizing<Vec<u8>>> {
        let opened = vault::open_unsent(&self.keys(), &row.id, &row.sealed);
        let opened = match opened {
            Err(vault::VaultError::NoEpoch(_)) => {
                self.keys_mut().read_epochs().ok()?;
                vault::open_unsent(&self.keys(), &row.id, &row.sealed)
            }
            opened => opened,
        };
        opened.ok().map(Zeroizing::new)
    }

    fn read_unsent(&self, row: &UnsentRow) -> Option<Unsent> {
        let said = serde_json::from_slice(&self.open_unsent(row)?).ok()?;
        Some(listed(row, said))
    }
}
