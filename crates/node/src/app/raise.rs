//! Raising a concern: everything somebody told us, sealed in one write with its owner, its clocks and its restriction.

use domain::id::{DutyId, PostId, RecordId, StreamId};
use domain::record::{Actor, Draft, Kind, Value};
use domain::reference::Reference;
use domain::time::Instant;

use super::again::Earlier;
use super::report::{Capacity, Channel, Filed, Mention, Report, Reporter};
use super::{AppError, Node};
use crate::assemble::{StreamKind, Work};
use crate::store::{Idempotency, Line, Submitted};
use crate::write::Batch;
use crate::{Inner, random, way_back};

/// The longest paragraph that one record holds, in characters; longer ones go over several.
const PARAGRAPH_MAX: usize = 6_000;

/// The longest report, in characters.
pub const WORDS_MAX: usize = 20_000;

/// The most people and things one report may mention.
pub const MENTIONS_MAX: usize = 60;

/// What is worked out before anything is written.
struct Plan {
    now: Instant,
    told: Instant,
    reference: Reference,
    urgent_out_of_hours: bool,
    restricted: bool,
    earlier: Option<Earlier>,
    actor: Actor,
}

impl Plan {
    /// When we were first told, when that was before this telling.
    fn first_told(&self) -> Option<Instant> {
        let first = self.earlier.as_ref().map(|e| e.told);
        first.filter(|first| *first < self.told)
    }
}

/// Nobody was told anything longer ago than this, in minutes: a hundred years.
const LIFETIME: i64 = 100 * 366 * 24 * 60;

impl Node {
    /// Files a report. `key` makes it happen once, however often it is sent.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the field; [`AppError::Unknown`] when the outcome is not known and the same key
    /// may be sent again.
    pub async fn raise(
        &self,
        key: &[u8; 32],
        report: &Report,
        by: Option<&super::Acting>,
    ) -> Result<Filed, AppError> {
        check(report)?;
        let node = &self.inner;
        let now = node.clock.now();
        let actor = by.map_or(Actor::Reporter, super::Acting::actor);
        let plan = node.plan(report, now, actor).await?;
        let code = (!report.word.trim().is_empty()).then(|| way_back::code(&node.keys(), key));
        let mut concern =
            Work::on(node.begin(StreamKind::Concern, if plan.restricted { 3 } else { 0 }, now)?);
        let mut reporter = Work::on(node.begin(StreamKind::Reporter, 2, now)?);
        let raised = node.write_raised(&mut concern, reporter.stream.id, report, &plan)?;
        node.write_owner(&mut concern, report, &plan).await?;
        reporter.push(now, who_reported(&report.reporter, concern.stream.id, &plan))?;
        let answer = answer(&plan, concern.stream.id, raised, &self.once_asked());
        let mut changes = Vec::new();
        if let Some(code) = &code {
            changes.push(way_back::row(
                &node.keys(),
                code,
                &report.word,
                reporter.stream.id,
                concern.stream.id,
            )?);
        }
        let batch = Batch {
            works: vec![concern, reporter],
            idempotency: Some(Idempotency {
                key: key.to_vec(),
                at: now,
                answer: answer.clone(),
            }),
            changes,
            expects: Vec::new(),
            line: Line::People,
        };
        let (answer, repeated) = match node.write(batch).await? {
            Submitted::Repeated { answer } => (answer, true),
            _ => (answer, false),
        };
        filed(&answer, code, repeated)
            .ok_or_else(|| AppError::Broken("an idempotency row cannot be read".into()))
    }
}

/// What is kept under the idempotency key: handles and times, nothing personal.
fn answer(plan: &Plan, stream: StreamId, raised: RecordId, asked: &str) -> Vec<u8> {
    let (recorded, told) = (plan.now.micros(), plan.told.micros());
    let text = format!("{} {recorded} {told} {stream} {raised} {asked}", plan.reference);
    text.trim_end().as_bytes().to_vec()
}

fn filed(answer: &[u8], code: Option<String>, repeated: bool) -> Option<Filed> {
    let text = std::str::from_utf8(answer).ok()?;
    let mut parts = text.split(' ');
    let reference = parts.next()?.to_owned();
    let recorded = Instant(parts.next()?.parse().ok()?);
    let received = Instant(parts.next()?.parse().ok()?);
    let ticket = parts.next()?.to_owned();
    Some(Filed {
        reference,
        recorded,
        received,
        code,
        ticket,
        repeated,
    })
}

