//! Who knew what, when: findings, a chart with its table, and the entries.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::record::Kind;
use domain::time::Instant;
use domain::view::SubjectKind;
use node::app::concern::{By, ConcernPage, Entry};

use super::handlers::find;
use super::keeping;
use super::knowing::{Fact, Knowing, Known, Lane};
use super::lines::{by, head, words};
use super::summary::lines as paragraphs;
use super::timeline::{Knew, Story};
use super::titles;
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::field::Errors;
use crate::web::components::swimlane::{Mark, Sent, State as Drawn, Story as Chart, Swimlane, Wait};
use crate::web::components::timeline::Entry as Line;
use crate::web::format::When;
use crate::web::site::{On, Posted, Site, Staff, fault, jiff_of, page};

/// `GET …/timeline`.
pub async fn timeline(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let query = Posted(query);
    let typed = ["asat-day", "asat-month", "asat-year"].map(|part| query.line(part));
    let asked = typed.iter().any(|part| !part.is_empty());
    let (now, t) = (site.when(), site.t());
    let [day, month, year] = &typed;
    let end = now.typed(day, month, year, "23:59").map(Instant::from_jiff);
    let found = match end {
        Some(end) => site
            .node()
            .concern_as_at(&who.acting, &reference, end)
            .await
            .map_err(fault)?,
        None => find(&site, &who, &reference).await?,
    };
    let when = When::in_zone(t, site.node().pack().zone.clone(), jiff_of(found.now));
    let errors = if asked && end.is_none() {
        vec![Story::no_date(t)]
    } else {
        Errors::new()
    };
    let head = head(&site, &found);
    let known = Known::of(&site, &found);
    let newest_first = query.get("order") != "oldest";
    Ok(page(&Story {
        shell: site
            .staff(&app, &headers, &who, &head.title(&t.get("concern-timeline")))
            .sections("/concerns", None)
            .errors(&errors),
        t,
        delay: delay(&site, &found, &known, &when),
        unread: unread(&site, &found, &known, &when),
        undecided: undecided(&found),
        range: (when.date(jiff_of(found.concern.told)), when.date(when.now())),
        chart: chart(&site, &when, &found, &known),
        posts: known.lanes.iter().map(|one| lane(&site, &found, one).0).collect(),
        facts: table(&when, &known),
        more: known.more,
        entries: entries(&site, &when, &found, &known, newest_first),
        newest_first,
        as_at: end.map(|end| when.date(jiff_of(end))),
        typed,
        head,
    }))
}

fn undecided(found: &ConcernPage) -> (usize, String) {
    let open = |one: &&node::app::concern::SubjectView| {
        one.kind == SubjectKind::Child && !one.not_about && one.outcome.is_none()
    };
    let who: Vec<String> = found
        .subjects
        .iter()
        .filter(open)
        .map(|one| one.label.clone())
        .collect();
    (who.len(), who.join("; "))
}

/// The lane of a post or of whoever reported: its name, and whose it is.
fn lane(site: &Site, found: &ConcernPage, lane: &Lane) -> (String, String) {
    let t = site.t();
    match lane {
        Lane::Post(post) => (site.post_title(post), site.agency_name(post.agency())),
        // Not whoever typed it: a concern told by telephone is the caller's.
        Lane::Reporter if found.concern.reporter_kind == "work" => {
            let fields = found.reporter.iter().flatten();
            let named = |wanted: &str| {
                let field = fields
                    .clone()
                    .find(|(name, text)| name == wanted && !text.is_empty());
                field.map(|(_, text)| text.clone())
            };
            let who = named("organisation").or_else(|| named("name"));
            (
                t.get("timeline-reporter"),
                who.unwrap_or_else(|| t.get("concern-in-work")),
            )
        }
        Lane::Reporter => (t.get("timeline-reporter"), t.get("concern-member-of-public")),
    }
}

fn delay(
    site: &Site,
    found: &ConcernPage,
    known: &Known,
    when: &When<'_>,
) -> Option<(String, char, String, String)> {
    let longest = known.longest(Instant::from_jiff(when.now()));
    let (seconds, fact, who, until) = longest.filter(|(seconds, ..)| *seconds > 3_600)?;
    let who = lane(site, found, who).0;
    let words = match until {
        Some(at) => {
            let message = site.t().msg("timeline-delay-until").arg("who", who);
            message.arg("until", when.near(jiff_of(at)))
        }
        None => site.t().msg("timeline-delay-still").arg("who", who),
    };
    Some((
        when.span(seconds),
        fact.letter,
        format!("entry-{}", fact.sequence),
        words.text(),
    ))
}

