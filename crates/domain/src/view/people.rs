//! Practitioners by handle: which posts they hold, from when to when, and when they are away.

use super::ask::Ask;
use super::notice::Notice;
use crate::id::{PostId, PractitionerId, RecordId};
use crate::record::{Actor, Kind, Spine};
use crate::time::Instant;

/// One practitioner's tenure of one post.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holding {
    /// Who.
    pub practitioner: PractitionerId,
    /// Which post.
    pub post: PostId,
    /// From when.
    pub from: Instant,
    /// Until when; still, if not said.
    pub until: Option<Instant>,
}

/// An inspector's access: named inspection, scope, times; in force once two posts have let it in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The record that asked for it.
    pub asked: RecordId,
    /// Who asked, in which post.
    pub by: Actor,
    /// In force from …
    pub from: Instant,
    /// … up to, not including.
    pub to: Instant,
    /// Concerns told from …
    pub told_from: Instant,
    /// … up to, not including.
    pub told_to: Instant,
    /// The power relied on, as a code.
    pub power: String,
    /// Whether that power reaches sealed items.
    pub warrant: bool,
    /// Who agreed, in which post, and when.
    pub agreed: Option<(Actor, Instant)>,
    /// When it was ended before its time.
    pub ended: Option<Instant>,
}

impl Grant {
    /// Whether it lets anybody in at this time.
    pub fn in_force(&self, now: Instant) -> bool {
        self.agreed.is_some() && self.from <= now && now < self.ended.unwrap_or(self.to).min(self.to)
    }
}

/// A practitioner's own stream, folded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Practitioner {
    /// Who.
    pub id: PractitionerId,
    /// Whether they are a registered social worker.
    pub registered: bool,
    /// Every tenure, oldest first.
    pub holdings: Vec<Holding>,
    /// Times away: from, until.
    pub away: Vec<(Instant, Option<Instant>)>,
    /// Since when they may not sign in.
    pub closed: Option<Instant>,
    /// An inspector's grants, oldest first.
    pub grants: Vec<Grant>,
    /// What was asked for them, oldest first.
    pub asks: Vec<Ask>,
    /// How posts were told of it.
    pub notices: Vec<Notice>,
}

impl Practitioner {
    /// Folds a practitioner's stream. Records of other kinds change nothing.
    pub fn fold(id: PractitionerId, spines: &[Spine]) -> Self {
        let mut out = Self {
            id,
            registered: false,
            holdings: Vec::new(),
            away: Vec::new(),
            closed: None,
            grants: Vec::new(),
            asks: Vec::new(),
            notices: Vec::new(),
        };
        for spine in spines {
            match spine.kind {
                Kind::PractitionerAdded => out.registered = spine.is("registered"),
                Kind::PostTaken => {
                    if let Some(post) = spine.post() {
                        let until = spine.time("until");
                        let from = spine.told();
                        out.holdings.push(Holding {
                            practitioner: id,
                            post: post.clone(),
                            from,
                            until,
                        });
                    }
                }
                Kind::PostLeft => {
                    for holding in &mut out.holdings {
                        if Some(&holding.post) == spine.post()
                            && holding.until.is_none_or(|u| u > spine.told())
                        {
                            holding.until = Some(spine.told());
                        }
                    }
                }
                Kind::Away => out.away.push((spine.told(), spine.time("until"))),
                Kind::AccessChanged => match spine.text("how") {
                    Some("closed") => {
                        out.closed = Some(spine.recorded);
                        out.refuse_all(spine);
                    }
                    Some("re-opened") => out.closed = None,
                    _ => {}
                },
                Kind::AccessAsked => out.asks.extend(Ask::of(spine)),
                Kind::AccessAgreed => out.settle(spine, true),
                Kind::AccessRefused => out.settle(spine, false),
                Kind::Notice => {
                    let _state = Notice::take(&mut out.notices, spine);
                }
                Kind::GrantAsked => out.grants.extend(grant(spine)),
                Kind::GrantAgreed | Kind::GrantEnded => {
                    let asked = spine.text("grant").and_then(|id| id.parse::<RecordId>().ok());
                    for grant in out.grants.iter_mut().filter(|grant| Some(grant.asked) == asked) {
                        if spine.kind == Kind::GrantEnded {
                            grant.ended.get_or_insert(spine.recorded);
                        } else {
                            grant
                                .agreed
                                .get_or_insert_with(|| (spine.actor.clone(), spine.recorded));
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }
}

fn grant(spine: &Spine) -> Option<Grant> {
    Some(Grant {
        asked: spine.id,
        by: spine.actor.clone(),
        from: spine.time("from")?,
        to: spine.time("to")?,
        told_from: spine.time("told-from")?,
        told_to: spine.time("told-to")?,
        power: spine.text("power")?.to_owned(),
        warrant: spine.is("warrant"),
        agreed: None,
        ended: None,
    })
}
