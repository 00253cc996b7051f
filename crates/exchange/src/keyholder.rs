//! A key-holder: serves each ticket once, at most 16 points a subject, with a proof, and remembers the digest of what
//! it was asked. It learns which agency, how many and when; blinding hides everything else.

use crate::draw::Draw;
use crate::envelope::{Course, Outgoing, Verified};
use crate::fishing::{Quotas, Verdict};
use crate::ids::{Digest, Epoch, MessageId, Micros, PartyId};
use crate::message::{EvalReply, EvalRequest, MOST};
use crate::oprf::{OprfError, Secret};
use crate::refusal::Refusal;
use crate::threshold::Seat;
use crate::ticket::{self, LogKeys, POINTS_PER_SUBJECT};
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

#[derive(Clone, Debug)]
struct Served {
    of: MessageId,
    batch: Digest,
    reply: Outgoing,
}

/// The state of one key-holder.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    seat: Seat,
    shares: HashMap<Epoch, Secret>,
    agencies: HashMap<PartyId, LogKeys>,
    quotas: Quotas,
    served: HashMap<(Epoch, Hash), Served>,
    renewed: HashSet<(Epoch, Hash)>,
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
            served: HashMap::new(),
            renewed: HashSet::new(),
            loud: Vec::new(),
        }
    }
    /// Takes a share for an epoch; a refreshed share replaces the old one.
    pub fn hold(&mut self, epoch: Epoch, share: Secret) {
        self.shares.insert(epoch, share);
    }
    /// Destroys the share of a closed epoch, with everything served under it. True if there was one.
    pub fn destroy(&mut self, epoch: Epoch) -> bool {
        self.served.retain(|(e, _), _| *e != epoch);
        self.renewed.retain(|(e, _)| *e != epoch);
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
    /// Leaf and digest of every batch served, for the audit.
    pub fn served(&self) -> impl Iterator<Item = (Epoch, &Hash, &Digest)> {
        self.served
            .iter()
            .map(|((epoch, leaf), served)| (*epoch, leaf, &served.batch))
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

    /// Serves a request, or repeats the answer it gave to the same bytes.
    pub fn serve(
        &mut self,
        request: &Verified<EvalRequest>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Outgoing, Refusal> {
        let (agency, epoch) = (request.from(), request.envelope().epoch);
        let body = request.value();
        let share = self.shares.get(&epoch).ok_or(Refusal::Epoch)?;
        let keys = self.agencies.get(&agency).ok_or(Refusal::Sender)?;
        let proven = ticket::verify(&body.ticket, keys)?;
        let points = u64::try_from(body.points.len()).unwrap_or(u64::MAX);
        let allowed = u64::from(proven.subjects).saturating_mul(u64::from(POINTS_PER_SUBJECT));
        if body.points.is_empty() || body.points.len() > MOST || points > allowed {
            return Err(Refusal::TicketSize);
        }
        let batch = ticket::batch_digest(&body.points);
        if let Some(served) = self.served.get(&(epoch, proven.leaf)) {
            let same = served.batch == batch && served.of == request.id();
            return if same {
                Ok(served.reply.clone())
            } else {
                Err(Refusal::TicketUsed)
            };
        }
        if proven
            .renews
            .is_some_and(|old| self.renewed.contains(&(epoch, old)))
        {
            return Err(Refusal::TicketUsed);
        }
        let (evaluated, proof) = share.evaluate(&body.points, &draw.scalar()).map_err(|error| {
            if error == OprfError::Batch {
                Refusal::TicketSize
            } else {
                Refusal::Element
            }
        })?;
        self.within_quota(agency, points, body.urgent, now)?;
        self.renewed.extend(proven.renews.map(|old| (epoch, old)));
        let reply = EvalReply {
            of: request.id(),
            seat: self.seat,
            points: evaluated,
            proof: proof.to_bytes(),
        };
        let course = Course {
            scope: request.envelope().scope,
            epoch,
        };
        let reply = Outgoing::new(agency, course, now, &reply);
        self.served.insert(
            (epoch, proven.leaf),
            Served {
                of: request.id(),
                batch,
                reply: reply.clone(),
            },
        );
        Ok(reply)
    }
}
