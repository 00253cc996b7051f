//! Practitioners by handle: which posts they hold, from when to when, and when they are away.

use crate::id::{PostId, PractitionerId};
use crate::record::{Kind, Spine};
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
}

impl Practitioner {
    /// Folds a practitioner's stream. Records of other kinds change nothing.
    pub fn fold(id: PractitionerId, spines: &[Spine]) -> Self {
        let mut out = Self {
            id,
            registered: false,
            holdings: Vec::new(),
            away: Vec::new(),
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
                _ => {}
            }
        }
        out
    }
}
