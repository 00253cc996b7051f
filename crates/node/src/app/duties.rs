//! My duties: what I owe, what my team owes, what is owed to us, what is finished; accepting and answering them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::id::{DutyId, PostId};
use domain::policy::{Action, Item, Purpose};
use domain::record::{Draft, Kind};
use domain::time::Instant;
use domain::view::{ASKED, Concern, Duty, SubjectKind};

use super::act::act;
use super::gate::Listed;
use super::report::Capacity;
use super::waiting::ANSWER;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::store::ListedDuty;

/// Which list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    /// Mine: my post's, what climbed to it, and my deputised posts'.
    Mine,
    /// My team's.
    Team,
    /// What others owe us: handed over and not accepted, or waiting for another agency.
    Owed,
    /// Finished in the last 30 days.
    Finished,
}

impl Tab {
    /// Its word in the record of what was shown.
    const fn code(self) -> &'static str {
        match self {
            Self::Mine => "duties-mine",
            Self::Team => "duties-team",
            Self::Owed => "duties-owed",
            Self::Finished => "duties-finished",
        }
    }
}

/// The most lines a list shows at once.
pub const LINES_MAX: usize = 100;

/// The most rows one read of a list takes.
const READ_MAX: u32 = 5_000;

/// One line of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyLine {
    /// The duty, folded: its clock, rungs, answers.
    pub duty: Duty,
    /// The concern's reference.
    pub reference: String,
    /// Initials and age of the subject, or of the children it is about; empty where words are held back.
    pub label: String,
    /// The title of the clock, in English.
    pub title: String,
    /// The post it was sent to, when, and whether a person there has accepted.
    pub sent_to: Option<(PostId, Instant, bool)>,
    /// Restricted: shown to its custodian so that they know what they hold.
    pub restricted: bool,
    /// Whether it is urgent by somebody's word.
    pub urgent: bool,
    /// Whether somebody in their work reported it. Of anybody else no more is said in a list.
    pub in_work: bool,
    /// Entries of the concern now: goes back with an answer.
    pub seen: u32,
}

/// A list with its counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutyPage {
    /// The lines, the most pressing first.
    pub lines: Vec<DutyLine>,
    /// How many are mine, my team's, owed to us.
    pub counts: [u32; 3],
    /// Late ones among the lines.
    pub late: u32,
    /// As at.
    pub now: Instant,
}

/// What can be answered to most duties.
pub const ANSWERS: &[&str] = &[
    "done",
    "part",
    "tried",
    "cannot-by-then",
    "no-longer-needed",
    "cannot-be-done",
];

/// What can be answered to a duty to read something: opening it never discharges it. Law: OWN-R13-reading.
pub const READ_ANSWERS: &[&str] = &["changes-nothing", "acting", "not-mine", "cannot-by-then"];

/// The finding with which the duty to confirm an organisation confirms it.
const CONFIRMED: &str = "organisation-confirmed";

/// What is done about a duty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// One of [`ANSWERS`]; for a duty to read something, one of [`READ_ANSWERS`].
    pub how: String,
    /// What was done, or why not. Required for all but a plain `done`.
    pub words: String,
    /// When it was done or tried, if not now.
    pub when: Option<Instant>,
    /// When the next try is, for `tried` and `part`.
    pub next: Option<Instant>,
    /// What was found, as a code of the rule pack: it may make duties.
    pub finding: Option<String>,
}

