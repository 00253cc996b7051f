//! A key-holder: serves each ticket once, at most 16 points a subject, with a proof, and remembers the digest of what
//! it was asked. It learns which agency, how many and when; blinding hides everything else.

use crate::draw::Draw;
use crate::envelope::{Course, Inbox, Outgoing, Verified};
use crate::fishing::{Quotas, Verdict};
use crate::ids::{Digest, Epoch, MessageId, Micros, PartyId};
use crate::message::{EvalReply, EvalRequest, MOST};
use crate::oprf::{OprfError, Secret};
use crate::refusal::Refusal;
use crate::threshold::Seat;
use crate::ticket::{self, LogKeys, POINTS_PER_SUBJECT, Proven};
use ledger::hash::Hash;
use std::collections::{HashMap, HashSet};

/// What happened that the overseer is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loud {
    /// Which agency.
    pub agency: PartyId,
    /// How many points.
    pub points: u64,
    /// Whether it was served.
    pub served: bool,
    /// When.
    pub at: Micros,
}

/// A batch that was served, as the audit asks for it. Kept when its epoch's share is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The epoch.
    pub epoch: Epoch,
    /// How many points: each is a chance of being drawn.
    pub points: u32,
    /// The digest of the points.
    pub batch: Digest,
    /// The message that was answered.
    pub of: MessageId,
    /// The size and root of the agency's log that the leaf was shown under: a log that no longer has it was rewritten.
    pub log: (u64, Hash),
    /// When.
    pub at: Micros,
}

/// The share of one epoch.
#[derive(Clone, Debug)]
struct Held {
    refresh: u32,
    secret: Secret,
}

/// The state of one key-holder.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    seat: Seat,
    shares: HashMap<Epoch, Held>,
    agencies: HashMap<PartyId, LogKeys>,
    quotas: Quotas,
    inbox: Inbox,
    register: HashMap<(PartyId, Hash), Entry>,
    /// Replies as given, with the refresh they were given under.
    replies: HashMap<(PartyId, Hash), (u32, Outgoing)>,
    renewed: HashSet<(PartyId, Hash)>,
    loud: Vec<Loud>,
}

impl KeyHolder {
    /// A key-holder without shares or agencies.
    pub fn new(seat: Seat) -> Self {
        Self {
            seat,
            shares: HashMap::new(),
            agencies: HashMap::new(),
            quotas: Quotas::default(),
            inbox: Inbox::default(),
            register: HashMap::new(),
            replies: HashMap::new(),
            renewed: HashSet::new(),
            loud: Vec::new(),
        }
    }
    /// Takes a share for an epoch, or a refreshed one in place of the old. False for a share from before the one held:
    /// its proofs would be refused, and look like a lie.
    pub fn hold(&mut self, epoch: Epoch, refresh: u32, secret: Secret) -> bool {
        if self.shares.get(&epoch).is_some_and(|held| held.refresh > refresh) {
            return false;
        }
        self.shares.insert(epoch, Held { refresh, secret });
        true
    }
    /// Destroys the share of a closed epoch, with every answer given under it. The register stays: the audit may draw
    /// a leaf after its epoch. True if there was a share.
    pub fn destroy(&mut self, epoch: Epoch) -> bool {
        let register = &self.register;
        self.replies
            .retain(|key, _| register.get(key).is_some_and(|entry| entry.epoch != epoch));
        self.shares.remove(&epoch).is_some()
    }
    /// Lists an agency with the keys of its log.
    pub fn admit(&mut self, agency: PartyId, keys: LogKeys) {
        self.agencies.insert(agency, keys);
    }
    /// The quotas, to be set from the agreement.
    pub fn quotas_mut(&mut self) -> &mut Quotas {
        &mut self.quotas
    }
    /// What the overseer is to be told; emptied by reading.
    pub fn take_loud(&mut self) -> Vec<Loud> {
        core::mem::take(&mut self.loud)
    }
    /// Every batch served, by agency and leaf: what the audit draws from, and what inspectors compare with the openings.
    pub fn register(&self) -> impl Iterator<Item = (PartyId, &Hash, &Entry)> {
        self.register
            .iter()
            .map(|((agency, leaf), entry)| (*agency, leaf, entry))
    }
    /// Time passes: what is too old to be sent again is forgotten.
    pub fn tick(&mut self, now: Micros) {
        self.inbox.forget(now);
    }

