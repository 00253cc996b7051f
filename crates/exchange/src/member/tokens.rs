//! Tickets, blinding, key-holders' answers, and the tokens they give.

use super::{Member, RETRY, Stage, Subject, Who};
use crate::draw::Draw;
use crate::envelope::{Outgoing, Verified};
use crate::ids::{Epoch, Handle, MessageId, Micros, PartyId};
use crate::matchkey::{self, KeyType, frozen};
use crate::message::{EvalReply, EvalRequest, MOST, TicketProof};
use crate::oprf::{Blinded, Mode, Output, Proof};
use crate::refusal::Refusal;
use crate::threshold::{CombineError, Proven, Seat};
use crate::ticket::{self, Opening};
use crate::token::Input;
use ledger::hash::Hash;
use ledger::leaf::{Presentation, Value};
use std::collections::BTreeSet;

/// Most subjects of one batch: with 16 keys each they fill it.
const SUBJECTS: usize = MOST / matchkey::MOST;

/// What one point stands for: a subject's key, or a known answer.
#[derive(Clone, Debug)]
struct Entry {
    who: Option<Who>,
    kind: KeyType,
    input: Input,
}

/// A batch that was served: named when its subjects move to a new epoch, once for each.
#[derive(Clone, Debug)]
pub(super) struct Served {
    pub(super) epoch: Epoch,
    leaf: Hash,
    points: usize,
    subjects: BTreeSet<Who>,
    renewed: BTreeSet<Epoch>,
}

/// A batch ready for its ticket: the node logs the leaf and comes back with the proof.
#[derive(Clone, Debug)]
pub struct Prepared {
    epoch: Epoch,
    subjects: u32,
    urgent: bool,
    renews: Option<Hash>,
    entries: Vec<Entry>,
    blinded: Blinded,
    openings: Vec<Opening>,
}

impl Prepared {
    /// The epoch the batch is for.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }
    /// The fields of the leaf to log.
    pub fn fields(&self) -> Vec<(&'static str, Value)> {
        let root = ticket::root(&self.openings);
        ticket::fields(self.epoch, self.subjects, &root, self.renews.as_ref())
    }
    /// The openings, to be kept sealed with the leaf for an inspector.
    pub fn openings(&self) -> &[Opening] {
        &self.openings
    }
    /// How many subjects, for the log.
    pub fn subjects(&self) -> u32 {
        self.subjects
    }
}

/// A batch that key-holders were asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) prepared: Prepared,
    leaf: Option<Hash>,
    pub(super) requests: Vec<(Seat, Outgoing, bool)>,
    proven: Vec<Proven>,
    pub(super) refused: Vec<Seat>,
    /// When those that refused are asked once more.
    refused_until: Option<Micros>,
    sent: Micros,
}

impl Asked {
    pub(super) fn epoch(&self) -> Epoch {
        self.prepared.epoch
    }
    /// The shares were refreshed: answers so far are worth nothing, and everybody is asked again.
    pub(super) fn begin_again(&mut self) {
        self.proven.clear();
        let refused = &self.refused;
        self.requests
            .iter_mut()
            .for_each(|(seat, _, answered)| *answered = refused.contains(seat));
    }
    pub(super) fn again(&mut self, now: Micros, out: &mut Vec<Outgoing>) {
        self.ask_refused_again(now);
        if now.since(self.sent) >= RETRY {
            self.sent = now;
            out.extend(
                self.requests
                    .iter()
                    .filter(|(_, _, answered)| !answered)
                    .map(|(_, m, _)| m.clone()),
            );
        }
    }
    /// A refusal may pass: a key-holder that came back from an old backup reads the keys of everybody's log again. Were it
    /// never asked again, one that lies beside it would stop a batch for ever.
    fn ask_refused_again(&mut self, now: Micros) {
        if self.refused.is_empty() {
            return;
        }
        let until = *self.refused_until.get_or_insert(now.plus(super::RETRY_REFUSED));
        if now >= until {
            self.refused.clear();
            self.refused_until = None;
            let proven: Vec<Seat> = self.proven.iter().map(Proven::seat).collect();
            for (seat, _, answered) in &mut self.requests {
                *answered = proven.contains(seat);
            }
        }
    }
}