impl Node {
    /// The answers that a duty of this clock takes.
    #[must_use]
    pub fn answers_of(&self, clock: &str) -> &'static [&'static str] {
        self.inner.answers_of(clock)
    }

    /// A list of duties.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when this person does not hold the post they act in.
    pub async fn my_duties(&self, acting: &Acting, tab: Tab) -> Result<DutyPage, AppError> {
        let node = &self.inner;
        let who = node.who(acting).await?;
        let now = node.clock.now();
        let Some(scope) = node.scope(&who, Action::Know, Item::Concern, Purpose::MyDuty) else {
            return Ok(DutyPage {
                lines: Vec::new(),
                counts: [0; 3],
                late: 0,
                now,
            });
        };
        let posts = node.posts_acted_for(acting).await?;
        let mut all = node.posts_of_team(&acting.post);
        all.extend(posts.iter().cloned());
        let since = now.plus_minutes(-60 * 24 * 30);
        let found = node
            .store
            .duties_in_scope(scope.principals(), &all, since, READ_MAX)
            .await?;
        let mut lists: BTreeMap<u8, Vec<DutyId>> = BTreeMap::new();
        for row in &found {
            lists.entry(list_of(row, &posts)).or_default().push(row.id);
        }
        let count = |list: u8| {
            lists
                .get(&list)
                .map_or(0, |l| u32::try_from(l.len()).unwrap_or(u32::MAX))
        };
        let counts = [count(0), count(1), count(2)];
        let wanted = match tab {
            Tab::Mine => 0,
            Tab::Team => 1,
            Tab::Owed => 2,
            Tab::Finished => 3,
        };
        let ids = lists.remove(&wanted).unwrap_or_default();
        let mut lines = Vec::new();
        let mut opened: BTreeMap<domain::id::StreamId, Option<Listed>> = BTreeMap::new();
        for row in found.iter().filter(|r| ids.contains(&r.id)).take(LINES_MAX) {
            if let Entry::Vacant(place) = opened.entry(row.stream) {
                place.insert(node.open_for_list(&who, row.stream).await?);
            }
            let Some(Some(listed)) = opened.get(&row.stream) else {
                continue;
            };
            if let Some(duty) = listed.concern.duty(row.id) {
                lines.push(node.duty_line(listed, duty, now));
            }
        }
        let listed = opened.iter().filter(|(_, listed)| listed.is_some());
        let listed = listed.map(|(stream, _)| *stream).collect();
        node.shown_in_list(acting, &scope, tab.code(), &listed).await?;
        let late =
            u32::try_from(lines.iter().filter(|l| l.duty.lapsed.is_some()).count()).unwrap_or(u32::MAX);
        Ok(DutyPage {
            lines,
            counts,
            late,
            now,
        })
    }

    /// Takes a duty on.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`] when it has ended or somebody on this rung has accepted.
    pub async fn accept(&self, acting: &Acting, reference: &str, duty: DutyId) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::Accept, Item::Duty),
            None,
            async |scene, work| {
                let found = scene.concern.duty(duty).ok_or(AppError::NotFound)?;
                let since = found.standing().map_or(found.made, |rung| rung.at);
                if !found.is_open() || found.accepted_since(since) {
                    return Err(Refusal::AlreadyDone.into());
                }
                self.inner
                    .permit_on_duty(scene.who, Action::Accept, scene.concern, found)?;
                let draft = Draft::new(Kind::Accepted, acting.actor())
                    .duty(duty)
                    .post(acting.post.clone())
                    .code("rung", i64::from(found.rung()));
                work.push(scene.now, draft)?;
                for notice in scene
                    .concern
                    .notices
                    .iter()
                    .filter(|n| n.duty == Some(duty) && n.rung == found.rung())
                {
                    if notice.channel == "screen" && notice.post == acting.post {
                        let draft = Draft::new(Kind::Notice, acting.actor())
                            .duty(duty)
                            .post(notice.post.clone())
                            .code("notice", notice.id.as_str())
                            .code("rung", i64::from(notice.rung))
                            .code("channel", "screen")
                            .code("state", "accepted");
                        work.push(scene.now, draft)?;
                    }
                }
                // An urgent concern's duty is to accept it: accepting is the answer.
                if self.inner.is_met_by_accepting(&found.clock) {
                    let draft = Draft::new(Kind::Answered, acting.actor())
                        .duty(duty)
                        .code("how", "done");
                    work.push(scene.now, draft)?;
                }
                Ok(())
            },
        )
        .await
    }

    /// Answers a duty. Only `done` meets its clock; `part`, `tried` and `cannot-by-then` leave it open.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown answer or missing words; [`Refusal::AlreadyDone`] when it has ended;
    /// [`Refusal::NeedsAnother`] when the same person says a second time that it cannot be done.
    pub async fn answer(
        &self,
        acting: &Acting,
        reference: &str,
        duty: DutyId,
        answer: &Answer,
    ) -> Result<Concern, AppError> {
        act!(
            self,
            acting,
            reference,
            (Action::Answer, Item::Duty),
            None,
            async |scene, work| {
                let found = scene.concern.duty(duty).ok_or(AppError::NotFound)?;
                if !found.is_open() {
                    return Err(Refusal::AlreadyDone.into());
                }
                self.inner
                    .permit_on_duty(scene.who, Action::Answer, scene.concern, found)?;
                self.inner.check_answer(found, answer)?;
                let how = self.inner.ending(work, duty, acting, &answer.how)?;
                let mut draft = Draft::new(Kind::Answered, acting.actor())
                    .duty(duty)
                    .code("how", how)
                    .maybe("next", answer.next)
                    .maybe("finding", answer.finding.as_deref())
                    .with("words", answer.words.trim());
                draft.subject = found.subject;
                draft.happened = answer.when;
                work.push(scene.now, draft)?;
                if matches!(how, "done" | "no-longer-needed" | "cannot-be-done") {
                    let actor = acting.actor();
                    self.inner
                        .waiting_answered(scene.concern, work, duty, &actor, scene.now)?;
                }
                if let Some(finding) = &answer.finding {
                    for made in self.inner.finding_duties(&found.clock, finding)? {
                        let owner = self
                            .inner
                            .post_with_role(made.owner_when(self.inner.desk_open(scene.now)?))?;
                        let from = answer.when.unwrap_or(scene.now);
                        self.inner.make_duty(
                            work,
                            &made.clock,
                            &owner,
                            found.subject,
                            "decision",
                            from,
                            scene.now,
                        )?;
                    }
                }
                if answer.finding.as_deref() == Some(CONFIRMED) {
                    let draft = Draft::new(Kind::ReporterConfirmed, acting.actor()).duty(duty);
                    work.push(scene.now, draft)?;
                }
                if matches!(how, "cannot-by-then" | "not-mine") {
                    self.inner
                        .climb_now(scene.concern, work, found, how, scene.now)
                        .await?;
                }
                Ok(())
            },
        )
        .await
    }

    /// Asks something about a duty that climbed here. The clock runs on; whoever has the duty gets another, to answer.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nothing is asked; [`Refusal::AlreadyDone`] when the duty has ended.
    pub async fn ask(
        &self,
        acting: &Acting,
        reference: &str,
        duty: DutyId,
        words: &str,
    ) -> Result<Concern, AppError> {
        if words.trim().is_empty() {
            return Err(AppError::invalid("words", "error-words-empty"));
        }
        act!(
            self,
            acting,
            reference,
            (Action::Ask, Item::Duty),
            None,
            async |scene, work| {
                let found = scene.concern.duty(duty).ok_or(AppError::NotFound)?;
                if !found.is_open() {
                    return Err(Refusal::AlreadyDone.into());
                }
                self.inner
                    .permit_on_duty(scene.who, Action::Ask, scene.concern, found)?;
                let mut draft = Draft::new(Kind::Asked, acting.actor())
                    .duty(duty)
                    .post(found.owner.clone());
                // Who asks themselves knows of it.
                if found.owner != acting.post {
                    let (owner, now) = (&found.owner, scene.now);
                    let node = &self.inner;
                    let asked = node.make_duty(work, ANSWER, owner, found.subject, ASKED, now, now)?;
                    draft = draft.code("asked", asked.to_string());
                }
                work.push(scene.now, draft.with("words", words.trim()))?;
                Ok(())
            },
        )
        .await
    }
}

