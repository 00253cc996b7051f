//! Two witnesses in the simulation, and everybody's watch on the agencies' logs: an agency whose log came back from an
//! old backup is told by a witness, or found out by its own signed envelopes.

use super::net::Sim;
use super::world::*;
use exchange::envelope::Verified;
use exchange::witnessing::{Rollback, Seen, Standing, Watch, standing};
use ledger::checkpoint::SignedCheckpoint;
use ledger::key::{COSIGNATURE, SignerKey};
use ledger::submit;
use ledger::witness::{Request, Seen as Held};
use std::collections::BTreeMap;

/// The two witnesses, and what they and the exchange hold of each log.
pub struct Witnesses {
    keys: [SignerKey; 2],
    held: [BTreeMap<String, Held>; 2],
    watches: BTreeMap<String, Watch>,
    generations: [u8; AGENCIES as usize],
    /// Logs that came back smaller than they had been seen, by agency.
    pub rolled_back: BTreeMap<u8, u64>,
    /// Whether any log came back smaller, seen before or not: mail on its way may still show it.
    pub any_loss: bool,
    /// Successor logs begun.
    pub successors: usize,
    /// Heads a witness would not sign.
    pub refused: usize,
    pub rollbacks: Vec<(String, Rollback)>,
    pub forks: usize,
}

impl Witnesses {
    pub fn new() -> Self {
        let key = |n: u8| SignerKey::from_seed("witness.example/w", COSIGNATURE, &[n; 32]).unwrap();
        Self {
            keys: [key(1), key(2)],
            held: [BTreeMap::new(), BTreeMap::new()],
            watches: BTreeMap::new(),
            generations: [0; AGENCIES as usize],
            rolled_back: BTreeMap::new(),
            any_loss: false,
            successors: 0,
            refused: 0,
            rollbacks: Vec::new(),
            forks: 0,
        }
    }
}

impl Sim {
    /// An agency has its head signed by both witnesses, as far as it reaches them.
    pub fn have_witnessed(&mut self, n: u8) {
        let log = &self.world.logs[usize::from(n)];
        let head = SignedCheckpoint::parse(&log.checkpoint()).unwrap();
        let seconds = u64::try_from(self.now.0 / 1_000_000).unwrap();
        for w in 0..2 {
            if self.draw.below(100) < self.faults.lose_percent {
                continue;
            }
            let held = self.witnesses.held[w].get(log.name()).cloned();
            let old = held.as_ref().map_or(0, |held| held.size);
            let proof = log.consistency(old);
            let request = Request::parse(&submit::request(old.min(log.size()), &proof, &head)).unwrap();
            let keys = [log.keys().log];
            let decision = request.decide(&keys, held.as_ref(), &self.witnesses.keys[w], seconds);
            self.witnesses.refused += usize::from(decision.answer.status != 200);
            if let Some(keep) = decision.keep {
                self.witnesses.held[w].insert(log.name().to_owned(), keep);
            }
        }
    }

    /// An agency comes back with an old log: it asks the witnesses first, and begins a successor if one holds more.
    pub fn restart_log(&mut self, n: u8, old: Log, before: u64) {
        let at = usize::from(n);
        self.world.logs[at] = old;
        let log = &self.world.logs[at];
        if log.size() == before {
            return;
        }
        self.witnesses.any_loss = true;
        // what nobody outside has seen yet, nobody can miss
        let seen = self
            .witnesses
            .watches
            .get(log.name())
            .and_then(|w| w.newest().map(|(size, _)| size));
        let witnessed = self
            .witnesses
            .held
            .iter()
            .filter_map(|held| held.get(log.name()).map(|h| h.size))
            .max();
        if seen.max(witnessed).is_some_and(|size| size > log.size()) {
            self.witnesses.rolled_back.insert(n, before);
        }
        let reached = self.draw.below(3);
        let held: Vec<u64> = (0..2)
            .filter(|w| reached == 2 || reached == *w)
            .filter_map(|w| {
                self.witnesses.held[w as usize]
                    .get(log.name())
                    .map(|held| held.size)
            })
            .collect();
        if let Standing::RolledBack(_) = standing(log.size(), &held) {
            self.witnesses.successors += 1;
            self.witnesses.generations[at] += 1;
            self.world.logs[at] = Log::generation(n, self.witnesses.generations[at]);
            for holder in &mut self.world.holders {
                holder.admit(agency(n), self.world.logs[at].keys());
            }
        }
    }

    /// The exchange looks at the head an agency's envelope carries.
    pub fn watch(&mut self, seen: &Verified<()>) {
        let Ok(head) = SignedCheckpoint::parse(&seen.envelope().checkpoint.0) else {
            return;
        };
        let origin = head.checkpoint().origin.clone();
        let n = seen.from().0[0];
        let key = Log::generation(n, origin.rsplit('/').next().unwrap().parse().unwrap())
            .keys()
            .log;
        let watch = self
            .witnesses
            .watches
            .entry(origin.clone())
            .or_insert_with(|| Watch::new(vec![key.clone()]));
        let (looked, rollback) = watch.envelope(seen, self.now).unwrap();
        if let Some(rollback) = rollback {
            assert_eq!(
                rollback.check(&self.world.keys, core::slice::from_ref(&key)),
                Ok(())
            );
            self.witnesses.rollbacks.push((origin, rollback));
        }
        if let Seen::Forked(fork) = looked {
            assert_eq!(fork.check(&[key]), Ok(()));
            self.witnesses.forks += 1;
        }
    }
}