fn check(report: &Report) -> Result<(), AppError> {
    let words = report.words.trim();
    if words.is_empty() {
        return Err(AppError::invalid("words", "error-words-empty"));
    }
    if words.chars().count() > WORDS_MAX {
        return Err(AppError::invalid("words", "error-words-long"));
    }
    if report.mentions.len() > MENTIONS_MAX {
        return Err(AppError::invalid("mentions", "error-mentions-many"));
    }
    let code = report.word.trim();
    if !code.is_empty() && code.chars().count() < 4 {
        return Err(AppError::invalid("word", "error-word-short"));
    }
    Ok(())
}

impl Inner {
    async fn plan(&self, report: &Report, now: Instant, actor: Actor) -> Result<Plan, AppError> {
        let told = report.told.as_ref().map_or(now, |t| t.at);
        if told > now {
            return Err(AppError::invalid("told-at", "error-told-in-future"));
        }
        if told < now.plus_minutes(-LIFETIME) {
            return Err(AppError::invalid("told-at", "error-told-long-ago"));
        }
        let prefix = self.agency.prefix;
        let reference = Reference::from_random(prefix, random::number()?).map_err(|_| {
            AppError::Broken("the agency's reference prefix is not two capital letters".into())
        })?;
        let named_colleague = self.names_a_colleague(&report.mentions).await?;
        let earlier = self.earlier(report.joins.as_deref()).await?;
        Ok(Plan {
            now,
            told,
            reference,
            urgent_out_of_hours: report.safe.urgent() && !self.desk_open(now)?,
            restricted: report.colleague || named_colleague || earlier.as_ref().is_some_and(|e| e.restricted),
            earlier,
            actor,
        })
    }

    /// Writes the parts and, last, `raised`, which names them. Gives the id of `raised`.
    fn write_raised(
        &self,
        work: &mut Work,
        reporter: StreamId,
        report: &Report,
        plan: &Plan,
    ) -> Result<RecordId, AppError> {
        let mut parts = Vec::new();
        for paragraph in paragraphs(&report.words) {
            let draft = Draft::new(Kind::Paragraph, plan.actor.clone())
                .code("said-by", "reporter")
                .code("nature", "reported")
                .received(plan.told)
                .with("text", paragraph);
            parts.push(work.push(plan.now, draft)?.to_string());
        }
        for mention in &report.mentions {
            let subject = random::subject()?;
            let draft = mention_draft(mention, plan.actor.clone()).about(subject);
            work.terms
                .extend(self.term_changes(work.stream.id, subject, mention)?);
            parts.push(work.push(plan.now, draft)?.to_string());
        }
        if let Some(claimed) = claimed(report, plan) {
            let draft = Draft::new(Kind::EarlierTellingClaimed, plan.actor.clone())
                .received(plan.told)
                .with("claimed", claimed);
            parts.push(work.push(plan.now, draft)?.to_string());
        }
        let mut draft = Draft::new(Kind::Raised, plan.actor.clone())
            .received(plan.told)
            .code("reference", plan.reference.as_str())
            .code("channel", report.channel.code())
            .code("safe", report.safe.code())
            .code("parents", report.parents.as_str())
            .code("spoken", report.spoken.as_str())
            .code("reporter-kind", report.reporter.capacity.code())
            .code("reporter-stream", reporter.to_string())
            .code("sexual-harm", report.sexual_harm)
            .code("safe-to-keep", report.safe_to_keep)
            .code("parts", parts)
            .maybe("joins", plan.earlier.as_ref().map(|e| e.stream.to_string()))
            .maybe("first-told", plan.first_told())
            .with("happened", report.happened.as_str())
            .with("their-reference", report.their_reference.as_str());
        if let Some(told) = &report.told {
            draft = draft
                .code("written-later", true)
                .with("sheet", told.sheet.as_str());
        }
        work.push(plan.now, draft)
    }

