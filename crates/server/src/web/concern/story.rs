//! Who knew what, when, from the record: posts that recorded, were sent to and accepted.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::PostId;
use domain::record::Kind;
use domain::time::Instant;
use domain::view::{NoticeState, SubjectKind};
use node::app::concern::{By, ConcernPage, Entry};

use super::handlers::find;
use super::lines::{by, head, words};
use super::summary::lines as paragraphs;
use super::timeline::{Knew, Story};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::web::components::field::Errors;
use crate::web::components::swimlane::{Mark, Sent, State as Drawn, Story as Chart, Swimlane, Wait};
use crate::web::components::timeline::Entry as Line;
use crate::web::format::When;
use crate::web::site::{On, Posted, Site, Staff, fault, jiff_of, page};

/// The kinds of entry that are facts somebody else may need to know.
const FACTS: &[Kind] = &[
    Kind::Raised,
    Kind::Decided,
    Kind::Added,
    Kind::Lapsed,
    Kind::Climbed,
    Kind::Disagreed,
    Kind::Answered,
];
/// The most facts and posts a chart can be read with.
const MOST: usize = 12;

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
        delay: known.delay(&when),
        unread: known.unread(&site, &when),
        undecided: undecided(&found),
        range: (when.date(jiff_of(found.concern.told)), when.date(when.now())),
        chart: known.chart(&site, &when, &found),
        posts: known.posts.iter().map(|post| site.post_title(post)).collect(),
        facts: known.table(&site, &when),
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

/// One fact: its entry, and what each post knew of it.
struct Fact {
    letter: char,
    sequence: u32,
    title: String,
    at: Instant,
    from: Option<PostId>,
    knew: BTreeMap<PostId, (Instant, Option<Instant>)>,
}

/// Everything the page says about knowing.
struct Known {
    posts: Vec<PostId>,
    facts: Vec<Fact>,
}

impl Known {
    fn of(site: &Site, found: &ConcernPage) -> Self {
        let entries: Vec<&Entry> = found
            .entries
            .iter()
            .filter(|entry| FACTS.contains(&entry.kind))
            .collect();
        let skip = entries.len().saturating_sub(MOST);
        let mut facts = Vec::new();
        for (entry, letter) in entries.into_iter().skip(skip).zip('A'..='Z') {
            facts.push(fact(site, found, entry, letter));
        }
        let mut posts: Vec<PostId> = Vec::new();
        for fact in &facts {
            for post in fact.from.iter().chain(fact.knew.keys()) {
                if !posts.contains(post) && posts.len() < MOST {
                    posts.push(post.clone());
                }
            }
        }
        Self { posts, facts }
    }

    fn delay(&self, when: &When<'_>) -> Option<(String, char, String, String)> {
        let waits = self.facts.iter().flat_map(|fact| {
            fact.knew.iter().filter_map(move |(_, (sent, read))| {
                let read = (*read)?;
                Some((read.seconds_since(*sent), fact))
            })
        });
        let (seconds, fact) = waits
            .max_by_key(|(seconds, _)| *seconds)
            .filter(|(seconds, _)| *seconds > 3_600)?;
        Some((
            when.span(seconds),
            fact.letter,
            format!("entry-{}", fact.sequence),
            fact.title.clone(),
        ))
    }

    fn unread(&self, site: &Site, when: &When<'_>) -> (usize, String) {
        let mut which = Vec::new();
        for fact in &self.facts {
            for (post, (sent, read)) in &fact.knew {
                if read.is_none() {
                    which.push(format!(
                        "{}: {}, {}",
                        fact.letter,
                        site.post_title(post),
                        when.near(jiff_of(*sent))
                    ));
                }
            }
        }
        let shown: Vec<String> = which.iter().take(3).cloned().collect();
        (which.len(), shown.join("; "))
    }

    fn lane(&self, post: &PostId) -> Option<usize> {
        self.posts.iter().position(|one| one == post)
    }