/// Who has been sent something and has neither opened it nor taken it on: how many, and since when, the longest first.
fn unread(site: &Site, found: &ConcernPage, known: &Known, when: &When<'_>) -> (usize, String) {
    let mut since: Vec<(Instant, String)> = Vec::new();
    for one in &known.lanes {
        let sent = known.facts.iter().filter_map(|fact| match fact.knew.get(one) {
            Some(Knowing::Sent(at)) => Some((*at, fact.letter)),
            _ => None,
        });
        let sent: Vec<_> = sent.collect();
        if let Some((first, _)) = sent.iter().min() {
            let letters: Vec<String> = sent.iter().map(|(_, letter)| letter.to_string()).collect();
            let message = site
                .t()
                .msg("timeline-unread-who")
                .arg("who", lane(site, found, one).0)
                .arg("letters", letters.join(", "))
                .arg("since", when.near(jiff_of(*first)));
            since.push((*first, message.text()));
        }
    }
    since.sort();
    let words: Vec<String> = since.iter().take(3).map(|(_, words)| words.clone()).collect();
    (since.len(), words.join("; "))
}

fn chart(site: &Site, when: &When<'_>, found: &ConcernPage, known: &Known) -> Option<Swimlane> {
    if known.lanes.is_empty() || known.facts.is_empty() {
        return None;
    }
    let t = site.t();
    let from = jiff_of(found.concern.told);
    let message = t
        .msg("timeline-chart-message")
        .n("lanes", known.lanes.len())
        .arg("from", when.date(from));
    let mut chart = Chart {
        title: t.msg("timeline-chart-title").n("count", known.facts.len()).text(),
        message: message.arg("to", when.date(when.now())).text(),
        lanes: known.lanes.iter().map(|one| lane(site, found, one)).collect(),
        from,
        marks: Vec::new(),
        waits: Vec::new(),
        sent: Vec::new(),
    };
    for fact in &known.facts {
        draw(when, known, fact, &mut chart);
    }
    Some(Swimlane::new(when, &chart))
}

fn draw(when: &When<'_>, known: &Known, fact: &Fact, chart: &mut Chart) {
    let from = fact.from().and_then(|one| known.lane(one));
    for (one, knowing) in &fact.knew {
        let Some(lane) = known.lane(one) else { continue };
        let (at, state, sent) = match *knowing {
            Knowing::Recorded(at) => (at, Drawn::Recorded, None),
            Knowing::Told(at) | Knowing::Plainly(at) => (at, Drawn::Read, Some(at)),
            Knowing::Read(sent, at) => (at, Drawn::Read, sent),
            Knowing::Accepted(sent, at) => (at, Drawn::Read, Some(sent)),
            Knowing::Sent(sent) => (Instant::from_jiff(when.now()), Drawn::Unread, Some(sent)),
            Knowing::Held(_) => continue,
        };
        let at = jiff_of(at);
        chart.marks.push(Mark {
            lane,
            at,
            letter: fact.letter,
            state,
        });
        let Some(sent) = sent.map(jiff_of) else { continue };
        if sent < at {
            chart.waits.push(Wait {
                lane,
                from: sent,
                to: at,
                words: when.between(sent, at),
            });
        }
        if let Some(from) = from.filter(|from| *from != lane) {
            chart.sent.push(Sent {
                from,
                to: lane,
                at: sent,
                unread: state == Drawn::Unread,
            });
        }
    }
}

fn table(when: &When<'_>, known: &Known) -> Vec<(char, String, String, Vec<Knew>)> {
    let row = |fact: &Fact| {
        let cells = known
            .lanes
            .iter()
            .map(|lane| knew(when, fact.knew.get(lane)))
            .collect();
        (
            fact.letter,
            format!("entry-{}", fact.sequence),
            fact.title.clone(),
            cells,
        )
    };
    known.facts.iter().map(row).collect()
}

/// How long something may wait for somebody before the table says that it was late, in seconds.
const LATE: i64 = 86_400;

fn knew(when: &When<'_>, knowing: Option<&Knowing>) -> Knew {
    let (state, at) = match knowing {
        Some(Knowing::Recorded(at)) => ("recorded", Some(*at)),
        Some(Knowing::Read(_, at)) => ("read", Some(*at)),
        Some(Knowing::Accepted(_, at)) => ("accepted", Some(*at)),
        Some(Knowing::Told(at)) => ("told", Some(*at)),
        Some(Knowing::Plainly(at)) => ("plainly", Some(*at)),
        Some(Knowing::Sent(at)) => ("unread", Some(*at)),
        Some(Knowing::Held(at)) => ("held", Some(*at)),
        None => ("none", None),
    };
    Knew {
        state,
        when: at.map(|at| when.date_short(jiff_of(at))).unwrap_or_default(),
        late: knowing
            .and_then(Knowing::since)
            .is_some_and(|(_, waited)| waited > LATE),
    }
}