    /// Writes who has it, under which restriction and hold, and the clocks that start now.
    async fn write_owner(&self, work: &mut Work, report: &Report, plan: &Plan) -> Result<(), AppError> {
        let post = if plan.restricted {
            self.post_with_role("designated-officer")?
        } else {
            self.post_with_role("hub-decision-maker")?
        };
        let team = self.team_of(&post);
        if plan.restricted {
            self.write_restriction(work, report, plan, &post).await?;
        }
        work.push(
            plan.now,
            Draft::new(Kind::Owned, Actor::Node)
                .code("team", team)
                .post(post.clone()),
        )?;
        if report.sexual_harm {
            let harm: Vec<String> = self
                .pack
                .categories
                .iter()
                .filter(|c| c.sexual_harm)
                .map(|c| c.id.clone())
                .collect();
            for hold in self.pack.holds_for(&harm) {
                self.write_hold(work, hold, plan.now)?;
            }
        }
        let told = plan.first_told().unwrap_or(plan.told);
        self.make_duty(work, "C01", &post, None, "receipt", told, plan.now)?;
        if claimed(report, plan).is_some() {
            let clock = "answer-earlier-telling";
            self.make_duty(work, clock, &post, None, "receipt", plan.told, plan.now)?;
        }
        if plan.urgent_out_of_hours {
            let night = self.post_with_role("emergency-duty-worker")?;
            self.make_duty(work, "C01a", &night, None, "receipt", plan.now, plan.now)?;
        } else if report.safe.urgent() {
            self.make_duty(work, "C01a", &post, None, "receipt", plan.now, plan.now)?;
        }
        if plan.restricted && !report.colleague {
            self.make_duty(
                work,
                "review-restriction",
                &post,
                None,
                "restriction",
                plan.now,
                plan.now,
            )?;
        }
        if report.reporter.capacity == Capacity::Work && report.channel != Channel::Api {
            self.make_duty(
                work,
                "confirm-organisation",
                &post,
                None,
                "receipt",
                plan.now,
                plan.now,
            )?;
        }
        Ok(())
    }

    /// Sets a hold of the rule pack's own.
    pub(crate) fn write_hold(
        &self,
        work: &mut Work,
        hold: &domain::pack::HoldRule,
        now: Instant,
    ) -> Result<(), AppError> {
        let draft = Draft::new(Kind::HoldSet, Actor::Node)
            .code("authority", hold.authority.as_str())
            .code("rule", hold.id.as_str())
            .code("review", hold.review.to_string());
        work.push(now, draft)?;
        Ok(())
    }

    /// Restricts it in the write that raises it: to whom, why, and who must meet nothing of it.
    async fn write_restriction(
        &self,
        work: &mut Work,
        report: &Report,
        plan: &Plan,
        post: &PostId,
    ) -> Result<(), AppError> {
        work.tier = Some(3);
        let joins = plan.earlier.as_ref().filter(|e| e.restricted);
        let named = self.colleagues_named(&report.mentions).await?;
        let why = match (report.colleague, named.is_empty()) {
            (true, _) => "reporter-said",
            (false, true) => "joins-restricted",
            (false, false) => "matches-directory",
        };
        let draft = Draft::new(Kind::TierSet, Actor::Node)
            .code("tier", 3_i64)
            .code("reason", why)
            .post(post.clone());
        work.push(plan.now, draft)?;
        let mut barred: Vec<_> = joins.map(|e| e.barred.clone()).unwrap_or_default();
        barred.extend(named);
        barred.sort();
        barred.dedup();
        for who in barred {
            let draft = Draft::new(Kind::Excluded, Actor::Node)
                .code("who", who.to_string())
                .code("reason", "named")
                .code("barred", true);
            work.push(plan.now, draft)?;
        }
        Ok(())
    }

