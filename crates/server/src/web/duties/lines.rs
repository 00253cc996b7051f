//! A folded duty as a line of a list, in words.

use domain::time::Instant;
use domain::view::Duty;

use super::list::Line;
use crate::web::format::{Band, ClockWords, When};
use crate::web::site::{Site, jiff_of};

/// A duty as a line: `about` is initials and age, `title` the title of its clock.
#[must_use]
pub fn line(site: &Site, reference: &str, duty: &Duty, about: &str, title: &str) -> Line {
    let when = site.when();
    Line {
        title: title.to_owned(),
        href: format!("/concerns/{reference}/duties/{}", duty.id),
        reference: reference.to_owned(),
        who: if about.is_empty() {
            site.post_title(&duty.owner)
        } else {
            about.to_owned()
        },
        from: told(site, &when, duty),
        clock: clock(site, &when, duty),
        status: status(duty),
        notes: notes(site, &when, duty),
    }
}

fn told(site: &Site, when: &When<'_>, duty: &Duty) -> String {
    if duty.made.seconds_since(duty.told) < 60 {
        return site
            .t()
            .msg("duties-told")
            .arg("told", when.near(jiff_of(duty.told)))
            .text();
    }
    let message = site
        .t()
        .msg("duties-told-gap")
        .arg("told", when.near(jiff_of(duty.told)));
    message.arg("recorded", when.near(jiff_of(duty.made))).text()
}

/// The clock of a duty: running, or how it ended.
#[must_use]
pub fn clock(site: &Site, when: &When<'_>, duty: &Duty) -> ClockWords {
    let (told, due) = (jiff_of(duty.told), jiff_of(duty.due));
    let running = when.clock(told, due, duty.waiting.is_some());
    let Some(ending) = &duty.ended else {
        if duty.provisional {
            return ClockWords {
                due: when.provisional(due),
                ..running
            };
        }
        return running;
    };
    let t = site.t();
    let at = when.near(jiff_of(ending.at));
    let left = if ending.late {
        let late = when.late(due, jiff_of(ending.at));
        t.msg("duty-answered-late")
            .arg("when", at)
            .arg("late", late)
            .arg("due", when.near(due))
            .text()
    } else {
        t.msg("duty-answered")
            .arg("when", at)
            .arg("due", when.near(due))
            .text()
    };
    ClockWords {
        left,
        due: String::new(),
        used: 100,
        band: Band::Later,
    }
}

fn status(duty: &Duty) -> &'static str {
    match &duty.ended {
        Some(ending) if ending.how == "no-longer-needed" => "no-longer-needed",
        Some(ending) if ending.how == "cannot-be-done" => "cannot-be-done",
        Some(ending) if ending.late => "done-late",
        Some(_) => "done",
        None if duty.lapsed.is_some() => "overdue",
        None if duty.waiting.is_some() => "waiting",
        None if duty.offered.is_some() => "offered",
        None if !duty.tried.is_empty() => "in-progress",
        None if duty.accepted.is_some() => "accepted",
        None => "not-started",
    }
}

fn notes(site: &Site, when: &When<'_>, duty: &Duty) -> Vec<String> {
    let t = site.t();
    let time = |at: Instant| when.near(jiff_of(at));
    let mut notes = Vec::new();
    if let (Some(rung), true) = (duty.standing(), duty.is_open()) {
        let who = site.post_title(&rung.post);
        let accepted = duty.accepted.as_ref().filter(|(_, _, at)| *at >= rung.at);
        match (accepted, rung.told) {
            (Some((_, _, at)), _) => {
                notes.push(
                    t.msg("duties-accepted-by")
                        .arg("who", who)
                        .arg("time", time(*at))
                        .text(),
                );
            }
            (None, Some(told)) => notes.push(
                t.msg("duties-sent-to")
                    .arg("who", who)
                    .arg("time", time(told))
                    .text(),
            ),
            (None, None) => {}
        }
    }
    for rung in &duty.rungs {
        if let (Some(why), true) = (&rung.stepped_over, duty.is_open()) {
            let message = t.msg("duties-passed").arg("who", site.post_title(&rung.post));
            notes.push(message.arg("why", t.code("passed", why)).text());
        }
    }
    if let Some(waiting) = &duty.waiting {
        let who = super::waiting::whom(site, &waiting.whom);
        notes.push(t.msg("duties-waiting-for").arg("who", who).text());
    }
    if duty.cannot_by_then.is_some() && duty.is_open() {
        notes.push(t.get("duties-asked-for-help"));
    }
    notes
}

/// The title of a clock, from the pack in force.
#[must_use]
pub fn title(site: &Site, clock: &str) -> String {
    let pack = site.node().pack();
    pack.clocks
        .iter()
        .find(|one| one.id == clock)
        .map_or_else(|| clock.to_owned(), |one| one.title.clone())
}
