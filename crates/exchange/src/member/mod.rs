//! An agency's side of joining up: from a subject's match-keys to tokens, rows, notices and matches. The node logs,
//! signs and sends; this decides what, and remembers nothing it could not rebuild from the agency's own records.
//!
//! Parts: `tokens` (tickets and key-holders), `rows` (batches, receipts, deletions), `recount` (what the exchange should
//! hold), `refusals` (what others would not do), `notices` (hits and matches), `custody` (a custodian's side of them).

mod custody;
mod notices;
mod recount;
mod refusals;
mod rows;
mod tokens;

pub use custody::About;
pub use notices::{Event, Match};
pub use recount::Shortfall;
pub use rows::LATEST_DELETION;
pub use tokens::Prepared;

use crate::canary::{Canary, Hour};
use crate::envelope::{Course, Inbox, Outgoing};
use crate::epoch::Opened;
use crate::ids::{DeskId, Epoch, Handle, HitId, MessageId, Micros, PartyId, RowId, ScopeId, Token};
use crate::matchkey::{KeySet, KeyType, MatchKey, held};
use crate::matchstate::{Check, Why};
use crate::message::{Decision, Held};
use crate::refusal::Refusal;
use crate::threshold::Seat;
use crate::token::Pepper;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How long a message waits for its answer before it is sent again.
pub const RETRY: i64 = 2 * Micros::SECOND;
/// How long one waits that was refused by a rule which may yet change: a limit, an agreement, an epoch.
pub const RETRY_REFUSED: i64 = 60 * Micros::SECOND;

/// Who an agency is in one scope, and whom it speaks to.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The agency.
    pub party: PartyId,
    /// The desk its rows are under.
    pub desk: DeskId,
    /// The sharing agreement.
    pub scope: ScopeId,
    /// The exchange.
    pub exchange: PartyId,
    /// The key-holders by seat.
    pub holders: Vec<(Seat, PartyId)>,
    /// The desk's HPKE key, as pointers name it.
    pub hpke_key: [u8; 16],
    /// How many days a row is kept, unless it is renewed.
    pub keep_days: u32,
    /// Officers sign batches: a custodian or shield desk.
    pub guarded: bool,
    /// The sharing agreement, checked at each hit.
    pub agreement: domain::agreement::Agreement,
}

/// How far a subject is in one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting(Why),
    Asked,
    Put(Why),
    Done(Micros),
}

/// A subject as it was when something was sent for it: with other keys since, what comes back is not for it.
type Who = (Handle, u64);

#[derive(Clone, Debug)]
struct Subject {
    keys: Vec<MatchKey>,
    urgent: bool,
    since: Micros,
    version: u64,
    stages: BTreeMap<Epoch, Stage>,
}

#[derive(Clone, Debug)]
struct OpenEpoch {
    opened: Opened,
    pepper: Pepper,
    proven: Option<bool>,
}

/// An agency in one scope.
#[derive(Clone, Debug)]
pub struct Member {
    identity: Identity,
    inbox: Inbox,
    epochs: BTreeMap<Epoch, OpenEpoch>,
    subjects: BTreeMap<Handle, Subject>,
    versions: u64,
    canaries: BTreeMap<Handle, Hour>,
    asked: Vec<tokens::Asked>,
    served: Vec<tokens::Served>,
    rows: HashMap<RowId, rows::OwnRow>,
    by_token: BTreeMap<(Epoch, Token), BTreeSet<(Handle, KeyType)>>,
    live: BTreeMap<(Epoch, Token), RowId>,
    dummies: BTreeSet<(Epoch, RowId)>,
    batches: BTreeMap<MessageId, rows::SentBatch>,
    ready: Vec<rows::ReadyBatch>,
    deletions: Vec<rows::Deletion>,
    reseals: BTreeMap<(Epoch, Token), Micros>,
    recounts: BTreeMap<Epoch, recount::Recounting>,
    confirmed: BTreeMap<Epoch, Micros>,
    matches: BTreeMap<(Handle, DeskId, Handle), Match>,
    hits: BTreeSet<HitId>,
    held: BTreeMap<HitId, Held>,
    decisions: BTreeMap<HitId, (Decision, Outgoing, Option<Micros>)>,
}