/// The list a duty stands on, for somebody who acts for these posts: mine, my team's, owed to us, finished.
fn list_of(row: &ListedDuty, posts: &[PostId]) -> u8 {
    let standing = row.standing.as_ref().is_some_and(|post| posts.contains(post));
    match () {
        () if row.ended => 3,
        () if posts.contains(&row.post) || standing => 0,
        () if row.offered || row.asked => 2,
        () => 1,
    }
}

impl Inner {
    /// The answers that a duty of this clock takes.
    pub(crate) fn answers_of(&self, clock: &str) -> &'static [&'static str] {
        let mut clocks = self.pack.clocks.iter().filter(|c| c.id == clock);
        if clocks.any(|c| c.stop == "read") {
            READ_ANSWERS
        } else {
            ANSWERS
        }
    }

    /// Words go with all but a plain end; "done" says what was found, where the rule pack asks, because a finding makes
    /// what is to be done next.
    fn check_answer(&self, duty: &Duty, answer: &Answer) -> Result<(), AppError> {
        let how = answer.how.as_str();
        if !self.answers_of(&duty.clock).contains(&how) {
            return Err(AppError::invalid("how", "error-answer-unknown"));
        }
        if !matches!(how, "done" | "changes-nothing") && answer.words.trim().is_empty() {
            return Err(AppError::invalid("words", "error-answer-words-missing"));
        }
        let asked = self.pack.findings_of(&duty.clock).next().is_some();
        match (&answer.finding, how == "done") {
            (None, true) if asked => Err(AppError::invalid("finding", "error-finding-missing")),
            (Some(_), false) => Err(AppError::invalid("finding", "error-finding-not-done")),
            _ => Ok(()),
        }
    }

    /// `no-longer-needed` and `cannot-be-done` need a second person: the first says so and it waits, open; the second
    /// makes it so.
    fn ending<'a>(
        &self,
        work: &crate::assemble::Work,
        duty: DutyId,
        acting: &Acting,
        how: &'a str,
    ) -> Result<&'a str, AppError> {
        if !matches!(how, "no-longer-needed" | "cannot-be-done") {
            return Ok(how);
        }
        let proposed = work.stream.spines.iter().rev().find(|spine| {
            spine.kind == Kind::Answered
                && spine.duty == Some(duty)
                && spine.text("how") == Some("awaiting-second")
        });
        match proposed {
            None => Ok("awaiting-second"),
            Some(first) if first.actor.practitioner() == Some(acting.practitioner) => {
                Err(Refusal::NeedsAnother.into())
            }
            Some(_) => Ok(how),
        }
    }

    fn duty_line(&self, listed: &Listed, duty: &Duty, now: Instant) -> DutyLine {
        let concern = &listed.concern;
        let sent_to = duty.standing().and_then(|rung| match &duty.accepted {
            Some((_, post, at)) if *at >= rung.at => Some((post.clone(), *at, true)),
            _ => Some((rung.told_in.clone(), rung.told?, false)),
        });
        DutyLine {
            reference: concern.reference.clone(),
            label: subject_label(listed, duty, now),
            title: self.clock_title(&duty.clock),
            sent_to,
            restricted: concern.tier >= 2,
            urgent: concern.safe != "yes",
            in_work: concern.reporter_kind == Capacity::Work.code(),
            seen: concern.length,
            duty: duty.clone(),
        }
    }
}

fn subject_label(listed: &Listed, duty: &Duty, now: Instant) -> String {
    let Some(contents) = &listed.contents else {
        return String::new();
    };
    let is_shown = |s: &&domain::view::Subject| match duty.subject {
        Some(id) => s.id == id,
        None => s.kind == SubjectKind::Child && s.not_about.is_none(),
    };
    let labels = listed
        .concern
        .subjects
        .iter()
        .filter(is_shown)
        .filter_map(|subject| {
            let place = listed
                .stream
                .spines
                .iter()
                .find(|s| s.id == subject.named_by)?
                .sequence;
            let text = super::concern::label(subject.kind, contents.get(&place), now);
            (!text.is_empty()).then_some(text)
        });
    labels.collect::<Vec<_>>().join("; ")
}