    fn chart(&self, site: &Site, when: &When<'_>, found: &ConcernPage) -> Option<Swimlane> {
        if self.posts.is_empty() || self.facts.is_empty() {
            return None;
        }
        let t = site.t();
        let from = jiff_of(found.concern.told);
        let message = t
            .msg("timeline-chart-message")
            .n("lanes", self.posts.len())
            .arg("from", when.date(from));
        let mut chart = Chart {
            title: t.msg("timeline-chart-title").n("count", self.facts.len()).text(),
            message: message.arg("to", when.date(when.now())).text(),
            lanes: self
                .posts
                .iter()
                .map(|post| (site.post_title(post), post.agency().to_owned()))
                .collect(),
            from,
            marks: Vec::new(),
            waits: Vec::new(),
            sent: Vec::new(),
        };
        for fact in &self.facts {
            self.draw(when, fact, &mut chart);
        }
        Some(Swimlane::new(when, &chart))
    }

    fn draw(&self, when: &When<'_>, fact: &Fact, chart: &mut Chart) {
        let from = fact.from.as_ref().and_then(|post| self.lane(post));
        if let Some(lane) = from {
            chart.marks.push(Mark {
                lane,
                at: jiff_of(fact.at),
                letter: fact.letter,
                state: Drawn::Recorded,
            });
        }
        for (post, (sent, read)) in &fact.knew {
            let Some(lane) = self.lane(post) else { continue };
            let (at, state) = match read {
                Some(read) => (jiff_of(*read), Drawn::Read),
                None => (when.now(), Drawn::Unread),
            };
            chart.marks.push(Mark {
                lane,
                at,
                letter: fact.letter,
                state,
            });
            let words = when.between(jiff_of(*sent), at);
            chart.waits.push(Wait {
                lane,
                from: jiff_of(*sent),
                to: at,
                words,
            });
            if let Some(from) = from.filter(|from| *from != lane) {
                chart.sent.push(Sent {
                    from,
                    to: lane,
                    at: jiff_of(*sent),
                    unread: read.is_none(),
                });
            }
        }
    }

    fn table(&self, site: &Site, when: &When<'_>) -> Vec<(char, String, String, Vec<Knew>)> {
        let row = |fact: &Fact| {
            let cells = self.posts.iter().map(|post| knew(when, fact, post)).collect();
            (
                fact.letter,
                format!("entry-{}", fact.sequence),
                fact.title.clone(),
                cells,
            )
        };
        let _ = site;
        self.facts.iter().map(row).collect()
    }

    fn letter(&self, sequence: u32) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.sequence == sequence)
    }
}

fn knew(when: &When<'_>, fact: &Fact, post: &PostId) -> Knew {
    if fact.from.as_ref() == Some(post) {
        return Knew {
            state: "recorded",
            when: when.date_short(jiff_of(fact.at)),
            late: false,
        };
    }
    match fact.knew.get(post) {
        Some((sent, Some(read))) => {
            let late = read.seconds_since(*sent) > 86_400;
            Knew {
                state: "accepted",
                when: when.date_short(jiff_of(*read)),
                late,
            }
        }
        Some((sent, None)) => Knew {
            state: "unread",
            when: when.date_short(jiff_of(*sent)),
            late: false,
        },
        None => Knew {
            state: "none",
            when: String::new(),
            late: false,
        },
    }
}

