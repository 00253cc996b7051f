//! What somebody is shown whom the ladder goes round: the concern as before, and no sign of the route.
//!
//! Somebody barred meets nothing at all; this is for whoever made a decision that is disputed, who still works on it.

use std::collections::BTreeSet;

use domain::id::DutyId;
use domain::policy::Who;
use domain::record::{Kind, Spine};
use domain::view::Concern;

use crate::assemble::Stream;

/// Why a rung was passed that nobody passed may see.
const DECIDED: &str = "decided";

/// Takes out of a concern what its reader must not see of a disagreement with them. Whether the ladder goes round them.
pub(crate) fn for_reader(who: &Who, stream: &mut Stream, concern: &mut Concern) -> bool {
    let person = who.actor.practitioner();
    if !person.is_some_and(|person| concern.excludes(person)) {
        return false;
    }
    let disagreements = concern.duties.iter().filter(|d| d.because == "disagreement");
    let route: BTreeSet<DutyId> = disagreements.map(|d| d.id).collect();
    let on_route = |duty: Option<DutyId>| duty.is_some_and(|id| route.contains(&id));
    let is_sign = |spine: &Spine| {
        matches!(spine.kind, Kind::Disagreed | Kind::Excluded)
            || on_route(spine.duty)
            || (spine.kind == Kind::SteppedOver && spine.text("reason") == Some(DECIDED))
    };
    stream.spines.retain(|spine| !is_sign(spine));
    concern.duties.retain(|duty| !route.contains(&duty.id));
    concern.notices.retain(|notice| !on_route(notice.duty));
    concern.exclusions.clear();
    for decision in &mut concern.decisions {
        decision.disagreed.clear();
    }
    for duty in &mut concern.duties {
        duty.rungs
            .retain(|rung| rung.stepped_over.as_deref() != Some(DECIDED));
    }
    true
}