    /// Makes a duty by a rule, and the notices that tell its owner.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is another column of one row, and every caller has its own"
    )]
    pub(crate) fn make_duty(
        &self,
        work: &mut Work,
        clock: &str,
        owner: &PostId,
        subject: Option<domain::id::SubjectId>,
        because: &str,
        told: Instant,
        now: Instant,
    ) -> Result<DutyId, AppError> {
        let rule = self.rule(clock, told)?;
        let due = rule.due(told)?;
        let id = random::duty(now)?;
        let restricted = work.tier.unwrap_or(work.stream.tier) >= 3;
        let ladder = if restricted {
            "restricted"
        } else {
            rule.clock.ladder.as_str()
        };
        let own = self.agency.ladder_for(ladder, owner);
        let ladder = own.map_or(ladder, |ladder| ladder.id.as_str());
        let mut draft = Draft::new(Kind::DutyMade, Actor::Node)
            .duty(id)
            .post(owner.clone())
            .due(due.at)
            .received(told)
            .code("clock", clock)
            .code("pack", due.pack_version.as_str())
            .code("authority", rule.clock.authority.as_str())
            .code("ladder", ladder)
            .code("because", because)
            .code("child-facing", rule.clock.facing == domain::clock::Facing::Child)
            .code("all-hours", rule.clock.all_hours)
            .code("provisional", due.provisional);
        draft.subject = subject;
        work.push(now, draft)?;
        self.queue_notices(work, Some(id), owner, 0, None, now)?;
        Ok(id)
    }
}

/// What somebody says they told us before, when there is no record of it: an entry, and a duty to answer it.
fn claimed<'a>(report: &'a Report, plan: &Plan) -> Option<&'a str> {
    let joins = report.joins.as_deref().map(str::trim);
    joins.filter(|text| !text.is_empty() && plan.earlier.is_none())
}

/// Splits words into paragraphs, each short enough for one record, never inside a character.
fn paragraphs(words: &str) -> Vec<String> {
    let plain = words.replace("\r\n", "\n");
    let mut out = Vec::new();
    for paragraph in plain.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        let characters: Vec<char> = paragraph.chars().collect();
        out.extend(
            characters
                .chunks(PARAGRAPH_MAX)
                .map(|chunk| chunk.iter().collect::<String>()),
        );
    }
    out
}

/// The record that names somebody or something.
pub(crate) fn mention_draft(mention: &Mention, actor: Actor) -> Draft {
    Draft::new(Kind::SubjectNamed, actor)
        .code("type", mention.kind.code())
        .code("role", mention.role.as_str())
        .with("name", mention.name.trim())
        .with("born", mention.born.trim())
        .with("age", mention.age.trim())
        .with("nhs-number", mention.nhs_number.trim())
        .with("phone", mention.phone.trim())
        .with("address", mention.address.trim())
        .with("works-or-learns-at", mention.works_or_learns_at.trim())
        .with("about", mention.about.trim())
}

/// A mention as its record has it: for search terms, which are rebuilt from records.
pub(crate) fn mention_of(spine: &domain::record::Spine, content: &crate::content::Content) -> Mention {
    let kind = spine.text("type").and_then(domain::view::SubjectKind::from_code);
    let kind = kind.unwrap_or(domain::view::SubjectKind::Organisation);
    Mention {
        born: content.text("born"),
        age: content.text("age"),
        nhs_number: content.text("nhs-number"),
        phone: content.text("phone"),
        address: content.text("address"),
        works_or_learns_at: content.text("works-or-learns-at"),
        about: content.text("about"),
        ..Mention::named(
            kind,
            spine.text("role").unwrap_or_default(),
            &content.text("name"),
        )
    }
}

fn who_reported(reporter: &Reporter, concern: StreamId, plan: &Plan) -> Draft {
    Draft::new(Kind::ReporterNamed, plan.actor.clone())
        .received(plan.told)
        .code("concern", concern.to_string())
        .code("capacity", reporter.capacity.code())
        .code("may-be-contacted", Value::Bool(reporter.may_be_contacted))
        .with("name", reporter.name.trim())
        .with("role", reporter.role.trim())
        .with("organisation", reporter.organisation.trim())
        .with("contact", reporter.contact.trim())
        .with("safe-how", reporter.safe_how.trim())
        .with("wishes", reporter.wishes.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_split_at_blank_lines_and_kept_short() {
        assert_eq!(
            paragraphs("One.\r\n\r\nTwo.\nStill two.\n\n\n\nThree."),
            ["One.", "Two.\nStill two.", "Three."]
        );
        let long = "ŵ".repeat(PARAGRAPH_MAX + 1);
        let parts = paragraphs(&long);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.concat(), long);
    }
}
