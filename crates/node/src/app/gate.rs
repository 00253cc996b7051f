//! The door: who is asking, what the policy says, and what was shown, written before it is shown.

use std::collections::BTreeMap;

use domain::id::StreamId;
use domain::policy::audience::Facts;
use domain::policy::{Action, Item, Permit, Purpose, Relation, Role, Scope, Tier, What, Who};
use domain::view::{Concern, Practitioner};

use super::{Acting, AppError};
use crate::Inner;
use crate::assemble::{Stream, StreamKind};
use crate::content::Content;

/// A concern opened for a list.
pub(crate) struct Listed {
    pub(crate) stream: Stream,
    pub(crate) concern: Concern,
    pub(crate) contents: Option<BTreeMap<u32, Content>>,
}

impl Inner {
    /// The person asking, in the post they act in; not found when they do not hold it.
    pub(crate) async fn who(&self, acting: &Acting) -> Result<Who, AppError> {
        let now = self.clock.now();
        let chairs = self.chairs().await?;
        let acts = chairs
            .sitting(&acting.post, now)
            .is_ok_and(|s| s.who == acting.practitioner);
        if !acts && chairs.holder(&acting.post, now) != Some(acting.practitioner) {
            return Err(AppError::NotFound);
        }
        let stream = self.load(StreamId(acting.practitioner.0)).await?;
        let practitioner = Practitioner::fold(acting.practitioner, &stream.spines);
        let mut who = Who::in_post(
            acting.practitioner,
            acting.post.clone(),
            &self.roles_of(&acting.post),
        );
        if let Some(team) = self.team_id(&acting.post) {
            who = who.team(team);
        }
        if practitioner.registered {
            who = who.registered();
        }
        if who.roles.contains(&Role::Inspector)
            && let Some(grant) = super::grants::in_force(&practitioner, &self.agency.id, now)
        {
            who = who.grant(grant);
        }
        Ok(who)
    }

    /// What decides who may know of a concern.
    pub(crate) fn audience_facts(&self, concern: &Concern) -> Facts {
        let tier = tier(concern.tier);
        let mut facts = Facts::new(concern.stream, self.agency.id.clone(), tier, concern.told);
        let mut add = |relation: Relation, post: &domain::id::PostId| {
            facts.posts.insert((relation, post.clone()));
        };
        if let Some(owner) = &concern.owner {
            for post in [Some(&owner.post), self.deputy_of(&owner.post)]
                .into_iter()
                .flatten()
            {
                add(Relation::Owner, post);
                add(Relation::Decider, post);
            }
        }
        for duty in &concern.duties {
            self.duty_relations(duty, &mut add);
        }
        for (place, post) in concern.restricted_to.iter().enumerate() {
            add(
                if place == 0 {
                    Relation::Custodian
                } else {
                    Relation::Named
                },
                post,
            );
            if let Some(deputy) = self.deputy_of(post).filter(|_| place == 0) {
                add(Relation::CustodianDeputy, deputy);
            }
        }
        if let Some(records) = self.post_in_role(Role::RecordsOfficer) {
            add(Relation::Registrar, &records);
        }
        facts.team = concern.owner.as_ref().and_then(|o| self.team_id(&o.post));
        facts.barred = concern
            .exclusions
            .iter()
            .filter(|e| e.barred)
            .map(|e| e.practitioner)
            .collect();
        facts.line = concern.line().collect();
        facts.held = concern.holds.iter().any(domain::view::Hold::stands);
        facts
    }

    fn duty_relations(&self, duty: &domain::view::Duty, add: &mut impl FnMut(Relation, &domain::id::PostId)) {
        for post in [Some(&duty.owner), self.deputy_of(&duty.owner)]
            .into_iter()
            .flatten()
        {
            match (duty.is_open(), duty.because.as_str()) {
                (_, "second-reading") => add(Relation::Second, post),
                (true, domain::view::ASKED) => add(Relation::Asked, post),
                (true, _) => add(Relation::Owner, post),
                (false, _) => add(Relation::Named, post),
            }
        }
        for rung in duty.rungs.iter().filter(|r| r.stepped_over.is_none()) {
            let accepted = duty.accepted.as_ref().is_some_and(|(_, _, at)| *at >= rung.at);
            add(
                if accepted {
                    Relation::Accepted
                } else {
                    Relation::Told
                },
                &rung.told_in,
            );
        }
    }

