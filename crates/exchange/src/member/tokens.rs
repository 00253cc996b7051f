//! Tickets, blinding, key-holders' answers, and the tokens they give.

use super::{Member, RETRY, Stage};
use crate::draw::Draw;
use crate::envelope::{Outgoing, Verified};
use crate::ids::{Epoch, Handle, MessageId, Micros};
use crate::matchkey::{KeyType, frozen};
use crate::matchstate::Why;
use crate::message::{EvalReply, EvalRequest, TicketProof};
use crate::oprf::{Blinded, Mode, Output, Proof};
use crate::refusal::{Refusal, Refused};
use crate::threshold::{CombineError, Proven, Seat};
use crate::ticket::{self, Opening};
use crate::token::Input;
use ledger::leaf::Value;

/// What one point stands for: a subject's key, or a known answer.
#[derive(Clone, Debug)]
struct Entry {
    handle: Option<Handle>,
    kind: KeyType,
    input: Input,
}

/// A batch ready for its ticket: the node logs the leaf and comes back with the proof.
#[derive(Clone, Debug)]
pub struct Prepared {
    epoch: Epoch,
    subjects: u32,
    urgent: bool,
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
    pub fn fields(&self) -> [(&'static str, Value); 3] {
        ticket::fields(self.subjects, &ticket::root(&self.openings))
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
    prepared: Prepared,
    requests: Vec<(Seat, Outgoing, bool)>,
    proven: Vec<Proven>,
    refused: Vec<Seat>,
    sent: Micros,
}

impl Asked {
    pub(super) fn epoch(&self) -> Epoch {
        self.prepared.epoch
    }
    pub(super) fn again(&mut self, now: Micros, out: &mut Vec<Outgoing>) {
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
}

impl Member {
    /// The known subjects, to be evaluated before anything is put in an epoch. None when that is done or under way.
    pub fn prepare_known(&self, epoch: Epoch, draw: &mut Draw) -> Result<Option<Prepared>, Refusal> {
        let open = self.epochs.get(&epoch).ok_or(Refusal::Epoch)?;
        if open.proven.is_some()
            || self
                .asked
                .iter()
                .any(|a| a.epoch() == epoch && a.prepared.known())
        {
            return Ok(None);
        }
        let entries: Vec<Entry> = frozen::known_keys()
            .iter()
            .map(|key| Entry {
                handle: None,
                kind: key.kind,
                input: open.pepper.input(key),
            })
            .collect();
        let subjects = u32::try_from(frozen::known_subjects().len()).unwrap_or(u32::MAX);
        prepare(epoch, subjects, false, entries, draw).map(Some)
    }

    /// Up to `most` waiting subjects of an epoch in one batch, shuffled. Urgent subjects go first, one to a batch. The
    /// subjects stay as they were until [`Member::submit`].
    pub fn prepare(&self, epoch: Epoch, most: usize, draw: &mut Draw) -> Result<Option<Prepared>, Refusal> {
        let open = self.epochs.get(&epoch).ok_or(Refusal::Epoch)?;
        if open.proven != Some(true) {
            return Ok(None);
        }
        let waiting = |urgent: bool| {
            self.subjects.iter().filter(move |(_, s)| {
                s.urgent == urgent
                    && !s.keys.is_empty()
                    && matches!(s.stages.get(&epoch), Some(Stage::Waiting(_)))
            })
        };
        let urgent: Vec<_> = waiting(true).take(1).collect();
        let (chosen, urgent) = match urgent.is_empty() {
            true => (waiting(false).take(most).collect(), false),
            false => (urgent, true),
        };
        if chosen.is_empty() {
            return Ok(None);
        }
        let mut entries = Vec::new();
        for (handle, subject) in &chosen {
            entries.extend(subject.keys.iter().map(|key| Entry {
                handle: Some(**handle),
                kind: key.kind,
                input: open.pepper.input(key),
            }));
        }
        draw.shuffle(&mut entries);
        prepare(
            epoch,
            u32::try_from(chosen.len()).unwrap_or(u32::MAX),
            urgent,
            entries,
            draw,
        )
        .map(Some)
    }

    /// Asks every key-holder, once the ticket's leaf is in the log.
    pub fn submit(&mut self, prepared: Prepared, ticket: TicketProof, now: Micros) -> Vec<Outgoing> {
        let request = EvalRequest {
            ticket,
            urgent: prepared.urgent,
            points: prepared.blinded.encoded().to_vec(),
        };
        let course = self.course(prepared.epoch);
        let requests: Vec<_> = self
            .identity
            .holders
            .iter()
            .map(|(seat, party)| (*seat, Outgoing::new(*party, course, now, &request), false))
            .collect();
        for entry in &prepared.entries {
            if let Some(handle) = entry.handle {
                self.set_stage(handle, prepared.epoch, Stage::Asked);
            }
        }
        let out = requests.iter().map(|(_, message, _)| message.clone()).collect();
        self.asked.push(Asked {
            prepared,
            requests,
            proven: Vec::new(),
            refused: Vec::new(),
            sent: now,
        });
        out
    }

    /// Takes a key-holder's answer. The first valid quorum is used; a later or repeated answer changes nothing. A proof
    /// that does not hold is refused: the message is evidence against that key-holder.
    pub fn reply(
        &mut self,
        message: &Verified<EvalReply>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Vec<Outgoing>, Refusal> {
        let body = message.value();
        let Some((at, seat)) = self.asked_by(body.of) else {
            return Ok(Vec::new());
        };
        let holder = self
            .identity
            .holders
            .iter()
            .find(|(s, _)| *s == seat)
            .map(|(_, party)| *party);
        if holder != Some(message.from()) || seat != body.seat {
            return Err(Refusal::Sender);
        }
        let asked = self.asked.get_mut(at).ok_or(Refusal::Unasked)?;
        let open = self.epochs.get(&asked.prepared.epoch).ok_or(Refusal::Epoch)?;
        if asked.proven.iter().any(|proven| proven.seat() == seat) {
            return Ok(Vec::new());
        }
        let proof = Proof::from_bytes(&body.proof).map_err(|_| Refusal::Proof)?;
        let shared = open.opened.shared();
        let proven = shared
            .verify(seat, &asked.prepared.blinded, &body.points, &proof)
            .map_err(|_| Refusal::Proof)?;
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
                self.evaluated(asked.prepared, outputs, now, draw)
            }
        }
    }

    fn asked_by(&self, of: MessageId) -> Option<(usize, Seat)> {
        self.asked.iter().enumerate().find_map(|(at, asked)| {
            asked
                .requests
                .iter()
                .find(|(_, message, _)| message.id == of)
                .map(|(seat, _, _)| (at, *seat))
        })
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
            .filter_map(|(entry, y)| entry.handle.map(|handle| (handle, entry.kind, y)))
            .collect();
        Ok(self.seal_rows(prepared.epoch, prepared.urgent, rows, now, draw))
    }

    /// A key-holder refused. The others may still serve: only when too few are left for a quorum is the batch given up,
    /// to be asked afresh under a new ticket, and the subjects' pages say why.
    pub fn refused(&mut self, message: &Verified<Refused>) {
        let body = message.value();
        let Some((at, seat)) = self.asked_by(body.of) else {
            return;
        };
        let holder = self
            .identity
            .holders
            .iter()
            .find(|(s, _)| *s == seat)
            .map(|(_, party)| *party);
        let Some(asked) = self.asked.get_mut(at).filter(|_| holder == Some(message.from())) else {
            return;
        };
        if let Some((_, _, answered)) = asked.requests.iter_mut().find(|(s, _, _)| *s == seat) {
            *answered = true;
        }
        if !asked.refused.contains(&seat) {
            asked.refused.push(seat);
        }
        let epoch = asked.prepared.epoch;
        let need = self
            .epochs
            .get(&epoch)
            .map_or(0, |open| usize::from(open.opened.shared().threshold));
        if asked.requests.len().saturating_sub(asked.refused.len()) >= need {
            return;
        }
        let why = if body.rule == Refusal::Quota.code() {
            Why::Quota
        } else {
            Why::Queued
        };
        let asked = self.asked.swap_remove(at);
        for handle in asked.prepared.entries.iter().filter_map(|entry| entry.handle) {
            self.set_stage(handle, epoch, Stage::Waiting(why));
        }
    }
}

impl Prepared {
    fn known(&self) -> bool {
        self.entries.iter().all(|entry| entry.handle.is_none())
    }
}

fn prepare(
    epoch: Epoch,
    subjects: u32,
    urgent: bool,
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
        entries,
        blinded,
        openings,
    })
}
