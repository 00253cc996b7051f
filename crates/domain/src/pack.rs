//! A jurisdiction's rules as rows: what `node` parses from reviewed files and everything else reads.
//!
//! A pack is read when a duty is made, never when one is folded: due, rule and version are written into the record.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calendar::Calendar;
use crate::clock::{Clock, ClockError, Due, Explanation, Rule};
use crate::ladder::Accept;
use crate::outcome::{Finding, Outcome, SecondReading, Sentence};
use crate::time::Instant;

/// A role that posts have, or an owner outside every post.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its code, such as `hub-decision-maker`.
    pub id: String,
    /// Its title in English.
    pub title: String,
    /// Whether posts have it. Otherwise it stands for somebody outside: an employer, an individual.
    pub post: bool,
    /// Whether a post with it may stand at the top of a ladder and must then accept.
    pub acceptor: bool,
}

/// What a ladder of one kind must look like, by role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LadderTemplate {
    /// Its id, named by clocks.
    pub id: String,
    /// Roles and their times to accept while the desk is open, lowest first.
    pub in_hours: Vec<(String, Accept)>,
    /// The same for all other times.
    pub out_of_hours: Vec<(String, Accept)>,
    /// Roles outside the line.
    pub outside: Vec<(String, Accept)>,
    /// The authority for it, as an anchor.
    pub authority: String,
}

/// A kind of harm or setting that a person can mark on a concern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Category {
    /// Its id.
    pub id: String,
    /// Its title in English.
    pub title: String,
    /// Whether it counts as sexual harm or exploitation, for second readings and holds.
    pub sexual_harm: bool,
    /// The definition it is marked against, as an anchor; several may stand side by side.
    pub authority: String,
}

/// A phrase to ask about, never to block or change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prompt {
    /// Its id.
    pub id: String,
    /// Phrases that raise it, in lower case.
    pub phrases: Vec<String>,
    /// What to consider writing instead.
    pub advice: String,
    /// Where the advice comes from: `found` or `verify`.
    pub confidence: crate::clock::Confidence,
}

/// A phrase found in a text: which prompt, and the bytes from and to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prompted<'a> {
    /// The prompt.
    pub prompt: &'a Prompt,
    /// First byte of the phrase in the text.
    pub from: usize,
    /// The byte after its last.
    pub to: usize,
}

/// A hold under which some concerns begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldRule {
    /// Its id.
    pub id: String,
    /// Its title in English.
    pub title: String,
    /// The categories that begin under it.
    pub categories: Vec<String>,
    /// The authority, as an anchor.
    pub authority: String,
    /// When somebody must look at it again.
    pub review: Date,
    /// The roles of the two bodies that only together release it.
    pub released_by: Vec<String>,
}

/// How long one kind of record is kept at least.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retention {
    /// The kind of record.
    pub id: String,
    /// Its title in English.
    pub title: String,
    /// Years.
    pub years: u32,
    /// From which event they count: `birth`, `death`, `closed`, `recorded`.
    pub from: String,
    /// The authority, as an anchor.
    pub authority: String,
    /// How sure we are.
    pub confidence: crate::clock::Confidence,
}

/// All the rules of one jurisdiction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pack {
    /// Its id, such as `england`.
    pub id: String,
    /// The version it declares, with the start of the digest of all its bytes: `2026.11+3f9a…`.
    pub version: String,
    /// SHA-256 of the canonical bytes of all its files, in hexadecimal.
    pub digest: String,
    /// The zone of the jurisdiction.
    pub zone: TimeZone,
    /// Calendars by id.
    pub calendars: BTreeMap<String, Calendar>,
    /// The calendar by which posts keep holidays.
    pub office_calendar: String,
    /// Clocks; several rows may share an id with dates that do not overlap.
    pub clocks: Vec<Clock>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Ladder templates.
    pub ladders: Vec<LadderTemplate>,
    /// Outcomes, in the order in which they are offered.
    pub outcomes: Vec<Outcome>,
    /// Findings with which duties are answered.
    pub findings: Vec<Finding>,
    /// The rule for second readings.
    pub second_reading: SecondReading,
    /// Sentences for telling the person who reported.
    pub sentences: Vec<Sentence>,
    /// Categories.
    pub categories: Vec<Category>,
    /// Language prompts.
    pub prompts: Vec<Prompt>,
    /// Holds under which concerns begin.
    pub holds: Vec<HoldRule>,
    /// Retention floors.
    pub retention: Vec<Retention>,
}

