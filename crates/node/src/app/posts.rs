//! Posts and rules as use cases ask for them: which post has a role, when a desk is open, who deputises, what is due.

use domain::calendar::Calendar;
use domain::clock::Rule;
use domain::id::{PostId, SubjectId};
use domain::ladder::{Ladder, Seat};
use domain::outcome::{Circumstances, DutySpec, Outcome, Reading};
use domain::policy::{Role, TeamId};
use domain::time::Instant;
use domain::view::{Concern, Decision, Duty, SubjectKind};

use super::act::Scene;
use super::report::Mention;
use super::{Acting, AppError};
use crate::Inner;
use crate::agency::Post;
use crate::assemble::Work;
use crate::store::{Change, Table, Val};

impl Inner {
    /// A post of this agency.
    pub(crate) fn seat(&self, id: &PostId) -> Result<&Post, AppError> {
        self.agency
            .posts
            .iter()
            .find(|post| post.id == *id)
            .ok_or(AppError::NotFound)
    }

    /// The post with a role. The agency's file was checked at the start: a missing one is a fault.
    pub(crate) fn post_with_role(&self, role: &str) -> Result<PostId, AppError> {
        let found = self
            .agency
            .posts
            .iter()
            .find(|post| post.role == role)
            .map(|post| post.id.clone());
        found.ok_or_else(|| AppError::Broken(format!("no post has the role `{role}`")))
    }

    /// The post with a role, if any has it.
    pub(crate) fn post_in_role(&self, role: Role) -> Option<PostId> {
        self.post_with_role(role.code()).ok()
    }

    /// The roles of a post, as the policy knows them.
    pub(crate) fn roles_of(&self, post: &PostId) -> Vec<Role> {
        self.seat(post)
            .ok()
            .and_then(|post| Role::from_code(&post.role))
            .into_iter()
            .collect()
    }

    /// The team of a post; its own code when it is in none.
    pub(crate) fn team_of(&self, post: &PostId) -> String {
        self.seat(post)
            .ok()
            .and_then(|post| post.team.clone())
            .unwrap_or_default()
    }

    /// The team of a post, as the policy knows it.
    pub(crate) fn team_id(&self, post: &PostId) -> Option<TeamId> {
        let team = self.seat(post).ok()?.team.as_ref()?;
        format!("{}/{team}", self.agency.id).parse().ok()
    }

    /// Every post of the team a post is in.
    pub(crate) fn posts_of_team(&self, post: &PostId) -> Vec<PostId> {
        let Some(team) = self.seat(post).ok().and_then(|p| p.team.as_ref()) else {
            return Vec::new();
        };
        let same = self.agency.posts.iter().filter(|p| p.team.as_ref() == Some(team));
        same.map(|p| p.id.clone()).collect()
    }

    /// The deputy of a post.
    pub(crate) fn deputy_of(&self, post: &PostId) -> Option<&PostId> {
        self.seat(post).ok()?.deputy.as_ref()
    }

    /// The title of a post, in English.
    pub(crate) fn post_title(&self, post: &PostId) -> String {
        self.seat(post).map(|post| post.title.clone()).unwrap_or_default()
    }

    /// Posts as ladders see them.
    pub(crate) fn seats(&self) -> Vec<Seat> {
        let seat = |p: &Post| Seat {
            post: p.id.clone(),
            hours: p.hours.clone(),
            deputy: p.deputy.clone(),
        };
        self.agency.posts.iter().map(seat).collect()
    }

    /// The channels by which a post is told. Every post has a screen.
    pub(crate) fn channels(&self, post: &PostId) -> Vec<String> {
        let mut channels = self.seat(post).map(|p| p.channels.clone()).unwrap_or_default();
        if !channels.iter().any(|c| c == "screen") {
            channels.insert(0, "screen".to_owned());
        }
        channels
    }

    /// The calendar by which posts keep holidays.
    pub(crate) fn hours_calendar(&self) -> Result<&Calendar, AppError> {
        self.pack
            .office()
            .ok_or_else(|| AppError::Broken("the rule pack has no office calendar".into()))
    }