fn entries(
    site: &Site,
    when: &When<'_>,
    found: &ConcernPage,
    known: &Known,
    newest_first: bool,
) -> Vec<Line> {
    // The last that this reader sees: what went round them leaves no gap at the end.
    let total = found.entries.last().map_or(0, |entry| entry.sequence);
    let line = |entry: &Entry| line(site, when, found, known, entry, total);
    let hidden = [Kind::Notice, Kind::Shown];
    let mut lines: Vec<Line> = found
        .entries
        .iter()
        .filter(|entry| !hidden.contains(&entry.kind))
        .map(line)
        .collect();
    if newest_first {
        lines.reverse();
    }
    lines
}

fn line(site: &Site, when: &When<'_>, found: &ConcernPage, known: &Known, entry: &Entry, total: u32) -> Line {
    let t = site.t();
    let number = entry.sequence;
    let fact = known.fact(number);
    let seal = if number <= found.signed {
        t.msg("timeline-seal-signed")
    } else {
        t.msg("timeline-seal-recorded")
    };
    let recorded = jiff_of(entry.recorded);
    let apart = |told: &Instant| entry.recorded.seconds_since(*told) >= 60;
    let date = match entry.told.filter(apart) {
        Some(told) => {
            let message = t
                .msg("timeline-told-at")
                .arg("told", when.date_at_time(jiff_of(told)));
            message.arg("recorded", when.date_at_time(recorded)).text()
        }
        None => when.date_at_time(recorded),
    };
    let by_words = match &entry.by {
        By::MemberOfThePublic => t.get("timeline-by-public"),
        By::InTheirWork(name) if name.is_empty() => t.get("timeline-by-work"),
        By::Node => t.get("timeline-by-node"),
        other => t.msg("timeline-by").arg("who", by(site, other)).text(),
    };
    Line {
        id: format!("entry-{number}"),
        letter: fact.map(|fact| fact.letter.to_string()).unwrap_or_default(),
        title: titles::of(site, found, entry),
        by: by_words,
        datetime: when.datetime(recorded),
        date,
        body: paragraphs(&words(site, when, entry).0),
        known: fact
            .map(|fact| knows(site, when, found, fact))
            .unwrap_or_default(),
        seal: seal.n("number", number).n("of", total).text(),
        proof: Some((
            format!("/concerns/{}/proof/{number}", found.concern.reference),
            t.get("timeline-proof"),
            t.msg("timeline-proof-which").n("number", number).text(),
        )),
        beside: (found.may.add && keeping::has_text(entry)).then(|| {
            (
                format!("/concerns/{}/amend/beside-{number}", found.concern.reference),
                t.code("amend", "beside"),
                t.msg("timeline-proof-which").n("number", number).text(),
            )
        }),
        must_not: (found.may.must_not_be_here && keeping::has_text(entry)).then(|| {
            (
                format!("/concerns/{}/not-here/{number}", found.concern.reference),
                t.get("timeline-must-not"),
                t.msg("timeline-proof-which").n("number", number).text(),
            )
        }),
    }
}

fn knows(site: &Site, when: &When<'_>, found: &ConcernPage, fact: &Fact) -> Vec<(String, String)> {
    let t = site.t();
    let named = |one: &Lane| lane(site, found, one).0;
    let mut know = Vec::new();
    let mut waiting = Vec::new();
    let mut held = Vec::new();
    for (one, knowing) in &fact.knew {
        match *knowing {
            Knowing::Recorded(_) => know.insert(0, named(one)),
            Knowing::Read(_, at) | Knowing::Accepted(_, at) | Knowing::Told(at) | Knowing::Plainly(at) => {
                let how = t.code("knew-by", knew(when, Some(knowing)).state);
                know.push(format!("{} ({how} {})", named(one), when.near(jiff_of(at))));
            }
            Knowing::Sent(at) => {
                waiting.push(format!(
                    "{} ({})",
                    named(one),
                    when.between(jiff_of(at), when.now())
                ));
            }
            Knowing::Held(_) => held.push(named(one)),
        }
    }
    [
        (t.get("timeline-knows"), know),
        (t.get("timeline-sent-not-accepted"), waiting),
        (t.get("timeline-held-from"), held),
    ]
    .into_iter()
    .filter(|(_, who)| !who.is_empty())
    .map(|(key, who)| (key, who.join("; ")))
    .collect()
}
