//! A concern from the node, as the head, facts and paragraphs of its pages.

use domain::record::{Kind, Value};
use domain::view::{Concern, SubjectKind};
use node::app::concern::{By, ConcernPage, Entry, Said};

use super::head::Head;
use super::summary::Paragraph;
use crate::web::format::When;
use crate::web::site::{Site, jiff_of};

/// The head of every page about it.
#[must_use]
pub fn head<'a>(site: &'a Site, found: &ConcernPage) -> Head<'a> {
    let concern = &found.concern;
    let when = site.when();
    let with = found.with.as_ref().map_or_else(
        || {
            concern
                .owner
                .as_ref()
                .map(|owner| site.post_title(&owner.post))
                .unwrap_or_default()
        },
        |(name, post)| format!("{name}, {}", site.post_title(post)),
    );
    let night = found
        .tonight
        .as_ref()
        .map(|(post, number)| (site.post_title(post), number.clone()));
    Head {
        t: site.t(),
        reference: concern.reference.clone(),
        who: children(found).join("; "),
        day: concern
            .closed
            .is_none()
            .then(|| 1 + found.now.seconds_since(concern.told).max(0) / 86_400),
        with,
        tonight: night,
        unaccepted: unaccepted(site, &when, concern),
        restricted: concern.tier >= 2,
        may_decide: found.may.decide || found.may.second_read,
        may_tell: found.may.tell_reporter || found.may.close,
        may_add: found.may.add,
        may_restrict: found.may.restrict || found.may.review_restriction,
        may_keep: keeping(&found.may),
    }
}

/// Whether the page of holds and erasures is for this reader.
#[must_use]
pub fn keeping(may: &node::app::concern::May) -> bool {
    may.ask_erasure || may.agree_erasure || may.set_hold || may.release_hold || may.see_holds
}

fn unaccepted(site: &Site, when: &When<'_>, concern: &Concern) -> Option<(String, String)> {
    let urgent = concern
        .open_duties()
        .find(|duty| duty.all_hours && duty.accepted.is_none())?;
    let rung = urgent.standing();
    let post = rung.map_or(&urgent.owner, |rung| &rung.told_in);
    let at = rung.map_or(urgent.made, |rung| rung.told.unwrap_or(rung.at));
    Some((site.post_title(post), when.near(jiff_of(at))))
}

/// Initials and ages of the children, as far as this reader may know them.
#[must_use]
pub fn children(found: &ConcernPage) -> Vec<String> {
    let is_child = |one: &&node::app::concern::SubjectView| one.kind == SubjectKind::Child && !one.not_about;
    found
        .subjects
        .iter()
        .filter(is_child)
        .map(|one| one.label.clone())
        .filter(|label| !label.is_empty())
        .collect()
}

/// Who did something, in words.
#[must_use]
pub fn by(site: &Site, by: &By) -> String {
    match by {
        By::Colleague { name, post } => format!("{name}, {}", site.post_title(post)),
        By::InTheirWork(name) if name.is_empty() => site.t().get("concern-in-work"),
        By::InTheirWork(name) => name.clone(),
        By::MemberOfThePublic => site.t().get("concern-member-of-public"),
        By::Node => site.t().get("concern-by-clock"),
    }
}

/// A stored day, `2027-03-27`, in words; as it is when it is something else.
#[must_use]
pub fn day(site: &Site, stored: &str) -> String {
    let when = site.when();
    let parts: Vec<&str> = stored.split('-').collect();
    let typed = match parts.as_slice() {
        [year, month, day] => when.typed(day, month, year, "12:00"),
        _ => None,
    };
    typed.map_or_else(|| stored.to_owned(), |at| when.date(at))
}