/// A fact, and to whom its duties were sent.
fn fact(site: &Site, found: &ConcernPage, entry: &Entry, letter: char) -> Fact {
    let from = match &entry.by {
        By::Colleague { post, .. } => Some(post.clone()),
        _ => None,
    };
    let mut knew = BTreeMap::new();
    let near = |duty: &&domain::view::Duty| match entry.duty {
        Some(id) => duty.id == id,
        None => duty.made.seconds_since(entry.recorded).abs() <= 1,
    };
    let ids: Vec<_> = found
        .concern
        .duties
        .iter()
        .filter(near)
        .map(|duty| duty.id)
        .collect();
    let after = |at: Instant| entry.duty.is_none() || at >= entry.recorded;
    for notice in &found.concern.notices {
        let mine = notice.duty.is_some_and(|duty| ids.contains(&duty)) && after(notice.queued);
        if mine && from.as_ref() != Some(&notice.post) {
            let read =
                matches!(notice.state, NoticeState::Accepted | NoticeState::Opened).then_some(notice.changed);
            // What a post has taken on or ended it has read, and an ended duty asks nobody to read it any more.
            let read = read.or_else(|| taken(found, notice));
            let sent = notice.sent.unwrap_or(notice.queued);
            let kept = knew.entry(notice.post.clone()).or_insert((sent, read));
            kept.1 = kept.1.or(read);
        }
    }
    Fact {
        letter,
        sequence: entry.sequence,
        title: kind_title(site, entry),
        at: entry.recorded,
        from,
        knew,
    }
}

/// When the duty a notice is of was taken on by its post, or ended.
fn taken(found: &ConcernPage, notice: &domain::view::Notice) -> Option<Instant> {
    let duty = found.concern.duty(notice.duty?)?;
    let accepted = duty
        .accepted
        .as_ref()
        .filter(|(_, post, _)| *post == notice.post)
        .map(|(_, _, at)| *at);
    accepted.or(duty.ended.as_ref().map(|ending| ending.at))
}

fn kind_title(site: &Site, entry: &Entry) -> String {
    let title = site.t().code("entry", entry.kind.code());
    match entry.codes.get("outcome") {
        Some(domain::record::Value::Text(outcome)) => {
            format!("{title}: {}", super::handlers::outcome_title(site, outcome))
        }
        _ => title,
    }
}

fn entries(
    site: &Site,
    when: &When<'_>,
    found: &ConcernPage,
    known: &Known,
    newest_first: bool,
) -> Vec<Line> {
    let total = u32::try_from(found.entries.len()).unwrap_or(u32::MAX);
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
    let fact = known.letter(number);
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
        By::Node => t.get("timeline-by-node"),
        other => t.msg("timeline-by").arg("who", by(site, other)).text(),
    };
    Line {
        id: format!("entry-{number}"),
        letter: fact.map(|fact| fact.letter.to_string()).unwrap_or_default(),
        title: kind_title(site, entry),
        by: by_words,
        datetime: when.datetime(recorded),
        date,
        body: paragraphs(&words(site, when, entry).0),
        known: fact.map(|fact| knows(site, when, fact)).unwrap_or_default(),
        seal: seal.n("number", number).n("of", total).text(),
        proof: Some((
            format!("/concerns/{}/proof/{number}", found.concern.reference),
            t.get("timeline-proof"),
            t.msg("timeline-proof-which").n("number", number).text(),
        )),
    }
}

fn knows(site: &Site, when: &When<'_>, fact: &Fact) -> Vec<(String, String)> {
    let t = site.t();
    let mut rows = Vec::new();
    let read = |(post, (_, read)): (&PostId, &(Instant, Option<Instant>))| {
        read.map(|at| format!("{} ({})", site.post_title(post), when.near(jiff_of(at))))
    };
    let knows: Vec<String> = fact
        .from
        .iter()
        .map(|post| site.post_title(post))
        .chain(fact.knew.iter().filter_map(read))
        .collect();
    if !knows.is_empty() {
        rows.push((t.get("timeline-knows"), knows.join(", ")));
    }
    let waiting = |(post, (sent, read)): (&PostId, &(Instant, Option<Instant>))| {
        read.is_none().then(|| {
            format!(
                "{} ({})",
                site.post_title(post),
                when.between(jiff_of(*sent), when.now())
            )
        })
    };
    let waits: Vec<String> = fact.knew.iter().filter_map(waiting).collect();
    if !waits.is_empty() {
        rows.push((t.get("timeline-sent-not-accepted"), waits.join(", ")));
    }
    rows
}