    /// Counts a batch. Over the quota it is refused, or served if urgent; either is loud.
    fn within_quota(
        &mut self,
        agency: PartyId,
        points: u64,
        urgent: bool,
        now: Micros,
    ) -> Result<(), Refusal> {
        let verdict = self.quotas.take(agency, points, urgent, now);
        let served = verdict != Verdict::Refuse;
        if verdict != Verdict::Serve {
            self.loud.push(Loud {
                agency,
                points,
                served,
                at: now,
            });
        }
        if served { Ok(()) } else { Err(Refusal::Quota) }
    }

    /// Serves a request, or repeats the answer it gave to the same bytes. A repeat after a refresh of the shares is
    /// evaluated again with the new share: the old answer would fit no descriptor.
    pub fn serve(
        &mut self,
        request: &Verified<EvalRequest>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Outgoing, Refusal> {
        self.inbox.look(request)?;
        let (agency, epoch, body) = (request.from(), request.envelope().epoch, request.value());
        let held = self.shares.get(&epoch).ok_or(Refusal::Epoch)?;
        let ticket = self.ticket(agency, epoch, body)?;
        let (key, refresh) = ((agency, ticket.leaf), held.refresh);
        let entry = Entry {
            epoch,
            points: u32::try_from(body.points.len()).unwrap_or(u32::MAX),
            batch: ticket::batch_digest(&body.points),
            of: request.id(),
            log: ticket.log,
            at: now,
        };
        let known = self.register.get(&key).copied();
        if let Some(known) = known {
            if (known.batch, known.of) != (entry.batch, entry.of) {
                return Err(Refusal::TicketUsed);
            }
            if let Some((_, reply)) = self.replies.get(&key).filter(|(of, _)| *of == refresh) {
                return Ok(reply.clone());
            }
        }
        let (evaluated, proof) = evaluate(&held.secret, &body.points, draw)?;
        if known.is_none() {
            self.charge(agency, &ticket, &entry, body.urgent)?;
        }
        self.inbox.accept(request)?;
        self.register.entry(key).or_insert(entry);
        let course = Course {
            scope: request.envelope().scope,
            epoch,
        };
        let reply = EvalReply {
            of: request.id(),
            seat: self.seat,
            refresh,
            points: evaluated,
            proof: proof.to_bytes(),
        };
        let reply = Outgoing::new(agency, course, now, &reply);
        self.replies.insert(key, (refresh, reply.clone()));
        Ok(reply)
    }

    /// The ticket of a request, if it is proven, for this epoch and large enough.
    fn ticket(&self, agency: PartyId, epoch: Epoch, body: &EvalRequest) -> Result<Proven, Refusal> {
        let keys = self.agencies.get(&agency).ok_or(Refusal::Sender)?;
        let proven = ticket::verify(&body.ticket, keys)?;
        let points = u64::try_from(body.points.len()).unwrap_or(u64::MAX);
        let allowed = u64::from(proven.subjects).saturating_mul(u64::from(POINTS_PER_SUBJECT));
        if body.points.is_empty() || body.points.len() > MOST || points > allowed {
            return Err(Refusal::TicketSize);
        }
        if proven.epoch == epoch {
            Ok(proven)
        } else {
            Err(Refusal::Ticket)
        }
    }

    /// Counts a batch that is served for the first time. A renewal may be claimed once, and is outside the quota when this
    /// key-holder served the old leaf, in an earlier epoch, with at least as many points; otherwise it counts.
    fn charge(
        &mut self,
        agency: PartyId,
        ticket: &Proven,
        entry: &Entry,
        urgent: bool,
    ) -> Result<(), Refusal> {
        let renews = ticket.renews.map(|old| (agency, old));
        if renews.is_some_and(|old| self.renewed.contains(&old)) {
            return Err(Refusal::TicketUsed);
        }
        let known = renews.and_then(|old| self.register.get(&old));
        let free = known.is_some_and(|old| old.epoch < entry.epoch && entry.points <= old.points);
        if !free {
            self.within_quota(agency, u64::from(entry.points), urgent, entry.at)?;
        }
        self.renewed.extend(renews);
        Ok(())
    }
}

type Evaluated = (Vec<[u8; 32]>, crate::oprf::Proof);

fn evaluate(secret: &Secret, points: &[[u8; 32]], draw: &mut Draw) -> Result<Evaluated, Refusal> {
    secret.evaluate_fresh(points, draw).map_err(|error| match error {
        OprfError::Batch => Refusal::TicketSize,
        _ => Refusal::Element,
    })
}