impl Member {
    /// An agency with no epoch and no subject.
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            inbox: Inbox::default(),
            epochs: BTreeMap::new(),
            subjects: BTreeMap::new(),
            versions: 0,
            canaries: BTreeMap::new(),
            asked: Vec::new(),
            served: Vec::new(),
            rows: HashMap::new(),
            by_token: BTreeMap::new(),
            live: BTreeMap::new(),
            dummies: BTreeSet::new(),
            batches: BTreeMap::new(),
            ready: Vec::new(),
            deletions: Vec::new(),
            reseals: BTreeMap::new(),
            recounts: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            matches: BTreeMap::new(),
            hits: BTreeSet::new(),
            held: BTreeMap::new(),
            decisions: BTreeMap::new(),
        }
    }
    /// Who this is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
    /// Another version of the sharing agreement comes into force here.
    pub fn agree(&mut self, agreement: domain::agreement::Agreement) {
        self.identity.agreement = agreement;
    }
    fn course(&self, epoch: Epoch) -> Course {
        Course {
            scope: self.identity.scope,
            epoch,
        }
    }

    /// Opens an epoch. Until the known answers are reproduced nothing is put in it; wrong tables or a wrong pepper are
    /// refused at once, and every subject says so.
    pub fn open_epoch(&mut self, opened: Opened, pepper: Pepper) -> Result<(), Refusal> {
        let fits = opened.fits(&pepper);
        let epoch = opened.descriptor().epoch;
        let proven = if fits.is_ok() { None } else { Some(false) };
        self.epochs.insert(
            epoch,
            OpenEpoch {
                opened,
                pepper,
                proven,
            },
        );
        for subject in self.subjects.values_mut() {
            subject.stages.entry(epoch).or_insert(Stage::Waiting(Why::Queued));
        }
        fits
    }

    /// A refresh of the shares: same epoch, same key, other share public keys, a higher number. Answers from before it
    /// are dropped, since they do not combine with those after; whatever waits is asked again under the same id.
    pub fn refreshed(&mut self, opened: Opened) -> Result<(), Refusal> {
        let epoch = opened.descriptor().epoch;
        let known = self.epochs.get_mut(&epoch).ok_or(Refusal::Epoch)?;
        if known.opened == opened {
            return Ok(());
        }
        if !opened.refreshes(&known.opened) {
            return Err(Refusal::KnownAnswers);
        }
        known.opened = opened;
        self.asked
            .iter_mut()
            .filter(|asked| asked.epoch() == epoch)
            .for_each(tokens::Asked::begin_again);
        Ok(())
    }

    /// Closes an epoch: its pepper, rows and outputs are destroyed here. Matches stay. A subject that is done in no
    /// other epoch is unchecked from now on.
    pub fn close_epoch(&mut self, epoch: Epoch, now: Micros) {
        self.epochs.remove(&epoch);
        self.rows.retain(|_, row| row.epoch != epoch);
        self.by_token.retain(|(e, _), _| *e != epoch);
        self.live.retain(|(e, _), _| *e != epoch);
        self.dummies.retain(|(e, _)| *e != epoch);
        self.batches.retain(|_, batch| batch.epoch != epoch);
        self.ready.retain(|batch| batch.epoch != epoch);
        self.recounts.remove(&epoch);
        self.confirmed.remove(&epoch);
        self.deletions.retain(|deletion| deletion.epoch != epoch);
        self.reseals.retain(|(e, _), _| *e != epoch);
        self.asked.retain(|asked| asked.epoch() != epoch);
        self.served.retain(|served| served.epoch != epoch);
        for subject in self.subjects.values_mut() {
            let was = matches!(subject.stages.remove(&epoch), Some(Stage::Done(_)));
            if was && !subject.is_done() {
                subject.since = now;
            }
        }
    }

    /// Whether every subject that can make a key is done in an epoch: when to sign completion.
    pub fn complete_in(&self, epoch: Epoch) -> bool {
        let done = |subject: &Subject| matches!(subject.stages.get(&epoch), Some(Stage::Done(_)));
        self.subjects
            .values()
            .filter(|subject| !subject.keys.is_empty())
            .all(done)
    }

    /// Enters a subject. Entering it again with the same keys changes nothing; with other keys it is asked afresh and
    /// its earlier rows are withdrawn. No role of the subject is taken: none may matter.
    pub fn enrol(&mut self, handle: Handle, keys: Vec<MatchKey>, urgent: bool, now: Micros) {
        if let Some(known) = self.subjects.get_mut(&handle) {
            known.urgent |= urgent;
            if known.keys == keys {
                return;
            }
            self.withdraw(handle, now);
        }
        let stages = self
            .epochs
            .keys()
            .map(|epoch| (*epoch, Stage::Waiting(Why::Queued)))
            .collect();
        self.versions = self.versions.saturating_add(1);
        self.subjects.insert(
            handle,
            Subject {
                keys,
                urgent,
                since: now,
                version: self.versions,
                stages,
            },
        );
    }

    /// Enters a canary: an invented subject whose hits are no matches and are shown to nobody, only counted.
    pub fn enrol_canary(&mut self, canary: &Canary, now: Micros) {
        self.canaries.insert(canary.handle, canary.hour);
        self.enrol(canary.handle, canary.keys.clone(), false, now);
    }

    /// Withdraws a subject: its rows are deleted in a mixed bulk batch within 24 hours. Matches stay. Used when its
    /// retention ends, and when a shield desk takes it over. A row it shared with another of our subjects is sealed
    /// again for that other one, so that its handle is named nowhere.
    pub fn withdraw(&mut self, handle: Handle, now: Micros) {
        self.subjects.remove(&handle);
        self.canaries.remove(&handle);
        let mut orphaned = Vec::new();
        for (place, holders) in &mut self.by_token {
            let before = holders.len();
            holders.retain(|(h, _)| *h != handle);
            if holders.is_empty() {
                orphaned.push(*place);
            } else if holders.len() < before {
                self.reseals.entry(*place).or_insert(now);
            }
        }
        for place in orphaned {
            self.by_token.remove(&place);
            if let Some(row) = self.live.remove(&place) {
                self.deletions
                    .push(rows::Deletion::new(place.0, place.1, row, now));
            }
        }
    }

    /// What a subject's page says. None for a subject not entered.
    pub fn check(&self, handle: Handle, now: Micros) -> Option<Check> {
        let subject = self.subjects.get(&handle)?;
        if subject.keys.is_empty() {
            return Some(Check::waiting(subject.since, Why::NoKeys, now));
        }
        let Some((epoch, open)) = self.epochs.first_key_value() else {
            return Some(Check::waiting(subject.since, Why::NoEpoch, now));
        };
        if open.proven == Some(false) {
            return Some(Check::waiting(subject.since, Why::WrongTables, now));
        }
        Some(match subject.stages.get(epoch) {
            Some(Stage::Done(at)) => Check::Checked(*at),
            Some(Stage::Asked) => Check::waiting(subject.since, Why::KeyHolders, now),
            Some(Stage::Waiting(why) | Stage::Put(why)) => Check::waiting(subject.since, *why, now),
            None => Check::waiting(subject.since, Why::Queued, now),
        })
    }

    /// Handles entered, canaries apart.
    pub fn handles(&self) -> impl Iterator<Item = Handle> {
        let real = |handle: &Handle| !self.canaries.contains_key(handle);
        self.subjects.keys().copied().filter(real)
    }
    fn held_keys(&self, handle: Handle) -> KeySet {
        self.subjects
            .get(&handle)
            .map(|subject| held(&subject.keys))
            .unwrap_or_default()
    }
    /// Moves a subject on, unless it was entered with other keys since.
    fn set_stage(&mut self, (handle, version): Who, epoch: Epoch, stage: Stage) {
        let known = self.subjects.get_mut(&handle);
        if let Some(subject) = known.filter(|subject| subject.version == version) {
            subject.stages.insert(epoch, stage);
        }
    }
    fn is_current(&self, (handle, version): Who) -> bool {
        self.subjects
            .get(&handle)
            .is_some_and(|subject| subject.version == version)
    }

    /// Time passes: whatever has no answer is sent again, byte for byte under the same id.
    pub fn tick(&mut self, now: Micros) -> Vec<Outgoing> {
        let mut out = Vec::new();
        self.asked.iter_mut().for_each(|asked| asked.again(now, &mut out));
        for batch in self.batches.values_mut() {
            let wait = if batch.refused { RETRY_REFUSED } else { RETRY };
            if now.since(batch.sent) >= wait {
                batch.sent = now;
                out.push(batch.message.clone());
            }
        }
        self.recounts
            .values_mut()
            .for_each(|recount| recount.again(now, &mut out));
        for (_, message, sent) in self.decisions.values_mut() {
            if sent.is_some_and(|sent| now.since(sent) >= RETRY) {
                *sent = Some(now);
                out.push(message.clone());
            }
        }
        self.inbox.forget(now);
        out
    }
}

impl Subject {
    fn is_done(&self) -> bool {
        self.stages.values().any(|stage| matches!(stage, Stage::Done(_)))
    }
    /// Whether it goes alone and at once: immediate risk, and nobody was asked about it yet.
    fn is_pressing(&self) -> bool {
        self.urgent && !self.is_done()
    }
}
