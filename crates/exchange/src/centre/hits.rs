//! What two rows that meet lead to: both notices in one step, or a notice held for its custodians; collection;
//! decisions; lapses; and an agreement that is replaced.

use super::{Centre, Hit, Phase, Slot, Waiting};
use crate::custodian::HeldHit;
use crate::envelope::{Outgoing, Verified};
use crate::ids::{HitId, Micros, RowId};
use crate::index::{Desk, DeskKind, DeskNo, Met};
use crate::message::{Agreeable as _, Collected, Decision, Held, Lapsed, Notice, OtherSide, Outcome, Side};
use crate::refusal::Refusal;
use domain::agreement::Agreement;
use domain::time::Instant;

impl Centre {
    /// Writes a hit for both sides in one step, told or held. A hit already known changes nothing.
    pub(super) fn commit_hit(&mut self, one: &Met, two: &Met, shields: &[(DeskNo, RowId)], now: Micros) {
        let hit = HitId::of(one.id, two.id);
        let directory = self.index.directory();
        let (Some(first), Some(second)) = (
            directory.desk(one.desk).copied(),
            directory.desk(two.desk).copied(),
        ) else {
            return;
        };
        let agencies = [first.agency, second.agency];
        let allowed = self
            .agreement
            .may_meet(first.agency.0, second.agency.0, Instant(now.0));
        if self.hits.contains_key(&hit) || allowed.is_err() {
            return;
        }
        let urgent = one.urgent || two.urgent;
        let notices = notices((first, one), (second, two), now, urgent);
        let guards = guards([(one, first), (two, second)], shields);
        let mut known = Hit {
            notices,
            agencies,
            phase: Phase::Told {
                collected: [false; 2],
            },
        };
        if guards.is_empty() {
            self.hits.insert(hit, known);
            return self.tell(hit, now);
        }
        let held = HeldHit::new(guards.iter().map(|(desk, _)| *desk).collect(), urgent, now);
        for guard in guards {
            self.hold(&known.notices, guard, held.due, now);
        }
        known.phase = Phase::Held(held);
        self.hits.insert(hit, known);
    }

    /// Queues both notices of a hit.
    fn tell(&mut self, hit: HitId, now: Micros) {
        let Some(known) = self.hits.get_mut(&hit) else {
            return;
        };
        known.phase = Phase::Told {
            collected: [false; 2],
        };
        for (notice, agency) in known.notices.iter().zip(known.agencies) {
            let message = Outgoing::new(agency, self.course, now, notice);
            self.waiting.insert(
                (agency, Slot::Notice(hit, notice.desk)),
                Waiting { message, sent: None },
            );
        }
    }

    /// Queues what one guard is told: both sides, and its own row under the token, which opens their pointers.
    fn hold(&mut self, notices: &[Notice; 2], (guard, under): (DeskNo, RowId), due: Micros, now: Micros) {
        let Some(desk) = self.index.directory().desk(guard).copied() else {
            return;
        };
        let side = |mine: &Notice, other: &Notice| Side {
            desk: mine.desk,
            agency: other.their_agency,
            row: mine.mine,
            pointer: other.pointer,
        };
        let [one, two] = notices;
        let held = Held {
            hit: one.hit,
            desk: desk.id,
            under,
            sides: vec![side(one, two), side(two, one)],
            due,
            urgent: one.urgent,
        };
        let message = Outgoing::new(desk.agency, self.course, now, &held);
        self.waiting.insert(
            (desk.agency, Slot::Held(one.hit, desk.id)),
            Waiting { message, sent: None },
        );
    }

    /// Takes note that notices are durable at their receiver; tells each other side so. A party that is no side of a
    /// hit learns nothing of it.
    pub fn collected(
        &mut self,
        message: &Verified<Collected>,
        now: Micros,
    ) -> Result<Vec<Outgoing>, Refusal> {
        self.in_course(message)?;
        self.inbox.accept(message)?;
        let (party, body) = (message.from(), message.value());
        self.waiting.retain(|(to, slot), _| {
            let done = match slot {
                Slot::Notice(hit, _) => body.hits.contains(hit),
                Slot::Held(hit, _) => body.held.contains(hit),
                Slot::Lapsed(hit) => body.lapsed.contains(hit),
                Slot::Crowded(row, desks) => body.crowded.contains(&(*row, *desks)),
            };
            !(*to == party && done)
        });
        let mut out = Vec::new();
        for hit in &body.hits {
            let Some(known) = self.hits.get_mut(hit) else {
                continue;
            };
            let Phase::Told { collected } = &mut known.phase else {
                continue;
            };
            let sides = || known.agencies.iter().copied();
            let (Some(mine), Some(other)) = (
                sides().position(|agency| agency == party),
                sides().position(|agency| agency != party),
            ) else {
                continue;
            };
            if let Some(mine) = collected.get_mut(mine) {
                *mine = true;
            }
            let other_has = collected.get(other).copied().unwrap_or(false);
            let told = |collected| OtherSide { hit: *hit, collected };
            out.push(Outgoing::new(party, self.course, now, &told(other_has)));
            if other_has && let Some(other) = known.agencies.get(other) {
                out.push(Outgoing::new(*other, self.course, now, &told(true)));
            }
        }
        Ok(out)
    }

