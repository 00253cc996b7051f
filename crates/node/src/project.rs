//! What the projections hold for one stream: a pure function of its spines, so that they can be dropped and rebuilt
//! at any time and come out the same.

use domain::id::{PractitionerId, StreamId};
use domain::policy::{Item, audience};
use domain::record::{Actor, Kind, Spine};
use domain::view::{Concern, Duty, Holding, Notice, NoticeState, Practitioner};

use crate::Inner;
use crate::app::AppError;
use crate::assemble::{Stream, StreamKind};
use crate::store::{Change, Table, Val};

/// Every row a stream has in the projections, search terms apart.
pub(crate) fn rows(node: &Inner, stream: &Stream) -> Result<Vec<Change>, AppError> {
    if stream.spines.is_empty() {
        return Ok(Vec::new());
    }
    match stream.kind {
        StreamKind::Concern => {
            let concern = Concern::fold(&stream.spines).map_err(|e| AppError::damaged(stream.id, e))?;
            Ok(concern_rows(node, &concern))
        }
        StreamKind::Practitioner => Ok(practitioner_rows(stream)),
        StreamKind::Work => Ok(stream.spines.iter().filter_map(shown_row).collect()),
        StreamKind::Reporter | StreamKind::Affairs => Ok(Vec::new()),
    }
}

/// What a piece of work showed of the words of one stream. A list shows initials and no words: it has no row.
fn shown_row(spine: &Spine) -> Option<Change> {
    let (Kind::Shown, Actor::Practitioner { who, post }) = (spine.kind, &spine.actor) else {
        return None;
    };
    let of: StreamId = spine.text("of")?.parse().ok()?;
    let up_to = spine.int("up-to")?;
    (spine.text("item") == Some(Item::Words.code())).then(|| {
        Change::put(
            Table::Shown,
            [spine.id.into()],
            [
                of.into(),
                (*who).into(),
                post.into(),
                up_to.into(),
                spine.recorded.into(),
            ],
        )
    })
}

fn practitioner_rows(stream: &Stream) -> Vec<Change> {
    let practitioner = Practitioner::fold(PractitionerId(stream.id.0), &stream.spines);
    let notices = practitioner
        .notices
        .iter()
        .map(|notice| notice_row(stream.id, notice));
    practitioner
        .holdings
        .iter()
        .map(holding_row)
        .chain(notices)
        .collect()
}

fn holding_row(holding: &Holding) -> Change {
    Change::put(
        Table::Holding,
        [
            holding.practitioner.into(),
            (&holding.post).into(),
            holding.from.into(),
        ],
        [holding.until.into()],
    )
}

fn concern_rows(node: &Inner, concern: &Concern) -> Vec<Change> {
    let stream = Val::from(concern.stream);
    let mut rows = Vec::with_capacity(concern.duties.len().saturating_mul(2).saturating_add(8));
    rows.push(concern_row(concern));
    rows.extend(concern.duties.iter().map(|duty| duty_row(concern.stream, duty)));
    rows.extend(
        concern
            .subjects
            .iter()
            .filter(|s| s.not_about.is_none())
            .map(|subject| {
                let state = if subject.closed.is_some() {
                    "closed"
                } else {
                    "open"
                };
                let rest = [
                    stream.clone(),
                    subject.kind.code().into(),
                    subject.role.as_str().into(),
                    state.into(),
                ];
                Change::put(Table::Subject, [subject.id.into()], rest)
            }),
    );
    rows.extend(
        concern
            .notices
            .iter()
            .map(|notice| notice_row(concern.stream, notice)),
    );
    rows.extend(
        audience::principals(&node.audience_facts(concern))
            .into_iter()
            .map(|row| {
                Change::put(
                    Table::Audience,
                    [row.principal.into(), stream.clone()],
                    [row.barred.into()],
                )
            }),
    );
    rows
}

fn concern_row(concern: &Concern) -> Change {
    let owner = concern.owner.as_ref();
    let state = if concern.closed.is_some() {
        "closed"
    } else {
        "open"
    };
    Change::put(
        Table::Concern,
        [concern.stream.into()],
        [
            concern.reference.as_str().into(),
            concern.tier.into(),
            owner.map_or(Val::from(""), |o| (&o.post).into()),
            owner.map(|o| o.team.clone()).into(),
            concern.told.into(),
            concern.last_recorded.into(),
            state.into(),
            (concern.safe != "yes").into(),
            concern.length.into(),
            Val::from(concern.channel.as_str()),
            Val::Null,
            concern.reporter_stream.into(),
        ],
    )
}

fn duty_row(stream: StreamId, duty: &Duty) -> Change {
    let accepted = duty.accepted.as_ref();
    Change::put(
        Table::Duty,
        [duty.id.into()],
        [
            stream.into(),
            duty.subject.into(),
            duty.because.as_str().into(),
            duty.clock.as_str().into(),
            (&duty.owner).into(),
            accepted.map(|(who, _, _)| *who).into(),
            duty.standing().map_or(Val::Null, |rung| (&rung.post).into()),
            duty.told.into(),
            duty.due.into(),
            duty.provisional.into(),
            duty.state().code().into(),
            duty.rung().into(),
            duty.next_at().into(),
            duty.child_facing.into(),
            duty.offered.as_ref().map(|(to, _)| to.clone()).into(),
            accepted.map(|(_, _, when)| *when).into(),
            duty.ended.as_ref().map(|e| e.at).into(),
            duty.lapsed.into(),
        ],
    )
}

fn notice_row(stream: StreamId, notice: &Notice) -> Change {
    let waits = matches!(notice.state, NoticeState::Queued).then_some(notice.changed);
    Change::put(
        Table::Notice,
        [notice.id.as_bytes().into()],
        [
            notice.duty.into(),
            notice.rung.into(),
            stream.into(),
            (&notice.post).into(),
            Val::Null,
            notice.channel.as_str().into(),
            notice.state.code().into(),
            notice.changed.into(),
            Val::from(0_i64),
            waits.into(),
        ],
    )
}