    /// Whether the desk that decides is open.
    pub(crate) fn desk_open(&self, now: Instant) -> Result<bool, AppError> {
        let post = self.post_with_role(Role::HubDecisionMaker.code())?;
        let hours = &self.seat(&post)?.hours;
        hours
            .open_at(now, self.hours_calendar()?)
            .map_err(|e| AppError::Broken(e.to_string()))
    }

    /// Who has it out of hours: the post and the number to ring.
    pub(crate) fn night_desk(&self) -> Option<(PostId, String)> {
        Some((
            self.post_in_role(Role::EmergencyDutyWorker)?,
            self.agency.night_phone.clone(),
        ))
    }

    /// What happens next with a concern, in clock time, as whoever reported it may know: not whether it was found to be
    /// about a colleague, nor when somebody else told us of it first.
    pub(crate) fn next_look(&self, concern: &Concern, told: Instant) -> super::report::NextLook {
        let urgent = concern.duties.iter().find(|d| d.clock == "C01a");
        let duty = urgent.or(concern.duties.iter().find(|d| d.clock == "C01"));
        let (accepted, ring) = self.night_state(concern);
        let above = |duty: &Duty| {
            let ladder = self.ladder(&duty.ladder).ok()?;
            ladder
                .out_of_hours
                .iter()
                .find(|rung| rung.post != duty.owner)
                .map(|rung| self.post_title(&rung.post))
        };
        let joined = duty.filter(|d| d.told < told && d.clock == "C01");
        let by = match joined {
            Some(duty) => self.rule(&duty.clock, told).ok().and_then(|r| r.due(told).ok()),
            None => None,
        };
        super::report::NextLook {
            by: by.map_or(duty.map_or(told, |d| d.due), |due| due.at),
            post: duty
                .map(|d| self.title_for_reporter(concern, &d.owner))
                .unwrap_or_default(),
            then: urgent.and_then(above),
            ring,
            accepted,
        }
    }

    /// A post's title as whoever reported is told it: one that has a concern because a colleague was matched, or
    /// because what it joins is restricted, reads as the desk that has any other.
    pub(crate) fn title_for_reporter(&self, concern: &Concern, post: &PostId) -> String {
        let quiet = concern.tier >= 2 && concern.restricted_because.as_deref() != Some("reporter-said");
        let kept = concern.restricted_to.contains(post)
            || concern
                .restricted_to
                .iter()
                .any(|p| self.deputy_of(p) == Some(post));
        let desk = self.post_in_role(Role::HubDecisionMaker);
        match desk.filter(|_| quiet && kept) {
            Some(desk) => self.post_title(&desk),
            None => self.post_title(post),
        }
    }

    /// The name of whoever acts for a post now.
    pub(crate) async fn holder_name(&self, post: &PostId) -> Result<Option<String>, AppError> {
        let chairs = self.chairs().await?;
        match chairs.sitting(post, self.clock.now()).map(|s| s.who) {
            Ok(who) => Ok(Some(self.name_of(who).await?)),
            Err(_) => Ok(None),
        }
    }

    /// The post acted in, and every post that it deputises for whose holder is away or missing.
    pub(crate) async fn posts_acted_for(&self, acting: &Acting) -> Result<Vec<PostId>, AppError> {
        let chairs = self.chairs().await?;
        let now = self.clock.now();
        let acts = |p: &&Post| {
            chairs
                .sitting(&p.id, now)
                .is_ok_and(|s| s.seat.post == acting.post)
        };
        let mut posts: Vec<PostId> = self
            .agency
            .posts
            .iter()
            .filter(acts)
            .map(|p| p.id.clone())
            .collect();
        if !posts.contains(&acting.post) {
            posts.push(acting.post.clone());
        }
        Ok(posts)
    }