    /// Takes a custodian's decision, or after the lapse the coordinator's. A repeat gets the same receipt; a decision
    /// on a hit that waits for none is refused, so that nobody believes it was carried out.
    pub fn decide(&mut self, message: &Verified<Decision>, now: Micros) -> Result<Outgoing, Refusal> {
        self.in_course(message)?;
        if let Some(receipt) = self.repeated(message)? {
            return Ok(receipt);
        }
        let decision = message.value();
        let agreed = decision.agreed(self.course);
        let hit = self.hits.get(&decision.hit).ok_or(Refusal::Unasked)?;
        let Phase::Held(held) = &hit.phase else {
            return Err(Refusal::Unasked);
        };
        let by_coordinator = message.from() == self.coordinator && now >= held.due;
        let guard = match by_coordinator {
            true => None,
            false => Some(self.desk(decision.desk, message.from())?),
        };
        self.officers.check_decision(message.from(), decision, &agreed)?;
        let mut held = held.clone();
        let told = held.decide(guard, decision.outcome)?;
        let Some(hit) = self.hits.get_mut(&decision.hit) else {
            return Err(Refusal::Unasked);
        };
        match (decision.outcome, told) {
            (Outcome::Release, true) => self.tell(decision.hit, now),
            (Outcome::Release, false) => hit.phase = Phase::Held(held),
            (Outcome::Contact | Outcome::Refuse, _) => hit.phase = Phase::Closed,
        }
        self.waiting.retain(|(to, slot), _| match slot {
            Slot::Held(h, d) => !(*h == decision.hit && (*d == decision.desk || by_coordinator)),
            Slot::Lapsed(h) => !(*h == decision.hit && *to == message.from()),
            Slot::Notice(..) | Slot::Crowded(..) => true,
        });
        self.receive(message, (0, 0), now)
    }

    /// Held notices whose time is over go to the coordinator, once.
    pub(super) fn lapse(&mut self, now: Micros) {
        for (id, hit) in &mut self.hits {
            if let Phase::Held(held) = &mut hit.phase
                && held.lapse(now)
            {
                let lapsed = Lapsed {
                    hit: *id,
                    held: held.since,
                    due: held.due,
                };
                let message = Outgoing::new(self.coordinator, self.course, now, &lapsed);
                self.waiting.insert(
                    (self.coordinator, Slot::Lapsed(*id)),
                    Waiting { message, sent: None },
                );
            }
        }
    }

    /// Another version of the sharing agreement comes into force. Rows that lay under one token without being allowed
    /// to meet, and now are, meet at once: nothing is missed because an agreement came late or had lapsed.
    pub fn agree(&mut self, agreement: Agreement, now: Micros) {
        self.agreement = agreement;
        let pairs: Vec<_> = self.index.pairs().collect();
        for (one, two, shields) in pairs {
            self.commit_hit(&one, &two, &shields, now);
        }
    }
}

/// Who must agree before anybody is told: every shield desk under the token; else the custodians among the two.
fn guards(sides: [(&Met, Desk); 2], shields: &[(DeskNo, RowId)]) -> Vec<(DeskNo, RowId)> {
    if !shields.is_empty() {
        return shields.to_vec();
    }
    sides
        .into_iter()
        .filter(|(_, desk)| desk.kind == DeskKind::Custodian)
        .map(|(met, _)| (met.desk, met.id))
        .collect()
}

/// The two notices of a hit: the same content, each from its own side.
fn notices(one: (Desk, &Met), two: (Desk, &Met), now: Micros, urgent: bool) -> [Notice; 2] {
    let hit = HitId::of(one.1.id, two.1.id);
    let notice = |(desk, row): (Desk, &Met), (other, theirs): (Desk, &Met)| Notice {
        hit,
        desk: desk.id,
        mine: row.id,
        their_desk: other.id,
        their_agency: other.agency,
        theirs: theirs.id,
        pointer: theirs.pointer,
        at: now,
        urgent,
    };
    [notice(one, two), notice(two, one)]
}