impl Member {
    /// The known subjects, to be evaluated before anything is put in an epoch. None before the epoch opens, and when
    /// that is done or under way.
    pub fn prepare_known(
        &self,
        epoch: Epoch,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Option<Prepared>, Refusal> {
        let open = self.epochs.get(&epoch).ok_or(Refusal::Epoch)?;
        let under_way = |asked: &Asked| asked.epoch() == epoch && asked.prepared.known();
        if open.proven.is_some() || now < open.opened.descriptor().opens || self.asked.iter().any(under_way) {
            return Ok(None);
        }
        let entries: Vec<Entry> = frozen::known_keys()
            .iter()
            .map(|key| Entry {
                who: None,
                kind: key.kind,
                input: open.pepper.input(key),
            })
            .collect();
        let subjects = u32::try_from(frozen::known_subjects().len()).unwrap_or(u32::MAX);
        prepare((epoch, subjects, false, None), entries, draw).map(Some)
    }

    /// Up to `most` waiting subjects of an epoch in one batch, shuffled. Urgent subjects go first, one to a batch; then
    /// subjects that were asked together in an earlier epoch, as a renewal of that batch; then the rest. The subjects
    /// stay as they were until [`Member::submit`].
    pub fn prepare(
        &self,
        epoch: Epoch,
        most: usize,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Option<Prepared>, Refusal> {
        let open = self.epochs.get(&epoch).ok_or(Refusal::Epoch)?;
        if open.proven != Some(true) || now < open.opened.descriptor().opens {
            return Ok(None);
        }
        let (chosen, urgent, renews) = self.chosen(epoch, most.clamp(1, SUBJECTS));
        if chosen.is_empty() {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for (handle, subject) in &chosen {
            entries.extend(subject.keys.iter().map(|key| Entry {
                who: Some((*handle, subject.version)),
                kind: key.kind,
                input: open.pepper.input(key),
            }));
        }
        draw.shuffle(&mut entries);
        let subjects = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
        prepare((epoch, subjects, urgent, renews), entries, draw).map(Some)
    }

    /// Who goes in the next batch, whether it is urgent, and which earlier batch it renews.
    fn chosen(&self, epoch: Epoch, most: usize) -> (Vec<(Handle, &Subject)>, bool, Option<Hash>) {
        let waits = |subject: &Subject| {
            let waiting = matches!(subject.stages.get(&epoch), Some(Stage::Waiting(_)));
            waiting && !subject.keys.is_empty()
        };
        let waiting = |pressing: bool| {
            let subjects = self.subjects.iter().map(|(handle, subject)| (*handle, subject));
            subjects.filter(move |(_, subject)| waits(subject) && subject.is_pressing() == pressing)
        };
        if let Some(first) = waiting(true).next() {
            return (vec![first], true, None);
        }
        let renewable = |served: &&Served| served.epoch < epoch && !served.renewed.contains(&epoch);
        for served in self.served.iter().filter(renewable) {
            let still = |who: &Who| {
                let subject = self.subjects.get(&who.0)?;
                (subject.version == who.1 && waits(subject)).then_some((who.0, subject))
            };
            let mut points = 0;
            let subjects = served.subjects.iter().filter_map(still);
            let chosen: Vec<_> = subjects
                .take(most)
                .take_while(|(_, subject)| {
                    points += subject.keys.len();
                    points <= served.points
                })
                .collect();
            if !chosen.is_empty() {
                return (chosen, false, Some(served.leaf));
            }
        }
        (waiting(false).take(most).collect(), false, None)
    }

    /// Asks every key-holder, once the ticket's leaf is in the log.
    pub fn submit(&mut self, prepared: Prepared, ticket: TicketProof, now: Micros) -> Vec<Outgoing> {
        let request = EvalRequest {
            ticket,
            urgent: prepared.urgent,
            points: prepared.blinded.encoded().to_vec(),
        };
        let leaf = Presentation::parse(&request.ticket.leaf).ok();
        let leaf = leaf.map(|shown| shown.leaf().hash());
        let course = self.course(prepared.epoch);
        let requests: Vec<_> = self
            .identity
            .holders
            .iter()
            .map(|(seat, party)| (*seat, Outgoing::new(*party, course, now, &request), false))
            .collect();
        for who in prepared.subjects_asked() {
            self.set_stage(who, prepared.epoch, Stage::Asked);
        }
        if let Some(old) = prepared.renews {
            let served = self.served.iter_mut().filter(|served| served.leaf == old);
            served.for_each(|served| {
                served.renewed.insert(prepared.epoch);
            });
        }
        let out = requests.iter().map(|(_, message, _)| message.clone()).collect();
        self.asked.push(Asked {
            prepared,
            leaf,
            requests,
            proven: Vec::new(),
            refused: Vec::new(),
            refused_until: None,
            sent: now,
        });
        out
    }

    /// Takes a key-holder's answer. The first valid quorum is used; a later or repeated answer changes nothing. A proof
    /// that does not hold is refused: the message is evidence against that key-holder. An answer with a share of another
    /// refresh than the descriptor held here is none, and no evidence: one of the two is behind.
    pub fn reply(
        &mut self,
        message: &Verified<EvalReply>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Vec<Outgoing>, Refusal> {
        let body = message.value();
        self.inbox.look(message)?;
        let Some((at, seat)) = self.asked_by(body.of) else {
            return Ok(Vec::new());
        };
        if self.holder(seat) != Some(message.from()) || seat != body.seat {
            return Err(Refusal::Sender);
        }
        let asked = self.asked.get_mut(at).ok_or(Refusal::Unasked)?;
        let open = self.epochs.get(&asked.prepared.epoch).ok_or(Refusal::Epoch)?;
        if body.refresh != open.opened.descriptor().refresh {
            return Err(Refusal::Epoch);
        }
        if asked.proven.iter().any(|proven| proven.seat() == seat) {
            return Ok(Vec::new());
        }
        let proof = Proof::from_bytes(&body.proof).map_err(|_| Refusal::Proof)?;
        let shared = open.opened.shared();
        let proven = shared
            .verify(seat, &asked.prepared.blinded, &body.points, &proof)
            .map_err(|_| Refusal::Proof)?;
        self.inbox.accept(message)?;
        asked.proven.push(proven);
        if let Some((_, _, answered)) = asked.requests.iter_mut().find(|(s, _, _)| *s == seat) {
            *answered = true;
        }
        let inputs: Vec<&Input> = asked.prepared.entries.iter().map(|entry| &entry.input).collect();
        match shared.combine(&inputs, &asked.prepared.blinded, &asked.proven) {
            Err(CombineError::TooFew) => Ok(Vec::new()),
            Err(_) => Err(Refusal::Proof),
            Ok(outputs) => {
                let asked = self.asked.swap_remove(at);
                self.remember_served(&asked);
                self.evaluated(asked.prepared, outputs, now, draw)
            }
        }
    }

    /// The key-holder at a seat.
    pub(super) fn holder(&self, seat: Seat) -> Option<PartyId> {
        let mut holders = self.identity.holders.iter();
        holders.find(|(s, _)| *s == seat).map(|(_, party)| *party)
    }

    pub(super) fn asked_by(&self, of: MessageId) -> Option<(usize, Seat)> {
        self.asked.iter().enumerate().find_map(|(at, asked)| {
            asked
                .requests
                .iter()
                .find(|(_, message, _)| message.id == of)
                .map(|(seat, _, _)| (at, *seat))
        })
    }

    fn remember_served(&mut self, asked: &Asked) {
        let subjects: BTreeSet<Who> = asked.prepared.subjects_asked().into_iter().collect();
        if let Some(leaf) = asked.leaf.filter(|_| !subjects.is_empty()) {
            self.served.push(Served {
                epoch: asked.prepared.epoch,
                leaf,
                points: asked.prepared.entries.len(),
                subjects,
                renewed: BTreeSet::new(),
            });
        }
    }

    fn evaluated(
        &mut self,
        prepared: Prepared,
        outputs: Vec<Output>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Vec<Outgoing>, Refusal> {
        if prepared.known() {
            let open = self.epochs.get_mut(&prepared.epoch).ok_or(Refusal::Epoch)?;
            let held = open.opened.reproduced(&outputs);
            open.proven = Some(held.is_ok());
            return held.map(|()| Vec::new());
        }
        let rows = prepared.entries.iter().zip(outputs);
        let rows = rows
            .filter_map(|(entry, y)| entry.who.map(|who| (who, entry.kind, y)))
            .collect();
        Ok(self.seal_rows(prepared.epoch, prepared.urgent, rows, now, draw))
    }
}

impl Prepared {
    pub(super) fn known(&self) -> bool {
        self.entries.iter().all(|entry| entry.who.is_none())
    }
    pub(super) fn subjects_asked(&self) -> Vec<Who> {
        let mut all: Vec<Who> = self.entries.iter().filter_map(|entry| entry.who).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Blinds entries and commits to them, for an epoch, a number of subjects, urgent or not, renewing a leaf or not.
fn prepare(
    (epoch, subjects, urgent, renews): (Epoch, u32, bool, Option<Hash>),
    entries: Vec<Entry>,
    draw: &mut Draw,
) -> Result<Prepared, Refusal> {
    let blinds: Vec<_> = entries.iter().map(|_| draw.scalar()).collect();
    let openings = entries
        .iter()
        .zip(&blinds)
        .map(|(entry, blind)| Opening {
            salt: draw.bytes(),
            input: entry.input.0,
            blind: *blind,
        })
        .collect();
    let inputs: Vec<&Input> = entries.iter().map(|entry| &entry.input).collect();
    let blinded = Blinded::new(&inputs, blinds, Mode::Verifiable).map_err(|_| Refusal::Element)?;
    Ok(Prepared {
        epoch,
        subjects,
        urgent,
        renews,
        entries,
        blinded,
        openings,
    })
}
