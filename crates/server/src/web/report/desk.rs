//! Whom to ring now, and whether the desk is open, from the agency's own file.

use domain::time::Instant;
use jiff::Timestamp;

use super::pages::Desk;
use crate::web::site::{Site, jiff_of};

/// The code of the clock of an urgent concern out of hours.
const URGENT: &str = "C01a";
/// The role whose post is the day desk.
const DESK: &str = "hub-decision-maker";

/// Whether the day desk is open now. When its hours cannot be read, it counts as shut: the number is then shown.
#[must_use]
pub fn open(site: &Site) -> bool {
    let (Some(post), Some(calendar)) = (day_desk(site), site.node().pack().office()) else {
        return false;
    };
    post.hours.open_at(site.node().now(), calendar).unwrap_or(false)
}

fn day_desk(site: &Site) -> Option<&node::agency::Post> {
    site.node().agency().posts.iter().find(|post| post.role == DESK)
}

/// Whom to ring and when, in words.
#[must_use]
pub fn desk(site: &Site) -> Desk {
    let (when, now) = (site.when(), site.node().now());
    let (day, night) = site.phones();
    let opens = next_opening(site, now);
    let minutes = urgent_minutes(site, now).unwrap_or(30);
    Desk {
        agency: site.node().agency().name.clone(),
        day,
        night,
        minutes,
        next: second_rung(site),
        opens: opens.map(|at| when.time_on_date(at)).unwrap_or_default(),
        next_working_day: next_working_day(site)
            .map(|day| when.weekday_near(when.start_of(day)))
            .unwrap_or_default(),
        now: when.time_comma_date(when.now()),
    }
}

fn next_opening(site: &Site, now: Instant) -> Option<Timestamp> {
    let (post, calendar) = (day_desk(site)?, site.node().pack().office()?);
    post.hours.next_opening(now, calendar).ok().flatten().map(jiff_of)
}

fn next_working_day(site: &Site) -> Option<jiff::civil::Date> {
    let when = site.when();
    site.node()
        .pack()
        .office()?
        .plus_working_days(when.day(when.now()), 1)
        .ok()
}

fn urgent_minutes(site: &Site, now: Instant) -> Option<u32> {
    let due = site.node().pack().due(URGENT, now).ok()?;
    u32::try_from(due.at.seconds_since(now) / 60).ok()
}

/// The post that hears when the night post does not accept.
fn second_rung(site: &Site) -> String {
    let node = site.node();
    let when = site.when();
    let clock = node.pack().clock(URGENT, when.day(when.now()));
    let ladder = clock.and_then(|clock| {
        node.agency()
            .ladders
            .iter()
            .find(|ladder| ladder.id == clock.ladder)
    });
    let rung = ladder.and_then(|ladder| ladder.out_of_hours.get(1).or(ladder.out_of_hours.first()));
    rung.map(|rung| site.post_title(&rung.post)).unwrap_or_default()
}