    /// Asks the policy about one duty: having another duty on the same concern, or having the concern, is no leave to
    /// accept or answer this one.
    pub(crate) fn permit_on_duty(
        &self,
        who: &Who,
        action: Action,
        concern: &Concern,
        duty: &domain::view::Duty,
    ) -> Result<(), AppError> {
        let mut facts = self.audience_facts(concern);
        let kept = [
            Relation::Custodian,
            Relation::CustodianDeputy,
            Relation::Registrar,
        ];
        facts.posts.retain(|(relation, _)| kept.contains(relation));
        facts.team = self.team_id(&duty.owner);
        self.duty_relations(duty, &mut |relation, post| {
            facts.posts.insert((relation, post.clone()));
        });
        self.permit(who, action, &facts.what(who, Item::Duty), None)
            .map(drop)
    }

    /// Asks the policy about one thing on one concern. The purpose follows from the relation, or is what the person
    /// stated when none explains the look.
    pub(crate) fn permit(
        &self,
        who: &Who,
        action: Action,
        what: &What,
        stated: Option<&str>,
    ) -> Result<Permit, AppError> {
        let follows = Purpose::follows(who, action, what);
        let purpose = follows.or_else(|| stated.map(|code| Purpose::Stated(code.to_owned())));
        let purpose = purpose.ok_or(AppError::NotFound)?;
        self.policy
            .decide(who, action, what, &purpose, self.clock.now())
            .map_err(|_| AppError::NotFound)
    }

    /// The permit of a set; none when nothing could be in it.
    pub(crate) fn scope(&self, who: &Who, action: Action, item: Item, purpose: Purpose) -> Option<Scope> {
        self.policy
            .scope(who, action, item, purpose, self.clock.now())
            .ok()
    }

    /// Reads a concern's stream and says whether this person may know of it; not found otherwise.
    pub(crate) async fn concern_for(
        &self,
        who: &Who,
        stream: StreamId,
    ) -> Result<(Stream, Concern, Facts), AppError> {
        let opened = self.load(stream).await?;
        if opened.kind != StreamKind::Concern {
            return Err(AppError::NotFound);
        }
        let concern = Concern::fold(&opened.spines).map_err(|e| AppError::damaged(stream, e))?;
        let facts = self.audience_facts(&concern);
        let _known = self.permit(who, Action::Know, &facts.what(who, Item::Concern), None)?;
        Ok((opened, concern, facts))
    }

    /// Finds a concern by its reference for an act: whoever calls this asks the policy about the act before anything else.
    pub(crate) async fn concern_to_act_on(
        &self,
        reference: &str,
    ) -> Result<(Stream, Concern, Facts), AppError> {
        let reference: domain::reference::Reference = reference.parse().map_err(|_| AppError::NotFound)?;
        let found = self.store.concern_by_reference(reference.as_str()).await?;
        let opened = self.load(found.ok_or(AppError::NotFound)?).await?;
        let concern = Concern::fold(&opened.spines).map_err(|e| AppError::damaged(opened.id, e))?;
        let facts = self.audience_facts(&concern);
        Ok((opened, concern, facts))
    }

    /// Finds a concern by its reference. The same answer, after the same work, whether there is none or none for them.
    pub(crate) async fn concern_by_reference(
        &self,
        who: &Who,
        reference: &str,
    ) -> Result<(Stream, Concern, Facts), AppError> {
        let reference: domain::reference::Reference = reference.parse().map_err(|_| AppError::NotFound)?;
        let stream = self
            .store
            .concern_by_reference(reference.as_str())
            .await?
            .ok_or(AppError::NotFound)?;
        self.concern_for(who, stream).await
    }

    /// Opens what a list shows of a concern: its fold, and its contents by place, for initials, when the words may be
    /// read; none when it may not be known. A refusal here is an alarm: the join let it through. Whoever calls this
    /// writes what the list shows before it is shown: [`Inner::shown_in_list`].
    pub(crate) async fn open_for_list(
        &self,
        who: &Who,
        stream: StreamId,
    ) -> Result<Option<Listed>, AppError> {
        let (mut opened, mut concern, facts) = match self.concern_for(who, stream).await {
            Ok(found) => found,
            Err(AppError::NotFound) => {
                tracing::error!(%stream, "a list held a stream that the policy refuses");
                metrics::counter!("daylight_scope_refusals").increment(1);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let contents = match self.permit(who, Action::Read, &facts.what(who, Item::Words), None) {
            Ok(_read) => Some(self.open_stream(&opened).await?),
            Err(_) => None,
        };
        let _round = super::quiet::for_reader(who, &mut opened, &mut concern);
        Ok(Some(Listed {
            stream: opened,
            concern,
            contents,
        }))
    }
}

/// A tier by its number; the highest for anything unknown, so that a fault never opens.
pub(crate) const fn tier(number: u8) -> Tier {
    match number {
        0 => Tier::Shared,
        1 => Tier::Agency,
        2 => Tier::Restricted,
        3 => Tier::Sealed,
        _ => Tier::SurvivorHeld,
    }
}
