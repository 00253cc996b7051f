//! Which facts a concern holds, who knew each and from when: read from who recorded it, to whom a notice of it was sent,
//! who was shown it and who was told outside.

use std::collections::BTreeMap;

use domain::id::PostId;
use domain::record::{Kind, Value};
use domain::time::Instant;
use domain::view::{Duty, Notice, NoticeState};
use node::app::concern::{By, ConcernPage, Entry};

use super::titles;
use crate::web::site::Site;

/// The most facts and lanes a chart can be read with.
const MOST: usize = 12;

/// Who may come to know a fact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Lane {
    /// Whoever reported.
    Reporter,
    /// A post, of this agency or hosted for another.
    Post(PostId),
}

/// What somebody knows of a fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Knowing {
    /// They recorded it, or said it.
    Recorded(Instant),
    /// A person there was shown it: since when it had been sent, if it was, and when they were.
    Read(Option<Instant>, Instant),
    /// A person there took it on: when it was sent, and when they did.
    Accepted(Instant, Instant),
    /// Told outside the node, in words.
    Told(Instant),
    /// It was sent; nobody there has opened it or taken it on.
    Sent(Instant),
    /// Told in fixed sentences that confirm nothing.
    Plainly(Instant),
    /// Kept from them, with a recorded reason.
    Held(Instant),
}

impl Knowing {
    /// When it first reached them.
    pub fn reached(&self) -> Instant {
        match *self {
            Self::Read(Some(at), _)
            | Self::Accepted(at, _)
            | Self::Recorded(at)
            | Self::Read(None, at)
            | Self::Told(at)
            | Self::Plainly(at)
            | Self::Sent(at)
            | Self::Held(at) => at,
        }
    }

    /// Since when they know it, and how long it had waited for them, in seconds.
    pub fn since(&self) -> Option<(Instant, i64)> {
        match *self {
            Self::Recorded(at) | Self::Told(at) | Self::Plainly(at) | Self::Read(None, at) => Some((at, 0)),
            Self::Read(Some(sent), at) | Self::Accepted(sent, at) => Some((at, at.seconds_since(sent))),
            Self::Sent(_) | Self::Held(_) => None,
        }
    }
}

/// One fact: its entry, and what each knew of it.
#[derive(Debug)]
pub struct Fact {
    /// Names it in the chart.
    pub letter: char,
    /// Its entry.
    pub sequence: u32,
    /// In a few words.
    pub title: String,
    /// When it was recorded.
    pub at: Instant,
    /// Who knew of it.
    pub knew: BTreeMap<Lane, Knowing>,
}

impl Fact {
    /// Who recorded it.
    pub fn from(&self) -> Option<&Lane> {
        let recorded = |(lane, knowing): (&'_ Lane, &'_ Knowing)| {
            matches!(knowing, Knowing::Recorded(_)).then_some(lane.clone())
        };
        let lane = self.knew.iter().find_map(recorded)?;
        self.knew.get_key_value(&lane).map(|(lane, _)| lane)
    }
}

/// Everything the page says about knowing.
#[derive(Debug)]
pub struct Known {
    /// Who, in the order in which they come into it.
    pub lanes: Vec<Lane>,
    /// The facts, oldest first.
    pub facts: Vec<Fact>,
    /// Facts that the chart has no room for: they are entries all the same.
    pub more: usize,
}

impl Known {
    /// What the entries of a concern say about knowing.
    #[must_use]
    pub fn of(site: &Site, found: &ConcernPage) -> Self {
        let weighed: Vec<(u8, &Entry)> = found
            .entries
            .iter()
            .filter_map(|entry| Some((weight(found, entry)?, entry)))
            .collect();
        let chosen = choose(&weighed);
        let mut facts = Vec::new();
        for (entry, letter) in chosen.iter().zip('A'..='Z') {
            facts.push(Fact {
                letter,
                sequence: entry.sequence,
                title: titles::of(site, found, entry),
                at: entry.recorded,
                knew: knew(found, entry),
            });
        }
        let mut lanes: Vec<Lane> = Vec::new();
        for fact in &facts {
            let mut reached: Vec<_> = fact.knew.iter().collect();
            reached.sort_by_key(|(lane, knowing)| (fact.from() != Some(*lane), knowing.reached()));
            for (lane, _) in reached {
                if !lanes.contains(lane) && lanes.len() < MOST {
                    lanes.push(lane.clone());
                }
            }
        }
        Self {
            lanes,
            more: weighed.len().saturating_sub(facts.len()),
            facts,
        }
    }

    /// The fact of an entry, if it is one.
    #[must_use]
    pub fn fact(&self, sequence: u32) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.sequence == sequence)
    }

    /// Where a lane lies, counted from 0.
    #[must_use]
    pub fn lane(&self, lane: &Lane) -> Option<usize> {
        self.lanes.iter().position(|one| one == lane)
    }

    /// The longest wait between sending and knowing, over or not: its seconds, the fact, who, and until when.
    #[must_use]
    pub fn longest(&self, now: Instant) -> Option<(i64, &Fact, &Lane, Option<Instant>)> {
        let waits = self.facts.iter().flat_map(|fact| {
            fact.knew.iter().filter_map(move |(lane, knowing)| match knowing {
                Knowing::Sent(sent) => Some((now.seconds_since(*sent), fact, lane, None)),
                known => known.since().map(|(at, seconds)| (seconds, fact, lane, Some(at))),
            })
        });
        waits.max_by_key(|(seconds, ..)| *seconds)
    }
}