/// Why a due time could not be worked out from a pack.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PackError {
    /// No row with this id was in force on the day.
    #[error("no clock `{0}` was in force on that day")]
    NoClock(String),
    /// The row could not be followed.
    #[error(transparent)]
    Clock(#[from] ClockError),
}

impl Pack {
    /// The row with this id in force on a date.
    pub fn clock(&self, id: &str, on: Date) -> Option<&Clock> {
        self.clocks
            .iter()
            .find(|clock| clock.id == id && clock.in_force(on))
    }

    fn first(&self, id: &str) -> Option<&Clock> {
        let rows = self.clocks.iter().filter(|clock| clock.id == id);
        rows.min_by_key(|clock| clock.from)
    }

    /// The row in force when something was received, with its calendar and this pack's version. What was received before
    /// any row began goes by the first: somebody told years ago and passing it on now is never refused.
    ///
    /// # Errors
    /// When there is none, or the time lies outside civil time.
    pub fn rule(&self, id: &str, received: Instant) -> Result<Rule<'_>, PackError> {
        let local = crate::clock::civil(&self.zone, received).map_err(ClockError::from)?;
        let clock = self
            .clock(id, local.date())
            .or_else(|| self.first(id).filter(|clock| local.date() < clock.from))
            .ok_or_else(|| PackError::NoClock(id.to_owned()))?;
        Ok(Rule {
            clock,
            calendar: clock.calendar.as_ref().and_then(|id| self.calendars.get(id)),
            pack_version: &self.version,
        })
    }

    /// When a duty of this clock is due, given when the thing was received.
    ///
    /// # Errors
    /// As [`Pack::rule`] and [`Rule::due`].
    pub fn due(&self, id: &str, received: Instant) -> Result<Due, PackError> {
        Ok(self.rule(id, received)?.due(received)?)
    }

    /// The same with its working.
    ///
    /// # Errors
    /// As [`Pack::due`].
    pub fn explain(&self, id: &str, received: Instant) -> Result<Explanation, PackError> {
        Ok(self.rule(id, received)?.explain(received)?)
    }

    /// The calendar by which posts keep holidays.
    pub fn office(&self) -> Option<&Calendar> {
        self.calendars.get(&self.office_calendar)
    }

    /// The outcome with this id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|one| one.id == id)
    }

    /// The findings with which a duty of this clock can be answered.
    pub fn findings_of<'a>(&'a self, clock: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |one| one.clock == clock)
    }

    /// The role with this code.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|one| one.id == id)
    }

    /// The ladder template with this id.
    pub fn ladder(&self, id: &str) -> Option<&LadderTemplate> {
        self.ladders.iter().find(|one| one.id == id)
    }

    /// The sentences that may be told to anyone. The same list for every decision, so that its choice tells nothing.
    pub fn public_sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(|one| one.public)
    }

    /// The sentence with this id.
    pub fn sentence(&self, id: &str) -> Option<&Sentence> {
        self.sentences.iter().find(|one| one.id == id)
    }

    /// The holds under which a concern with these categories begins.
    pub fn holds_for<'a>(&'a self, categories: &'a [String]) -> impl Iterator<Item = &'a HoldRule> {
        let marked = |hold: &HoldRule| hold.categories.iter().any(|one| categories.contains(one));
        self.holds.iter().filter(move |hold| marked(hold))
    }

    /// Whether any of these categories counts as sexual harm or exploitation.
    pub fn is_sexual_harm(&self, categories: &[String]) -> bool {
        let harmful = self.categories.iter().filter(|one| one.sexual_harm);
        harmful.map(|one| &one.id).any(|id| categories.contains(id))
    }

    /// Phrases in a text to ask its writer about, in the order in which they stand. Never run over quoted words.
    pub fn prompts_in(&self, text: &str) -> Vec<Prompted<'_>> {
        let lower = text.to_lowercase();
        // Some letters change length in lower case; then positions would lie, and only plain letters are folded.
        let lower = if lower.len() == text.len() {
            lower
        } else {
            text.to_ascii_lowercase()
        };
        let mut found = Vec::new();
        for prompt in &self.prompts {
            for phrase in &prompt.phrases {
                for (from, _) in lower.match_indices(phrase.as_str()) {
                    let to = from.saturating_add(phrase.len());
                    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    let before = lower.get(..from).and_then(|t| t.chars().next_back());
                    let after = lower.get(to..).and_then(|t| t.chars().next());
                    if !letter(before) && !letter(after) {
                        found.push(Prompted { prompt, from, to });
                    }
                }
            }
        }
        found.sort_by_key(|one| (one.from, one.to));
        found
    }
}
