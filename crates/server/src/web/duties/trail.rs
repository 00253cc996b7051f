//! What has happened to a duty, in words: who had it, for how long, who asked for help.

use domain::id::PostId;
use domain::record::{Kind, Value};
use domain::view::Duty;
use node::app::concern::{By, ConcernPage, Entry, Said};

use super::climbed::Before;
use crate::web::concern::lines::paragraph;
use crate::web::concern::summary::Paragraph;
use crate::web::format::When;
use crate::web::site::{Site, jiff_of};

/// Each thing that happened, with its time, oldest first.
#[must_use]
pub fn history(site: &Site, when: &When<'_>, duty: &Duty) -> Vec<(String, String)> {
    let t = site.t();
    let mut found = Vec::new();
    for rung in &duty.rungs {
        let who = site.post_title(&rung.post);
        let what = match (&rung.stepped_over, rung.told) {
            (Some(why), _) => t
                .msg("duties-passed")
                .arg("who", who)
                .arg("why", t.code("passed", why))
                .text(),
            (None, Some(told)) => t
                .msg("duties-sent-to")
                .arg("who", who)
                .arg("time", when.near(jiff_of(told)))
                .text(),
            (None, None) => who,
        };
        found.push((rung.at, what));
    }
    if let Some((_, post, at)) = &duty.accepted {
        let message = t.msg("duties-accepted-by").arg("who", site.post_title(post));
        found.push((*at, message.arg("time", when.near(jiff_of(*at))).text()));
    }
    if let Some(at) = duty.lapsed {
        found.push((at, t.get("status-overdue")));
    }
    for (at, _) in &duty.tried {
        found.push((*at, t.get("how-tried")));
    }
    if let Some((_, at)) = &duty.cannot_by_then {
        found.push((*at, t.get("how-cannot-by-then")));
    }
    found.sort_by_key(|(at, _)| *at);
    found
        .into_iter()
        .map(|(at, what)| (when.near(jiff_of(at)), what))
        .collect()
}

/// What another post asked, where this is the duty to answer it.
#[must_use]
pub fn asked(site: &Site, found: &ConcernPage, duty: &Duty) -> Option<Paragraph> {
    let id = duty.id.to_string();
    let of = |entry: &&Entry| {
        let asks = matches!(entry.kind, Kind::Asked | Kind::Waiting);
        asks && matches!(entry.codes.get("asked"), Some(Value::Text(asked)) if *asked == id)
    };
    found.entries.iter().find(of).map(|entry| paragraph(site, entry))
}

/// Who had it before it reached `here`, first to last.
#[must_use]
pub fn before(site: &Site, when: &When<'_>, duty: &Duty, here: &PostId) -> Vec<Before> {
    let t = site.t();
    let owner = (duty.owner.clone(), duty.made, None);
    let rungs = duty
        .rungs
        .iter()
        .map(|rung| (rung.post.clone(), rung.at, rung.stepped_over.clone()));
    let all: Vec<_> = std::iter::once(owner)
        .chain(rungs)
        .filter(|(post, _, _)| post != here)
        .collect();
    let ends = all
        .iter()
        .skip(1)
        .map(|(_, at, _)| jiff_of(*at))
        .chain(std::iter::once(when.now()));
    let line =
        |((post, at, passed), end): (&(PostId, domain::time::Instant, Option<String>), jiff::Timestamp)| {
            let accepted = duty.accepted.as_ref().is_some_and(|(_, by, _)| by == post);
            let what = match passed {
                Some(why) => {
                    let message = t.msg("duties-passed").arg("who", site.post_title(post));
                    message.arg("why", t.code("passed", why)).text()
                }
                None if accepted => t.code("status", "accepted"),
                None => t.code("knew", "unread"),
            };
            Before {
                who: site.post_title(post),
                from: when.near(jiff_of(*at)),
                how_long: when.between(jiff_of(*at), end),
                what,
            }
        };
    all.iter().zip(ends).map(line).collect()
}

/// Who said that they could not do it by then, when and why.
#[must_use]
pub fn help(site: &Site, when: &When<'_>, found: &ConcernPage, duty: &Duty) -> Vec<(String, String, String)> {
    let asked = |entry: &&Entry| {
        entry.kind == Kind::Answered
            && entry.duty == Some(duty.id)
            && matches!(entry.codes.get("how"), Some(Value::Text(how)) if how == "cannot-by-then" || how == "not-mine")
    };
    let line = |entry: &Entry| {
        let who = match &entry.by {
            By::Colleague { name, .. } => name.clone(),
            _ => site.t().get("concern-member-of-public"),
        };
        let why = entry.said.iter().find_map(|said| match said {
            Said::Text { text, .. } => Some(text.clone()),
            _ => None,
        });
        let held = || site.t().get("timeline-text-held");
        (who, when.near(jiff_of(entry.recorded)), why.unwrap_or_else(held))
    };
    found.entries.iter().filter(asked).map(line).collect()
}

/// What was decided on the concern while a duty of it is open and late: "conference needed", not held.
#[must_use]
pub fn undone(site: &Site, when: &When<'_>, found: &ConcernPage) -> Vec<(String, String)> {
    let late = found
        .concern
        .open_duties()
        .filter(|duty| duty.lapsed.is_some() && duty.because == "decision");
    late.map(|duty| {
        (
            super::lines::title(site, &duty.clock),
            when.date(jiff_of(duty.made)),
        )
    })
    .collect()
}

/// By when the post it stands at must accept, and who is next; nothing at the top.
#[must_use]
pub fn next(site: &Site, when: &When<'_>, duty: &Duty) -> Option<(String, String)> {
    let standing = duty.standing()?;
    let ladders = &site.node().agency().ladders;
    let ladder = ladders.iter().find(|ladder| ladder.id == duty.ladder)?;
    let at = ladder
        .in_hours
        .iter()
        .position(|rung| rung.post == standing.post)?;
    let above = ladder.in_hours.get(at + 1)?;
    Some((
        when.near(jiff_of(standing.accept_by?)),
        site.post_title(&above.post),
    ))
}