    /// A rule of the pack in force now.
    pub(crate) fn rule(&self, clock: &str, told: Instant) -> Result<Rule<'_>, AppError> {
        self.pack
            .rule(clock, told)
            .map_err(|e| AppError::Broken(e.to_string()))
    }

    /// The title of a clock, in English.
    pub(crate) fn clock_title(&self, clock: &str) -> String {
        self.pack
            .clocks
            .iter()
            .find(|c| c.id == clock)
            .map(|c| c.title.clone())
            .unwrap_or_default()
    }

    /// Whether accepting a duty of this clock is its answer: an urgent concern is to be accepted, no more.
    pub(crate) fn is_met_by_accepting(&self, clock: &str) -> bool {
        let by_us = ["urgent-out-of-hours", "offered"];
        let here =
            |c: &domain::clock::Clock| by_us.contains(&c.trigger.as_str()) && c.id != "accept-transfer";
        self.pack
            .clocks
            .iter()
            .any(|c| c.id == clock && c.stop == "accepted" && here(c))
    }

    /// Whether a clock counts from when the agency was told rather than from the decision.
    pub(crate) fn runs_from_telling(&self, clock: &str) -> bool {
        self.pack
            .clocks
            .iter()
            .any(|c| c.id == clock && c.trigger == "told")
    }

    /// The ladder with this id; for a team's own that is no longer in the file, the agency's of its kind.
    pub(crate) fn ladder(&self, id: &str) -> Result<&Ladder, AppError> {
        let find = |id: &str| self.agency.ladders.iter().find(|ladder| ladder.id == id);
        let found = find(id).or_else(|| find(id.split('/').next().unwrap_or_default()));
        found.ok_or_else(|| AppError::Broken(format!("the agency's file has no ladder `{id}`")))
    }

    /// An outcome of the pack.
    pub(crate) fn outcome(&self, id: &str) -> Result<&Outcome, AppError> {
        self.pack
            .outcome(id)
            .ok_or_else(|| AppError::invalid("outcome", "error-outcome-unknown"))
    }

    /// The duties a finding makes.
    pub(crate) fn finding_duties(&self, clock: &str, finding: &str) -> Result<Vec<DutySpec>, AppError> {
        let found = self.pack.findings_of(clock).find(|f| f.id == finding);
        found
            .map(|f| f.duties.clone())
            .ok_or_else(|| AppError::invalid("finding", "error-finding-unknown"))
    }

    /// Whether every sentence is one that may be told to anyone.
    pub(crate) fn check_sentences(&self, sentences: &[String]) -> Result<(), AppError> {
        let known = |id: &String| self.pack.public_sentences().any(|s| s.id == *id);
        if sentences.is_empty() || !sentences.iter().all(known) {
            return Err(AppError::invalid("sentences", "error-sentences"));
        }
        Ok(())
    }

    /// Which second reading a decision needs: the reason codes, or none; and how many in a hundred are drawn.
    pub(crate) async fn reading(
        &self,
        scene: &Scene<'_>,
        work: &Work,
        outcome: &Outcome,
    ) -> Result<Reading, AppError> {
        let concern = scene.concern;
        let known = Circumstances {
            child_or_parent_reported: matches!(concern.reporter_kind.as_str(), "child" | "parent"),
            someone_disagrees: concern.decisions.iter().any(|d| !d.disagreed.is_empty()),
            sexual_harm_marked: concern.sexual_harm || super::mark::marks_sexual_harm(work),
            concerns_about_child: self.seen_before(concern, SubjectKind::Child).await?,
            concerns_naming_adult: self.seen_before(concern, SubjectKind::Adult).await?,
            reporter_said_not_safe: concern.safe != "yes",
            decider_registered: scene.who.registered_social_worker,
        };
        Ok(outcome.reading(&self.pack.second_reading, &known))
    }

    /// The post that reads a decision second: the deputy of the deciding post, held by another person.
    pub(crate) async fn second_reader(&self, concern: &Concern, acting: &Acting) -> Result<PostId, AppError> {
        let chairs = self.chairs().await?;
        let now = self.clock.now();
        let deputy = concern
            .owner
            .as_ref()
            .and_then(|o| self.deputy_of(&o.post))
            .cloned();
        let roles = [Role::TeamManager, Role::ServiceManager]
            .into_iter()
            .filter_map(|r| self.post_in_role(r));
        let mut posts = roles.chain(deputy).filter(|post| {
            let holder = chairs.sitting(post, now).map(|s| s.who);
            holder.is_ok_and(|who| who != acting.practitioner && !concern.excludes(who))
        });
        match posts.next() {
            Some(post) => Ok(post),
            None => self.post_with_role(Role::ServiceManager.code()),
        }
    }

    /// The post that answers a disagreement: on the ladder, but outside the line of whoever decided.
    pub(crate) async fn outside_the_line(
        &self,
        concern: &Concern,
        decision: &Decision,
    ) -> Result<PostId, AppError> {
        let chairs = self.chairs().await?;
        let now = self.clock.now();
        let decided = decision.by.practitioner();
        let roles = [Role::PartnerLead, Role::MonitoringOfficer, Role::Scrutineer];
        let mut posts = roles
            .into_iter()
            .filter_map(|r| self.post_in_role(r))
            .filter(|post| {
                let apart = |who| Some(who) != decided && !concern.excludes(who);
                let who = chairs.sitting(post, now).map(|s| s.who);
                who.is_ok_and(apart) && chairs.holder(post, now).is_none_or(apart)
            });
        match posts.next() {
            Some(post) => Ok(post),
            None => self.post_with_role(Role::Scrutineer.code()),
        }
    }

    /// Records every rung of a duty's ladder that is passed from the start because its holder decided what is disputed.
    pub(crate) async fn record_passing(
        &self,
        work: &mut Work,
        duty: domain::id::DutyId,
        decided: &[domain::id::PractitionerId],
        now: Instant,
    ) -> Result<(), AppError> {
        let chairs = self.chairs().await?;
        let made = work.drafts.iter().find(|(_, d)| d.duty == Some(duty));
        let ladder = made
            .and_then(|(_, d)| d.codes.iter().find(|(name, _)| name == "ladder"))
            .and_then(|(_, value)| match value {
                domain::record::Value::Text(id) => Some(id.clone()),
                _ => None,
            });
        let ladder = self.ladder(&ladder.unwrap_or_default())?;
        for rung in &ladder.in_hours {
            let Some(who) = chairs.holder(&rung.post, now).filter(|who| decided.contains(who)) else {
                continue;
            };
            let draft =
                domain::record::Draft::new(domain::record::Kind::SteppedOver, domain::record::Actor::Node)
                    .duty(duty)
                    .post(rung.post.clone())
                    .code("rung", 1_i64)
                    .code("reason", "decided")
                    .code("who", who.to_string());
            work.push(now, draft)?;
        }
        Ok(())
    }

    /// Climbs a duty now, before it is due: its owner says that they cannot do it by then.
    pub(crate) async fn climb_now(
        &self,
        concern: &Concern,
        work: &mut Work,
        duty: &Duty,
        why: &str,
        now: Instant,
    ) -> Result<(), AppError> {
        let mut early = duty.clone();
        early.cannot_by_then = early
            .cannot_by_then
            .or(Some((domain::id::PractitionerId([0; 16]), now)));
        let chairs = self.chairs().await?;
        let climbing = self.where_to(&chairs, concern, &early, now)?;
        self.write_climbing(
            work,
            duty,
            climbing,
            why,
            now,
            &mut super::tick::Ticked::default(),
        )
    }

    /// Keyed search terms of a mention, as changes.
    pub(crate) fn term_changes(
        &self,
        stream: domain::id::StreamId,
        subject: SubjectId,
        mention: &Mention,
    ) -> Result<Vec<Change>, AppError> {
        let mut out = Vec::new();
        for term in crate::terms::of(mention) {
            let key = crate::terms::keyed(&self.keys(), &term);
            out.push(Change::put(
                Table::Term,
                [Val::from(key), stream.into(), subject.into()],
                [],
            ));
        }
        Ok(out)
    }
}

/// Age at a time, from a date of birth as far as known, or the age that was said.
pub(crate) fn age(born: &str, said: &str, now: Instant) -> Option<String> {
    let today = jiff::tz::TimeZone::UTC.to_datetime(now.to_jiff().ok()?).date();
    let from_birth = domain::person::DateOfBirth::parse(born, today)
        .ok()
        .and_then(|b| b.age_at(today));
    match from_birth {
        Some((least, most)) if least == most => Some(least.to_string()),
        Some((least, most)) => Some(format!("{least} to {most}")),
        None => (!said.trim().is_empty()).then(|| said.trim().to_owned()),
    }
}