/// How it came in.
#[must_use]
pub fn facts(site: &Site, found: &ConcernPage) -> Vec<(String, String)> {
    let (t, when, concern) = (site.t(), site.when(), &found.concern);
    let mut facts = vec![
        (t.get("concern-told"), when.time_comma_date(jiff_of(concern.told))),
        (
            t.get("concern-recorded"),
            when.time_comma_date(jiff_of(concern.recorded)),
        ),
    ];
    let gap = concern.recorded.seconds_since(concern.told);
    if gap > 3_600 {
        facts.push((
            String::new(),
            t.msg("concern-gap").arg("span", when.span(gap)).text(),
        ));
    }
    facts.push((t.get("concern-channel"), t.code("channel", &concern.channel)));
    facts.push((t.get("concern-safe"), t.code("safe", &concern.safe)));
    let public = t.get("concern-member-of-public");
    let reported = match &found.reporter {
        Some(fields) => fields
            .iter()
            .map(|(_, text)| text.clone())
            .collect::<Vec<_>>()
            .join(", "),
        None if concern.reporter_kind == "work" => t.get("concern-in-work"),
        None => public.clone(),
    };
    facts.push((
        t.get("concern-reported-by"),
        if reported.is_empty() { public } else { reported },
    ));
    if let Some(label) = called(found) {
        facts.push((t.get("concern-called"), t.code("amend-choice", label)));
    }
    if !concern.restarts.is_empty() {
        let count = concern.restarts.len();
        facts.push((
            t.get("concern-restarts"),
            t.msg("concern-restarts-count").n("count", count).text(),
        ));
    }
    facts.retain(|(key, _)| !key.is_empty() || gap > 3_600);
    facts
        .into_iter()
        .map(|(key, value)| {
            if key.is_empty() {
                (t.get("concern-gap-key"), value)
            } else {
                (key, value)
            }
        })
        .collect()
}

/// What a concern was last called, as a code; nothing while nobody called it anything else.
fn called(found: &ConcernPage) -> Option<&str> {
    let mut renamed = found
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::ReLabelled);
    match renamed.next_back()?.codes.get("label")? {
        Value::Text(label) => Some(label),
        _ => None,
    }
}

/// The kinds of entry whose words are what somebody said.
const SAID: &[Kind] = &[
    Kind::Paragraph,
    Kind::Added,
    Kind::Disagreed,
    Kind::Corrected,
    Kind::Disputed,
    Kind::EarlierTellingClaimed,
];

/// What was said, oldest first.
#[must_use]
pub fn said(site: &Site, found: &ConcernPage) -> Vec<Paragraph> {
    found
        .entries
        .iter()
        .filter(|entry| SAID.contains(&entry.kind))
        .map(|entry| paragraph(site, entry))
        .collect()
}

/// What an entry says, with who said it and when.
#[must_use]
pub fn paragraph(site: &Site, entry: &Entry) -> Paragraph {
    let when = site.when();
    let (words, shown) = words(site, &when, entry);
    let at = entry.told.unwrap_or(entry.recorded);
    let nature = match entry.codes.get("nature") {
        Some(Value::Text(code)) if entry.kind == Kind::Added => site.t().code("nature", code),
        _ => String::new(),
    };
    Paragraph {
        by: by(site, &entry.by),
        when: when.time_comma_date(jiff_of(at)),
        nature,
        words,
        shown,
    }
}

/// The words of an entry, or why they are not shown.
#[must_use]
pub fn words(site: &Site, when: &When<'_>, entry: &Entry) -> (String, bool) {
    let t = site.t();
    let mut shown = false;
    let one = |said: &Said| match said {
        Said::Text { field, text } if readable(field) => Some((text.clone(), true)),
        Said::Text { .. } => None,
        Said::Hidden { until, .. } => {
            let until = until.map(|at| when.date(jiff_of(at))).unwrap_or_default();
            Some((t.msg("timeline-hidden").arg("until", until).text(), false))
        }
        Said::Erased { at, reason, .. } => {
            let at = at.map(|at| when.date(jiff_of(at))).unwrap_or_default();
            let why = t.code("erasereason", reason);
            Some((
                t.msg("timeline-erased").arg("when", at).arg("why", why).text(),
                false,
            ))
        }
        Said::MustNotBeHere { .. } => Some((t.get("timeline-must-not-be-here"), false)),
        Said::HeldBack => Some((t.get("timeline-text-held"), false)),
        Said::NotAboutThisPerson => Some((t.get("timeline-not-about"), false)),
    };
    let parts: Vec<String> = entry
        .said
        .iter()
        .filter_map(one)
        .map(|(text, is_shown)| {
            shown |= is_shown;
            text
        })
        .collect();
    (parts.join("\n\n"), shown)
}

/// Fields that are words for people; the rest are facts of a subject, shown with people and places.
fn readable(field: &str) -> bool {
    matches!(field, "text" | "words" | "reason" | "why" | "about" | "name")
}