/// How much an entry says to somebody who asks who knew: 0 the most; nothing when it is no fact of its own.
fn weight(found: &ConcernPage, entry: &Entry) -> Option<u8> {
    let duty = entry.duty.and_then(|id| found.concern.duty(id));
    match entry.kind {
        Kind::Raised | Kind::Decided | Kind::Disagreed | Kind::EarlierTellingClaimed => Some(0),
        Kind::Lapsed if duty.is_some_and(|duty| duty.child_facing) => Some(1),
        Kind::Added | Kind::Corrected | Kind::Disputed => Some(1),
        // Taking an urgent concern on answers it: the acceptance stands in the table already. Deciding answers the duty to
        // decide, and telling the duty to tell.
        Kind::Answered if duty.is_some_and(|duty| duty.child_facing && !duty.all_hours) => {
            (!found.entries.iter().any(|other| answers_by_itself(other, entry))).then_some(2)
        }
        Kind::SecondRead | Kind::Closed | Kind::ReOpened => Some(2),
        _ => None,
    }
}

/// Whether an answer was written because of another act in the same write.
fn answers_by_itself(act: &Entry, answer: &Entry) -> bool {
    matches!(act.kind, Kind::Decided | Kind::ReporterTold | Kind::SecondRead)
        && act.recorded.seconds_since(answer.recorded).abs() <= 1
        && act
            .subject
            .is_none_or(|subject| answer.subject.is_none_or(|of| of == subject))
}

/// The facts that fit: the weightiest, and of those the newest, but always the first; oldest first again.
fn choose<'a>(weighed: &[(u8, &'a Entry)]) -> Vec<&'a Entry> {
    let mut ranked: Vec<&(u8, &Entry)> = weighed.iter().collect();
    ranked.sort_by_key(|(weight, entry)| {
        (
            entry.kind != Kind::Raised,
            *weight,
            std::cmp::Reverse(entry.sequence),
        )
    });
    let mut chosen: Vec<&Entry> = ranked.into_iter().take(MOST).map(|(_, entry)| *entry).collect();
    chosen.sort_by_key(|entry| entry.sequence);
    chosen
}

fn knew(found: &ConcernPage, entry: &Entry) -> BTreeMap<Lane, Knowing> {
    let mut knew = BTreeMap::new();
    let told = told_of(found, entry);
    for notice in &found.concern.notices {
        let Some(duty) = notice.duty.filter(|duty| told.contains(duty)) else {
            continue;
        };
        if entry.kind == Kind::Lapsed && notice.queued < entry.recorded {
            continue;
        }
        let duty = found.concern.duty(duty);
        let found = of_notice(notice, duty);
        let kept = knew.entry(Lane::Post(notice.post.clone())).or_insert(found);
        *kept = surer(*kept, found);
    }
    for look in found.looks.iter().filter(|look| look.up_to >= entry.sequence) {
        let lane = Lane::Post(look.post.clone());
        let sent = match knew.get(&lane) {
            Some(Knowing::Sent(sent)) => Some(*sent),
            Some(_) => continue,
            None => None,
        };
        knew.insert(lane, Knowing::Read(sent.filter(|at| *at <= look.at), look.at));
    }
    reporter_knew(found, entry, &mut knew);
    match &entry.by {
        By::Colleague { post, .. } => {
            knew.insert(Lane::Post(post.clone()), Knowing::Recorded(entry.recorded));
        }
        By::InTheirWork(_) | By::MemberOfThePublic => {
            let told = entry.told.unwrap_or(entry.recorded);
            knew.insert(Lane::Reporter, Knowing::Recorded(told));
        }
        By::Node => {}
    }
    knew
}

/// The duties whose notices told somebody of this entry: its own, or those made in the same write.
fn told_of(found: &ConcernPage, entry: &Entry) -> Vec<domain::id::DutyId> {
    let near = |duty: &&Duty| match entry.duty {
        Some(id) => duty.id == id,
        None => {
            duty.made.seconds_since(entry.recorded).abs() <= 1
                && (duty.subject.is_none() || duty.subject == entry.subject)
        }
    };
    found
        .concern
        .duties
        .iter()
        .filter(near)
        .map(|duty| duty.id)
        .collect()
}

fn of_notice(notice: &Notice, duty: Option<&Duty>) -> Knowing {
    let sent = notice.sent.unwrap_or(notice.queued);
    let taken = duty.and_then(|duty| {
        let (_, post, at) = duty.accepted.as_ref()?;
        (*post == notice.post).then_some(*at)
    });
    match (taken, notice.state) {
        (Some(at), _) => Knowing::Accepted(sent, at.max(sent)),
        (None, NoticeState::Accepted) => Knowing::Accepted(sent, notice.changed),
        (None, NoticeState::Opened) => Knowing::Read(Some(sent), notice.changed),
        (None, _) => Knowing::Sent(sent),
    }
}

/// Of two notices to one post, by different channels, what is known best.
fn surer(one: Knowing, other: Knowing) -> Knowing {
    match (one, other) {
        (Knowing::Sent(a), Knowing::Sent(b)) => Knowing::Sent(a.min(b)),
        (Knowing::Sent(_), known) | (known, _) => known,
    }
}

/// What whoever reported has been told of a decision.
fn reporter_knew(found: &ConcernPage, entry: &Entry, knew: &mut BTreeMap<Lane, Knowing>) {
    if entry.kind != Kind::Decided {
        return;
    }
    let tellings = found
        .entries
        .iter()
        .filter(|told| told.kind == Kind::ReporterTold && told.recorded >= entry.recorded);
    let Some(told) = tellings.min_by_key(|told| told.recorded) else {
        return;
    };
    let knowing = match told.codes.get("form") {
        Some(Value::Text(form)) if form == "work" => Knowing::Told(told.recorded),
        Some(Value::Text(form)) if form == "public" => Knowing::Plainly(told.recorded),
        _ => Knowing::Held(told.recorded),
    };
    knew.insert(Lane::Reporter, knowing);
}
